// RUN: %check_ward %s ward-guarded-reference-escape %t
// Locks that own their data, by declarations similar to the libraries'.

#include <string>
#include <vector>

namespace ward {
template <class T> class MutexGuard {
public:
  T &operator*() const;
  T *operator->() const;
  void unlock();
  ~MutexGuard();
};
template <class T> class Mutex {
public:
  MutexGuard<T> lock() const;
};
} // namespace ward
namespace folly {
template <class T> class LockedPtr {
public:
  T &operator*() const;
  T *operator->() const;
  ~LockedPtr();
};
template <class T> class Synchronized {
public:
  LockedPtr<T> wlock();
  LockedPtr<const T> rlock() const;
  template <class F> auto withLock(F f) -> decltype(f(*wlock())) { return f(*wlock()); }
};
} // namespace folly

struct State {
  int n = 0;
  std::string name;
  std::vector<int> all;
};
void use(int);

void positiveReference(ward::Mutex<State> &m) {
  State &state = *m.lock();
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: possible data race: 'state' refers to data that 'm' protects, and is used after the lock is released; hold the lock longer, or use a copy [ward-guarded-reference-escape]
  use(state.n);
}
void positiveMember(ward::Mutex<State> &m) {
  auto &name = m.lock()->name;
  // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: possible data race: 'name' refers to 'name', which 'm' protects, and is used after the lock is released; hold the lock longer, or use a copy
  name += "x";
}
void positivePointer(folly::Synchronized<State> &data) {
  const int *n = &data.rlock()->n;
  // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: possible data race: 'n' refers to 'n', which 'data' protects, and is used after the lock is released; hold the lock longer, or use a copy
  use(*n);
}
void positiveIterator(folly::Synchronized<State> &data) {
  auto it = data.wlock()->all.begin();
  // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: possible data race: 'it' refers to 'all', which 'data' protects, and is used after the lock is released; hold the lock longer, or use a copy
  use(*it);
}
int &positiveReturn(ward::Mutex<State> &m) { return m.lock()->n; }
// CHECK-MESSAGES: :[[@LINE-1]]:46: warning: possible data race: returns a reference to 'n', which 'm' protects, but the lock is released on return; return a copy
int &positiveReturnVariable(ward::Mutex<State> &m) {
  auto guard = m.lock();
  return guard->n;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: possible data race: returns a reference to 'n', which 'm' protects, but the lock is released on return; return a copy
}
void positiveUnlocked(ward::Mutex<State> &m) {
  auto guard = m.lock();
  State &state = *guard;
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: possible data race: 'state' refers to data that 'm' protects, and is used after the lock is released; hold the lock longer, or use a copy
  guard.unlock();
  use(state.n);
}
void positiveWithLock(folly::Synchronized<State> &data) {
  auto &state = data.withLock([](State &s) -> State & { return s; });
  // CHECK-MESSAGES: :[[@LINE-1]]:57: warning: possible data race: returns a reference to data that 'data' protects, but the lock is released on return; return a copy
  use(state.n);
}

void negativeCopy(ward::Mutex<State> &m, folly::Synchronized<State> &data) {
  State copy = *m.lock();
  auto name = data.rlock()->name;
  use(copy.n + m.lock()->n + static_cast<int>(name.size()));
}
void negativeNotUsed(ward::Mutex<State> &m) {
  State &state = *m.lock();
}
void negativeGuardLives(ward::Mutex<State> &m) {
  const auto &guard = m.lock();
  State &state = *guard;
  use(state.n);
}
void negativeVariable(ward::Mutex<State> &m) {
  auto guard = m.lock();
  for (int n : guard->all)
    use(n);
  State &state = *guard;
  use(state.n);
}
int negativeValue(folly::Synchronized<State> &data) {
  return data.withLock([](State &s) { return s.n; });
}
ward::MutexGuard<State> negativeGuard(ward::Mutex<State> &m) { return m.lock(); }
