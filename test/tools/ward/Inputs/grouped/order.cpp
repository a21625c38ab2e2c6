// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "store.h"

std::mutex first, second;

void a() {
  std::lock_guard<std::mutex> x(first);
  std::lock_guard<std::mutex> y(second);
}
void b() {
  std::lock_guard<std::mutex> x(second);
  std::lock_guard<std::mutex> y(first);
}
void c() {
  std::lock_guard<std::mutex> x(second);
  std::lock_guard<std::mutex> y(first);
}
