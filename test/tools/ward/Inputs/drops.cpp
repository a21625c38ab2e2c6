// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <mutex>
static std::mutex dropped;
void drop() { std::lock_guard<std::mutex>{dropped}; }
