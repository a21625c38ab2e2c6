// RUN: %check_ward %s ward-manual-lock %t -config="{CheckOptions: {ward-manual-lock.StrictRAII: true}}"

#include <mutex>

std::mutex mu;
int n;
void balanced() {
  mu.lock();
  // CHECK-MESSAGES: :[[@LINE-1]]:6: warning: 'mu' is locked and unlocked manually; use a guard, which also releases it on paths that are added later [ward-manual-lock]
  ++n;
  mu.unlock();
}

// CHECK-FIXES: std::lock_guard<std::mutex> guard(mu);
// CHECK-FIXES: ++n;
