// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-non-atomic-update %t
// RUN: %check_ward %s ward-non-atomic-update %t.relaxed -check-suffixes=RELAXED -config='{CheckOptions: {ward-non-atomic-update.RelaxedLoads: true}}'
#include <atomic>
struct Statistics {
  std::atomic<long> n{0}, most{0};
  void count() {
    n.store(n.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    // CHECK-MESSAGES-RELAXED: :[[@LINE-1]]:5: warning: atomicity violation: 'n' is loaded and then stored in two steps
  }
  void note(long value) {
    if (value > most.load(std::memory_order_relaxed))
      most.store(value, std::memory_order_relaxed);
      // CHECK-MESSAGES-RELAXED: :[[@LINE-1]]:7: warning: atomicity violation: 'most' is checked and then stored in two steps
  }
};
