# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes functions of the size of generated code: 200 locks in one, 5,000 blocks in another, loops 30 deep."""
print("#include <mutex>")
print("struct Huge {")
print("  std::mutex " + ", ".join(f"m{i}" for i in range(200)) + ";")
print("  int v;\n  bool c(int);\n  void locks() {")
for i in range(200):
    print(f"    if (c({i})) m{i}.lock();")
for i in range(200):
    print(f"    m{i}.unlock();")
print("  }\n  void blocks() {\n    std::lock_guard<std::mutex> g(m0);")
for i in range(2500):
    print(f"    if (c({i})) v = {i};")
print("  }\n  void loops() {")
for i in range(30):
    print(f"    while (c({i})) {{ m{i}.lock();")
for i in range(30):
    print(f"    m{i}.unlock(); }}")
print("  }\n  void relocks() { m0.lock(); m0.lock(); m0.unlock(); m0.unlock(); }\n};")
