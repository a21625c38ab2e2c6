// RUN: %check_ward %s ward-discarded-guard %t --expect-errors
// Code that does not compile: the parts that Clang can parse are checked, and nothing crashes.
#include <mutex>

std::mutex mu;
int n;

void PositiveInFrontOfAnError() {
  std::lock_guard<std::mutex>{mu};
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this guard has no name and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
  undeclared();
}
void NegativeErrors() {
  std::lock_guard<std::mutex>{nothing};
  std::lock_guard<Missing>{mu};
  std::lock_guard{nothing};
  Missing{mu};
  std::lock_guard<std::mutex> guard;
  std::unique_lock<std::mutex> guard(1, 2);
  std::scoped_lock<int> other;
  nothing.try_lock();
  (void)nothing();
}
struct Incomplete;
Incomplete make();
std::unique_lock<Incomplete> make_lock();
void NegativeIncomplete(Incomplete &incomplete) {
  make();
  incomplete.try_lock();
  std::lock_guard{incomplete};
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this guard has no name and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
}
template <class T> void PositiveBroken(T t) {
  std::lock_guard<T>{t.nothing};
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this guard has no name and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
  std::unique_lock<T>(t);
  t.try_lock(nothing);
}
template void PositiveBroken<int>(int);
void unfinished() { std::unique_lock<std::mutex>(
