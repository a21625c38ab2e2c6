// RUN: %check_ward %s ward-discarded-guard %t -- -- -isystem %S/Inputs/system
// Macros of the user are reported at their expansion, macros of system headers are not. Neither is fixed.
#include <mutex>
#include <system_macros.h>

std::mutex mu;
int n;

#define UNNAMED(mu) std::lock_guard<std::mutex>{mu}
#define NAMED(mu) std::lock_guard<std::mutex> lock_(mu)
#define CONCAT_(a, b) a##b
#define CONCAT(a, b) CONCAT_(a, b)
#define SCOPED(mu) std::lock_guard<std::mutex> CONCAT(lock_, __LINE__)(mu)
#define THE_MUTEX mu

void PositiveMacro() {
  UNNAMED(mu);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this guard has no name and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
  ++n;
}
void PositiveArgumentIsMacro() {
  std::lock_guard<std::mutex>{THE_MUTEX};
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this guard has no name and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
  // CHECK-FIXES: std::lock_guard<std::mutex> guard{THE_MUTEX};
  ++n;
}
void NegativeMacro() {
  NAMED(mu);
  ++n;
}
void NegativeLineMacro() {
  SCOPED(mu);
  ++n;
}
void NegativeSystemMacro() {
  SYSTEM_UNNAMED_GUARD(mu);
  ++n;
}
void NegativeSuppressed() {
  std::lock_guard<std::mutex>{mu}; // NOLINT(ward-discarded-guard): waits until other threads have released mu
  // NOLINTNEXTLINE
  std::lock_guard<std::mutex>{mu};
  ++n;
}
