// REQUIRES: llvm-at-least-22
// RUN: %check_ward %s ward-discarded-guard %t
// Code that older versions of Clang reject, or whose source ranges are too imprecise for a fix.
#include <mutex>

std::mutex mu;
int n;

void PositiveDeclaresADeducedVariable() {
  std::scoped_lock(mu);
  // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: this declares a variable named 'mu', which locks nothing; to lock 'mu', give the guard a name of its own [ward-discarded-guard]
  // CHECK-FIXES: std::scoped_lock guard(mu);
  ++n;
}
void PositiveFunctionalCastToVoid() {
  void(std::unique_lock<std::mutex>{mu});
  // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: this guard has no name and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
  // CHECK-FIXES: std::unique_lock<std::mutex> guard{mu};
  ++n;
}
void PositiveInAMacro() {
#define LOCK(mu) std::scoped_lock(mu)
  LOCK(mu);
  // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: this declares a variable named 'mu', which locks nothing; to lock 'mu', give the guard a name of its own [ward-discarded-guard]
  ++n;
}
