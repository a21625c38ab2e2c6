// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <mutex>

static std::mutex counting;
static int counted;
int *nowhere = 0;

void count();
void count() {
  std::lock_guard<std::mutex>{counting};
  ++counted;
}
