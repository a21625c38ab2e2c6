// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "shared.h"

void sameLine() {
  std::lock_guard<std::mutex>{shared}; // NOLINT(ward-discarded-guard)
}
void nextLine() {
  // NOLINTNEXTLINE(ward-*)
  std::lock_guard<std::mutex>{shared};
}
// NOLINTBEGIN(ward-discarded-guard)
void block() { std::lock_guard<std::mutex>{shared}; }
// NOLINTEND(ward-discarded-guard)
void plain() {
  std::lock_guard<std::mutex>{shared}; // NOLINT
}
void inMacro() { TOUCH(shared); }
