// REQUIRES: llvm-at-least-22
// RUN: %check_ward %s ward-discarded-guard %t
// What older Clang takes for an error, or does not place well enough for a fix.
#include <mutex>

std::mutex mu;
int n;

void PositiveDeclaresADeducedVariable() {
  std::scoped_lock(mu);
  // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: this declares a variable named 'mu' that locks nothing; a guard of 'mu' needs a name of its own [ward-discarded-guard]
  // CHECK-FIXES: std::scoped_lock guard(mu);
  ++n;
}
void PositiveFunctionalCastToVoid() {
  void(std::unique_lock<std::mutex>{mu});
  // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: this guard has no name: its lock is released at the end of this statement, and what follows runs without it [ward-discarded-guard]
  // CHECK-FIXES: std::unique_lock<std::mutex> guard{mu};
  ++n;
}
void PositiveInAMacro() {
#define LOCK(mu) std::scoped_lock(mu)
  LOCK(mu);
  // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: this declares a variable named 'mu' that locks nothing; a guard of 'mu' needs a name of its own [ward-discarded-guard]
  ++n;
}
