// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-misplaced-mutex %t -std=c++17,c++20
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <pthread.h>
#include <shared_mutex>
#include <thread>
#include <utility>
#include <vector>

int data;
std::mutex global;
void use(int);

// A local mutex.
void positiveLocal() {
  std::mutex m;
  // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: mutex 'm' is a local variable; each call locks its own mutex, which excludes no other thread [ward-misplaced-mutex]
  std::lock_guard<std::mutex> lock(m);
  ++data;
}
void positiveLocalRaw() {
  std::recursive_mutex m;
  // CHECK-MESSAGES: :[[@LINE-1]]:24: warning: mutex 'm' is a local variable; each call locks its own mutex, which excludes no other thread [ward-misplaced-mutex]
  m.lock();
  ++data;
  m.unlock();
}
void positiveLocalShared() {
  std::shared_mutex m;
  // CHECK-MESSAGES: :[[@LINE-1]]:21: warning: mutex 'm' is a local variable; each call locks its own mutex, which excludes no other thread [ward-misplaced-mutex]
  std::shared_lock lock(m);
  use(data);
}
void positiveLocalTwo() {
  std::mutex a, b;
  // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: mutex 'a' is a local variable; each call locks its own mutex, which excludes no other thread [ward-misplaced-mutex]
  // CHECK-MESSAGES: :[[@LINE-2]]:17: warning: mutex 'b' is a local variable; each call locks its own mutex, which excludes no other thread [ward-misplaced-mutex]
  std::scoped_lock lock(a, b);
  ++data;
}
void positiveLocalPosix() {
  pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
  // CHECK-MESSAGES: :[[@LINE-1]]:19: warning: mutex 'm' is a local variable; each call locks its own mutex, which excludes no other thread [ward-misplaced-mutex]
  pthread_mutex_lock(&m);
  ++data;
  pthread_mutex_unlock(&m);
}
void positiveLocalInit() {
  pthread_mutex_t m;
  // CHECK-MESSAGES: :[[@LINE-1]]:19: warning: mutex 'm' is a local variable; each call locks its own mutex, which excludes no other thread [ward-misplaced-mutex]
  pthread_mutex_init(&m, nullptr);
  pthread_mutex_lock(&m);
  ++data;
  pthread_mutex_unlock(&m);
  pthread_mutex_destroy(&m);
}
std::condition_variable cv;
void positiveLocalForWait() {
  std::mutex m;
  // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: mutex 'm' is a local variable; each call locks its own mutex, which excludes no other thread [ward-misplaced-mutex]
  std::unique_lock<std::mutex> lock(m);
  cv.wait(lock, [] { return data > 0; });
}
template <class T> void positiveLocalTemplate(T &t) {
  std::mutex m;
  // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: mutex 'm' is a local variable; each call locks its own mutex, which excludes no other thread [ward-misplaced-mutex]
  std::lock_guard<std::mutex> lock(m);
  ++t;
}
void instantiate(int &i, long &l) {
  positiveLocalTemplate(i);
  positiveLocalTemplate(l);
}
void positiveInLambda() {
  std::thread t([] {
    std::mutex m;
    // CHECK-MESSAGES: :[[@LINE-1]]:16: warning: mutex 'm' is a local variable; each call locks its own mutex, which excludes no other thread [ward-misplaced-mutex]
    std::lock_guard<std::mutex> lock(m);
    ++data;
  });
  t.join();
}

void negativeStatic() {
  static std::mutex m;
  std::lock_guard<std::mutex> lock(m);
  ++data;
}
void negativeThreads() {
  std::mutex m;
  int n = 0;
  std::thread t([&] {
    std::lock_guard<std::mutex> lock(m);
    ++n;
  });
  {
    std::lock_guard<std::mutex> lock(m);
    ++n;
  }
  t.join();
}
void worker(std::mutex &m);
struct Shares {
  std::mutex *m;
};
Shares kept;
void negativePassedOut() {
  std::mutex a, b, c, d;
  std::thread t(worker, std::ref(a));
  worker(b);
  kept.m = &c;
  Shares s{&d};
  std::lock_guard<std::mutex> la(a);
  std::lock_guard<std::mutex> lb(b);
  std::lock_guard<std::mutex> lc(c);
  std::lock_guard<std::mutex> ld(d);
  t.join();
}
void negativeReference(std::mutex &given) {
  std::mutex &m = global;
  std::lock_guard<std::mutex> a(m);
  std::lock_guard<std::mutex> b(given);
}
void negativeUnused() { std::mutex m; }
struct Proxy { // refers to a mutex elsewhere
  std::mutex &m;
  explicit Proxy(std::mutex &m) : m(m) {}
  void lock() { m.lock(); }
  void unlock() { m.unlock(); }
};
void negativeProxy() {
  Proxy p(global);
  std::lock_guard<Proxy> lock(p);
}
class LateGuard { // a guard that is associated with its mutex later
  std::mutex *m_ = nullptr;

public:
  LateGuard() = default;
  void acquire(std::mutex &m) {
    m_ = &m;
    m_->lock();
  }
  bool try_acquire(std::mutex &m) {
    m_ = &m;
    return m_->try_lock();
  }
  void release() { m_->unlock(); }
};
void negativeLateGuard() {
  LateGuard guard;
  if (guard.try_acquire(global))
    guard.release();
}
class OwnMutex {
  std::mutex m_;

public:
  void lock() { m_.lock(); }
  void unlock() { m_.unlock(); }
};
void positiveOwnMutex() {
  OwnMutex m;
  // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: mutex 'm' is a local variable; each call locks its own mutex, which excludes no other thread [ward-misplaced-mutex]
  std::lock_guard<OwnMutex> lock(m);
  ++data;
}
void negativeOwned() {
  auto m = std::make_shared<std::mutex>();
  std::thread t([m] { std::lock_guard<std::mutex> lock(*m); });
  std::lock_guard<std::mutex> lock(*m);
  t.join();
}

// A static guard.
std::lock_guard<std::mutex> positiveGlobalGuard(global);
// CHECK-MESSAGES: :[[@LINE-1]]:29: warning: guard 'positiveGlobalGuard' is static, so it holds its lock until the program ends; other threads that need the lock are blocked as long [ward-misplaced-mutex]
void positiveStaticGuard() {
  static std::lock_guard<std::mutex> lock(global);
  // CHECK-MESSAGES: :[[@LINE-1]]:38: warning: guard 'lock' is static, so it holds its lock until the program ends; other threads that need the lock are blocked as long [ward-misplaced-mutex]
  static std::unique_lock<std::mutex> other(global);
  // CHECK-MESSAGES: :[[@LINE-1]]:39: warning: guard 'other' is static, so it holds its lock until the program ends; other threads that need the lock are blocked as long [ward-misplaced-mutex]
  thread_local std::unique_lock<std::mutex> mine(global);
  // CHECK-MESSAGES: :[[@LINE-1]]:45: warning: guard 'mine' is thread_local, so it holds its lock until the thread ends; other threads that need the lock are blocked as long [ward-misplaced-mutex]
  ++data;
}
struct PositiveMemberGuard {
  static inline std::unique_lock<std::mutex> lock{global};
  // CHECK-MESSAGES: :[[@LINE-1]]:46: warning: guard 'lock' is static, so it holds its lock until the program ends; other threads that need the lock are blocked as long [ward-misplaced-mutex]
};
void negativeStaticGuard() {
  static std::unique_lock<std::mutex> later(global, std::defer_lock);
  static std::unique_lock<std::mutex> none;
  std::lock_guard<std::mutex> lock(global);
}

// A copy of a mutex.
struct Account {
  mutable std::mutex m;
  int balance = 0;
  Account() = default;
  Account(const Account &other) : balance(other.balance) {}
  Account(Account &&other) : balance(other.balance) {}
  Account &operator=(Account &&other) {
    balance = other.balance;
    return *this;
  }
};
struct CAccount {
  pthread_mutex_t m;
  int balance;
};
void positiveParameter(Account a) {
  std::lock_guard<std::mutex> lock(a.m);
  // CHECK-MESSAGES: :[[@LINE-1]]:31: warning: mutex 'a.m' is part of 'a', which is a copy; locking it does not exclude threads that lock the original [ward-misplaced-mutex]
  ++a.balance;
}
void positivePosixParameter(CAccount a) {
  pthread_mutex_lock(&a.m);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: mutex 'a.m' is part of 'a', which is a copy; locking it does not exclude threads that lock the original [ward-misplaced-mutex]
  ++a.balance;
  pthread_mutex_unlock(&a.m);
}
void positivePosixMutex(pthread_mutex_t m) {
  pthread_mutex_lock(&m);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: mutex 'm' is a copy; locking it does not exclude threads that lock the original [ward-misplaced-mutex]
  ++data;
  pthread_mutex_unlock(&m);
}
void positiveCopies(std::vector<Account> &accounts, Account *one) {
  Account a = *one;
  std::unique_lock<std::mutex> lock(a.m);
  // CHECK-MESSAGES: :[[@LINE-1]]:32: warning: mutex 'a.m' is part of 'a', which is a copy; locking it does not exclude threads that lock the original [ward-misplaced-mutex]
  auto b = accounts.front();
  std::unique_lock<std::mutex> another(b.m);
  // CHECK-MESSAGES: :[[@LINE-1]]:32: warning: mutex 'b.m' is part of 'b', which is a copy; locking it does not exclude threads that lock the original [ward-misplaced-mutex]
  for (auto c : accounts) {
    std::lock_guard<std::mutex> each(c.m);
    // CHECK-MESSAGES: :[[@LINE-1]]:33: warning: mutex 'c.m' is part of 'c', which is a copy; locking it does not exclude threads that lock the original [ward-misplaced-mutex]
    ++c.balance;
  }
}
void positiveCapturedCopy() {
  Account a;
  std::thread t([a]() mutable {
    std::lock_guard<std::mutex> lock(a.m);
    // CHECK-MESSAGES: :[[@LINE-1]]:33: warning: mutex 'a.m' is part of 'a', which is a copy; locking it does not exclude threads that lock the original [ward-misplaced-mutex]
    ++a.balance;
  });
  t.join();
}
void negativeCopies(std::vector<Account> &accounts, Account &one, Account *pointer) {
  std::lock_guard<std::mutex> a(one.m);
  std::lock_guard<std::mutex> b(pointer->m);
  for (auto &c : accounts)
    std::lock_guard<std::mutex> each(c.m);
  auto &d = accounts.front();
  std::lock_guard<std::mutex> e(d.m);
  Account own;
  std::lock_guard<std::mutex> f(own.m);
  Account made = Account();
  std::lock_guard<std::mutex> g(made.m);
}
struct Handle {
  std::mutex *m;
  std::shared_ptr<Account> account;
};
void negativeHandle(Handle h, std::shared_ptr<Account> s, std::unique_ptr<Account> u) {
  std::lock_guard<std::mutex> a(*h.m);
  std::lock_guard<std::mutex> b(h.account->m);
  std::lock_guard<std::mutex> c(s->m);
  std::lock_guard<std::mutex> d(u->m);
}
void negativeSharedCopy(Account a) {
  std::thread t([&a] {
    std::lock_guard<std::mutex> lock(a.m);
    ++a.balance;
  });
  std::unique_lock<std::mutex> lock(a.m);
  ++a.balance;
  lock.unlock();
  t.join();
}

// Destroyed or moved while held.
void positiveDelete(Account *a) {
  std::lock_guard<std::mutex> lock(a->m);
  ++a->balance;
  delete a;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: mutex 'a->m' is destroyed while it is held; its release is undefined behaviour [ward-misplaced-mutex]
}
void positiveReset(std::unique_ptr<Account> a) {
  std::lock_guard<std::mutex> lock(a->m);
  a.reset();
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: mutex 'a->m' is destroyed while it is held; its release is undefined behaviour [ward-misplaced-mutex]
}
void positiveDestroy() {
  static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_lock(&m);
  pthread_mutex_destroy(&m);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: mutex 'm' is destroyed while it is held; its release is undefined behaviour [ward-misplaced-mutex]
}
struct Self {
  std::mutex m;
  int references = 0;
  void positiveRelease() {
    std::lock_guard<std::mutex> lock(m);
    if (--references == 0)
      delete this;
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: mutex 'm' is destroyed while it is held; its release is undefined behaviour [ward-misplaced-mutex]
  }
  void negativeRelease() {
    std::unique_lock<std::mutex> lock(m);
    bool last = --references == 0;
    lock.unlock();
    if (last)
      delete this;
  }
};
void positiveMove(Account &a) {
  std::lock_guard<std::mutex> lock(a.m);
  Account b = std::move(a);
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: mutex 'a.m' is moved while it is held; its release is undefined behaviour [ward-misplaced-mutex]
  use(b.balance);
}
void negativeDestroyedAfterTheGuard(Account *a, Account *b) {
  {
    std::lock_guard<std::mutex> lock(a->m);
    ++a->balance;
  }
  delete a;
  std::lock_guard<std::mutex> lock(b->m);
  delete new int;
}
struct Node {
  std::mutex m;
  Node *next = nullptr;
  std::unique_ptr<int> payload;
  std::vector<int> values;
};
void negativeParts(Node &n) {
  std::lock_guard<std::mutex> lock(n.m);
  delete n.next;
  n.payload.reset();
  std::vector<int> taken = std::move(n.values);
}
void negativeOwnerMoves(std::unique_ptr<Account> a) {
  std::lock_guard<std::mutex> lock(a->m);
  std::unique_ptr<Account> other = std::move(a);
}

void positiveOwnedByPointer() {
  auto m = std::make_unique<std::mutex>();
  // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: mutex 'm' is a local variable
  std::lock_guard<std::mutex> lock(*m);
  ++data;
}
void negativeOwnedByPointerAndBorrowed() {
  auto m = std::make_unique<std::mutex>();
  std::thread t([&] {
    std::lock_guard<std::mutex> lock(*m);
    ++data;
  });
  {
    std::lock_guard<std::mutex> lock(*m);
    ++data;
  }
  t.join();
}
void keep(std::mutex &);
void keep(std::unique_ptr<std::mutex>);
void negativeOwnedByPointerAndGiven() {
  auto m = std::make_unique<std::mutex>();
  keep(*m);
  std::lock_guard<std::mutex> lock(*m);
  auto other = std::make_unique<std::mutex>();
  other->lock();
  other->unlock();
  keep(std::move(other));
}

template <class Lock> void negativeForAnyLock() { // a test or benchmark of locks
  Lock tested;
  std::lock_guard<Lock> first(tested);
  ++data;
}
void tryLocks() {
  negativeForAnyLock<std::mutex>();
  negativeForAnyLock<std::recursive_mutex>();
}
