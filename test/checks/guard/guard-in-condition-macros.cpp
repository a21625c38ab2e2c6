// RUN: %check_ward %s ward-guard-in-condition %t -- -- -isystem %S/Inputs/system
// Macros of the user are reported at their expansion, macros of system headers are not. Neither is fixed.
#include <mutex>
#include <system_macros.h>
#include <vector>

void slow();

#define LOCKED_IF(mu, condition) if (std::lock_guard<std::mutex> guard_(mu); condition)
#define EMPTY(container) (container).empty()
#define AND_WORK slow()

struct Queue {
  std::mutex mu;
  std::vector<int> items;

  void PositiveWholeMacro() {
    LOCKED_IF(mu, items.empty()) {
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'guard_' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
      slow();
    }
  }
  void PositiveConditionIsMacro() {
    if (std::lock_guard guard(mu); EMPTY(items))
    // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
      slow();
  }
  void PositiveBodyIsMacro() {
    if (std::lock_guard guard(mu); items.empty())
    // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { std::lock_guard guard(mu); return items.empty(); }())
      AND_WORK;
  }
  void NegativeSystemMacro() {
    SYSTEM_LOCKED_IF(mu, items.empty()) { slow(); }
  }
  void NegativeUsesTheData() {
    LOCKED_IF(mu, items.empty()) { items.push_back(1); }
  }
  void NegativeSuppressed() {
    if (std::lock_guard guard(mu); items.empty()) // NOLINT(ward-guard-in-condition)
      slow();
    // NOLINTNEXTLINE(ward-guard-in-condition)
    if (std::lock_guard guard(mu); items.empty())
      slow();
  }
};
