// RUN: %check_ward %s ward-discarded-guard %t
// Variables of guard type that lock nothing.
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <utility>
#include <vector>

std::mutex mu, other;
std::shared_mutex shared;
int n;
using UniqueLock = std::unique_lock<std::mutex>;
void take(UniqueLock &);
UniqueLock make();

// `T(m);` declares a variable m.
void PositiveDeclaresAVariable() {
  std::unique_lock<std::mutex>(mu);
  // CHECK-MESSAGES: :[[@LINE-1]]:32: warning: this declares a variable named 'mu', which locks nothing; to lock 'mu', give the guard a name of its own [ward-discarded-guard]
  // CHECK-FIXES: std::unique_lock<std::mutex> guard(mu);
  ++n;
}
void PositiveDeclaresASharedOne() {
  std::shared_lock<std::shared_mutex>(shared);
  // CHECK-MESSAGES: :[[@LINE-1]]:39: warning: this declares a variable named 'shared', which locks nothing; to lock 'shared', give the guard a name of its own [ward-discarded-guard]
  // CHECK-FIXES: std::shared_lock<std::shared_mutex> guard(shared);
  ++n;
}
void PositiveHidesAParameter(std::mutex &parameter) {
  {
    UniqueLock(parameter);
    // CHECK-MESSAGES: :[[@LINE-1]]:16: warning: this declares a variable named 'parameter', which locks nothing; to lock 'parameter', give the guard a name of its own [ward-discarded-guard]
    // CHECK-FIXES: UniqueLock guard(parameter);
    ++n;
  }
}
void PositiveHidesNothing() {
  UniqueLock(unknown);
  // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: this declares a variable named 'unknown', which locks nothing; to lock 'unknown', give the guard a name of its own [ward-discarded-guard]
  ++n;
}
struct Owner {
  std::mutex member;
  int value = 0;
  void PositiveHidesAMember() {
    UniqueLock(member);
    // CHECK-MESSAGES: :[[@LINE-1]]:16: warning: this declares a variable named 'member', which locks nothing; to lock 'member', give the guard a name of its own [ward-discarded-guard]
    // CHECK-FIXES: UniqueLock guard(member);
    ++value;
  }
};
struct Derived : Owner {
  void PositiveHidesAMemberOfABase() {
    UniqueLock(member);
    // CHECK-MESSAGES: :[[@LINE-1]]:16: warning: this declares a variable named 'member', which locks nothing; to lock 'member', give the guard a name of its own [ward-discarded-guard]
    // CHECK-FIXES: UniqueLock guard(member);
    ++value;
  }
};

void PositiveEmptyScopedLock() {
  std::scoped_lock guard;
  // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: 'guard' is never associated with a mutex; it locks nothing [ward-discarded-guard]
  ++n;
}
void PositiveEmptyScopedLockWithBraces() {
  std::scoped_lock<> guard{};
  // CHECK-MESSAGES: :[[@LINE-1]]:22: warning: 'guard' is never associated with a mutex; it locks nothing [ward-discarded-guard]
  ++n;
}
void PositiveNeverAssociated() {
  std::unique_lock<std::mutex> guard;
  // CHECK-MESSAGES: :[[@LINE-1]]:32: warning: 'guard' is never associated with a mutex; it locks nothing [ward-discarded-guard]
  ++n;
}
void PositiveNeverAssociatedInOtherForms() {
  UniqueLock a{};
  // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: 'a' is never associated with a mutex; it locks nothing [ward-discarded-guard]
  UniqueLock b = {};
  // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: 'b' is never associated with a mutex; it locks nothing [ward-discarded-guard]
  auto c = UniqueLock();
  // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: 'c' is never associated with a mutex; it locks nothing [ward-discarded-guard]
  UniqueLock d = UniqueLock{};
  // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: 'd' is never associated with a mutex; it locks nothing [ward-discarded-guard]
  ++n;
}
void PositiveNeverLocked() {
  UniqueLock guard(mu, std::defer_lock);
  // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: 'guard' defers locking 'mu' and is never locked; the code in its scope runs without the lock [ward-discarded-guard]
  ++n;
}
void PositiveNeverLockedInOtherForms() {
  UniqueLock a{mu, std::defer_lock};
  // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: 'a' defers locking 'mu' and is never locked; the code in its scope runs without the lock [ward-discarded-guard]
  auto b = std::unique_lock(mu, std::defer_lock);
  // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: 'b' defers locking 'mu' and is never locked; the code in its scope runs without the lock [ward-discarded-guard]
  const UniqueLock c(mu, std::defer_lock);
  // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: 'c' defers locking 'mu' and is never locked; the code in its scope runs without the lock [ward-discarded-guard]
  std::shared_lock<std::shared_mutex> d(shared, std::defer_lock);
  // CHECK-MESSAGES: :[[@LINE-1]]:39: warning: 'd' defers locking 'shared' and is never locked; the code in its scope runs without the lock [ward-discarded-guard]
  UniqueLock e(mu, std::defer_lock), f(other, std::defer_lock);
  // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: 'e' defers locking 'mu' and is never locked; the code in its scope runs without the lock [ward-discarded-guard]
  // CHECK-MESSAGES: :[[@LINE-2]]:38: warning: 'f' defers locking 'other' and is never locked; the code in its scope runs without the lock [ward-discarded-guard]
  ++n;
}
void PositiveNeverLockedButQueried() {
  UniqueLock guard(mu, std::defer_lock);
  // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: 'guard' defers locking 'mu' and is never locked; the code in its scope runs without the lock [ward-discarded-guard]
  if (guard.owns_lock() || guard)
    ++n;
  (void)guard;
}
void PositiveInInit() {
  if (UniqueLock guard(mu, std::defer_lock); n > 2)
  // CHECK-MESSAGES: :[[@LINE-1]]:18: warning: 'guard' defers locking 'mu' and is never locked; the code in its scope runs without the lock [ward-discarded-guard]
    ++n;
}

void NegativeLockedLater(bool really) {
  UniqueLock a(mu, std::defer_lock), b(other, std::defer_lock);
  std::lock(a, b);
  UniqueLock c(mu, std::defer_lock);
  if (really)
    c.lock();
  UniqueLock d(mu, std::defer_lock);
  if (d.try_lock())
    ++n;
  UniqueLock e(mu, std::defer_lock);
  std::scoped_lock both(e, other);
  UniqueLock f(mu, std::defer_lock);
  f.mutex()->lock();
}
void NegativeAssociatedLater(bool really) {
  UniqueLock a;
  if (really)
    a = make();
  UniqueLock b, c(mu);
  b.swap(c);
  UniqueLock d, e(mu);
  std::swap(d, e);
}
void NegativePassedToAFunction(std::function<void(UniqueLock &)> fill) {
  UniqueLock a;
  fill(a);
  UniqueLock b(mu, std::defer_lock);
  take(b);
  UniqueLock c(mu, std::defer_lock);
  auto later = [&] { c.lock(); };
  UniqueLock d(mu, std::defer_lock);
  UniqueLock &reference = d, *pointer = &d;
  reference.lock(), pointer->unlock();
  std::vector<UniqueLock> all;
  UniqueLock e(mu, std::defer_lock);
  all.push_back(std::move(e));
  later();
}
UniqueLock NegativeReturned() {
  UniqueLock guard(mu, std::defer_lock);
  return guard;
}
struct Field {
  UniqueLock guard;
  Field() {}
  explicit Field(std::mutex &mu) : guard(mu, std::defer_lock) {}
};
void NegativeCarrier(bool really) {
  std::optional<UniqueLock> a;
  if (really)
    a.emplace(mu);
  std::unique_ptr<std::lock_guard<std::mutex>> b;
  if (really)
    b = std::make_unique<std::lock_guard<std::mutex>>(mu);
  UniqueLock c[2];
  c[0] = make();
}
void NegativeStaticGuards() {
  static UniqueLock for_ever;
  thread_local UniqueLock for_a_thread;
  ++n;
}
void NegativeParenthesesAroundTheName() {
  UniqueLock(guard)(mu);
  ++n;
}

// `T(*p);` declares a pointer p, `T(a[1]);` an array.
struct ByPointer {
  std::mutex *pointer;
  std::mutex many[2];
  int value = 0;
  void PositiveDeclaresAPointer() {
    std::lock_guard<std::mutex>(*pointer);
    // CHECK-MESSAGES: :[[@LINE-1]]:34: warning: this declares a variable named 'pointer', which locks nothing; to lock 'pointer', give the guard a name of its own [ward-discarded-guard]
    // CHECK-FIXES: std::lock_guard<std::mutex> guard(*pointer);
    ++value;
  }
  void PositiveDeclaresAnArray() {
    std::unique_lock<std::mutex>(many[1]);
    // CHECK-MESSAGES: :[[@LINE-1]]:34: warning: this declares a variable named 'many', which locks nothing; to lock 'many', give the guard a name of its own [ward-discarded-guard]
    // CHECK-FIXES: std::unique_lock<std::mutex> guard(many[1]);
    ++value;
  }
  void NegativePointersToGuards() {
    std::unique_lock<std::mutex>(*unrelated);
    std::unique_lock<std::mutex> *held = nullptr, kept[1];
    kept[0] = make();
    ++value;
  }
};
