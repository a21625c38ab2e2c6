// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once
#include <mutex>

inline std::mutex shared;

// A macro whose uses are not to be reported.
#define TOUCH(m) \
  std::lock_guard<std::mutex>{m} // NOLINT(ward-discarded-guard)

inline int answer() {
  return 42; // NOLINT(ward-relock)
}
