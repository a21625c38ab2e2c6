// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-double-checked-lock %t --expect-errors
#include <mutex>
std::mutex mutex;
bool ready;
Missing *missing;
void broken() {
  if (!missing) {
    std::lock_guard<std::mutex> guard(nowhere);
    if (!missing)
      missing = new Missing;
  }
  if (!ready
    std::lock_guard<std::mutex> guard(mutex);
}
void whole() {
  if (!ready) {
    // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: possible data race: double-checked locking reads 'ready' without the lock
    std::lock_guard<std::mutex> guard(mutex);
    if (!ready)
      ready = true;
  }
}
