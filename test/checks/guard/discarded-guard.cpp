// RUN: %check_ward %s ward-discarded-guard %t -std=c++17,c++20,c++23
// Guards without a name, and their fixes.
#include <mutex>
#include <shared_mutex>
#include <tuple>

std::mutex mu, other;
std::shared_mutex shared;
int n;
using Lock = std::lock_guard<std::mutex>;
typedef std::unique_lock<std::mutex> UniqueLock;

void PositiveUnnamed() {
  std::lock_guard<std::mutex>{mu};
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this guard has no name and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
  // CHECK-FIXES: std::lock_guard<std::mutex> guard{mu};
  ++n;
}
void PositiveDeduced() {
  std::scoped_lock{mu};
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this guard has no name and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
  // CHECK-FIXES: std::scoped_lock guard{mu};
  ++n;
}
void PositiveSeveral() {
  std::scoped_lock(mu, other);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this guard has no name and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
  // CHECK-FIXES: std::scoped_lock guard(mu, other);
  ++n;
}
void PositiveShared() {
  std::shared_lock{shared};
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this guard has no name and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
  // CHECK-FIXES: std::shared_lock guard{shared};
  ++n;
}
void PositiveAlias() {
  Lock{mu};
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this guard has no name and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
  // CHECK-FIXES: Lock guard{mu};
  ++n;
}
void PositiveTypedef() {
  UniqueLock{mu};
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this guard has no name and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
  // CHECK-FIXES: UniqueLock guard{mu};
  ++n;
}
void PositiveParentheses() {
  (Lock{mu});
  // CHECK-MESSAGES: :[[@LINE-1]]:4: warning: this guard has no name and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
  // CHECK-FIXES: Lock guard{mu};
  ++n;
}
void PositiveTag() {
  UniqueLock(mu, std::try_to_lock);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this guard has no name and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
  // CHECK-FIXES: UniqueLock guard(mu, std::try_to_lock);
  ++n;
}
void PositiveCastToVoid() {
  (void)Lock{mu};
  // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: this guard has no name and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
  // CHECK-FIXES: Lock guard{mu};
  ++n;
}
void PositiveStaticCastToVoid() {
  static_cast<void>(Lock(mu));
  // CHECK-MESSAGES: :[[@LINE-1]]:21: warning: this guard has no name and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
  // CHECK-FIXES: Lock guard(mu);
  ++n;
}
void PositiveIgnored() {
  std::ignore = std::unique_lock(mu);
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: this guard has no name and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
  // CHECK-FIXES: std::unique_lock guard(mu);
  ++n;
}
void PositiveAfterAComma() {
  ++n, Lock{mu};
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this guard has no name and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
  ++n;
}

// No code follows: a name would protect nothing, so there is no fix.
void PositiveLastStatement() {
  ++n;
  Lock{mu};
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this guard has no name and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
}
void PositiveInIf() {
  if (n > 2)
    Lock{mu};
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: this guard has no name and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
}
void PositiveInElse() {
  if (n > 2)
    ++n;
  else
    Lock{mu};
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: this guard has no name and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
}
void PositiveInInit() {
  if (Lock{mu}; n > 2)
  // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: this guard has no name and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
    ++n;
  switch (Lock{mu}; n) {
  // CHECK-MESSAGES: :[[@LINE-1]]:11: warning: this guard has no name and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
  default:
    ++n;
  }
  for (Lock{mu}; n < 10;)
  // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: this guard has no name and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
    ++n;
}
void PositiveInCase() {
  switch (n) {
  case 1:
    Lock{mu};
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: this guard has no name and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
    break;
  default:
    Lock{mu};
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: this guard has no name and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
  }
}
void PositiveInConditional() {
  n > 2 ? (void)UniqueLock{mu} : (void)0;
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: this guard has no name and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
}
void PositiveInLambda() {
  auto work = [] {
    Lock{mu};
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: this guard has no name and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
    // CHECK-FIXES: Lock guard{mu};
    ++n;
  };
  work();
}
void PositiveInTry() {
  try {
    Lock{mu};
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: this guard has no name and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
    // CHECK-FIXES: Lock guard{mu};
    ++n;
  } catch (...) {
    Lock{mu};
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: this guard has no name and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
    // CHECK-FIXES: Lock guard2{mu};
    ++n;
  }
}
struct Destroyed {
  ~Destroyed() {
    Lock{mu};
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: this guard has no name and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
    // CHECK-FIXES: Lock guard{mu};
    ++n;
  }
};

// A named guard would still hold the lock where the block acquires it again.
void PositiveNoFixThatDeadlocks() {
  Lock{mu};
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this guard has no name and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
  Lock second(mu);
  ++n;
}
void PositiveFixOnlyBeforeAnotherLock() {
  Lock{mu};
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this guard has no name and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
  // CHECK-FIXES: Lock guard{mu};
  Lock second(other);
  ++n;
}
void PositiveNameIsTaken() {
  int guard = 0;
  Lock{mu};
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this guard has no name and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
  // CHECK-FIXES: Lock guard2{mu};
  n = guard;
}

void NegativeNamed() {
  Lock guard(mu);
  auto _ = UniqueLock(other);
  [[maybe_unused]] std::shared_lock third(shared);
  const auto &fourth = Lock(other);
  ++n;
}
int NegativeHeldForOneExpression() {
  (Lock{mu}, ++n);
  return (Lock{mu}, n);
}
bool NegativeUsed() { return UniqueLock(mu, std::try_to_lock).owns_lock() || UniqueLock{mu}; }
void NegativeUnlocked() { UniqueLock(mu).unlock(); }
void NegativeReleasesAnotherGuard() {
  UniqueLock guard(mu);
  ++n;
  UniqueLock(std::move(guard));
  ++n;
}
void NegativeNotEvaluated() { (void)sizeof(UniqueLock(mu)); }
void NegativePassedToAFunction(void (*take)(UniqueLock)) { take(UniqueLock(mu)); }
UniqueLock NegativeReturned() { return UniqueLock(mu); }
void NegativeValueOfAStatementExpression() {
  auto guard = ({ UniqueLock{mu}; });
  ++n;
}
struct Keeps {
  UniqueLock lock{mu};
  Keeps() : lock(other) {}
};
