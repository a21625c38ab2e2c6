# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Prints a program whose types are larger and deeper than hand-written ones, with the expected findings."""
MEMBERS = 10_000
DEPTH = 1_000
CLOSURES = 200

print('#include "local_rc.h"\n#include <string>\n#include <thread>\n#include <vector>')
print("struct Wide {")
for i in range(MEMBERS):
    print(f"  {('int', 'std::string', 'std::vector<int>', 'double')[i % 4]} member{i};")
print("};\nstruct WideAndBad {\n  Wide wide;\n  LocalRc<int> last;\n};")
print("struct Deep0 { int n; };")
for i in range(1, DEPTH + 1):
    print(f"struct Deep{i} {{ Deep{i - 1} below; int n; }};")
print("template <int N> struct Tower { Tower<N - 1> below; };\ntemplate <> struct Tower<0> {};")
print(f"void run(Wide &wide, WideAndBad &bad, Deep{DEPTH} &deep, Tower<{DEPTH // 2}> &tower) {{")
print("  std::thread a([&wide] { consume(wide); });")
print("  std::thread b([bad] { consume(bad); });")
print("  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'bad' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]")
print("  std::thread c([&bad] { consume(bad); });")
print("  // CHECK-MESSAGES-SYNC: :[[@LINE-1]]:17: warning: 'bad' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]")
print("  std::thread d([&deep, &tower] { consume(deep); });\n  std::thread e([wide] { consume(wide); });\n}")
for i in range(CLOSURES):
    print(f"void closure{i}(int n) {{ std::thread t([n, &n{i} = n] {{ consume(n + n{i}); }}); t.join(); }}")
