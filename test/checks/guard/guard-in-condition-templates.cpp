// RUN: %check_ward %s ward-guard-in-condition %t
// Templates: reported once for all instantiations, and also if there is none.
#include <mutex>
#include <shared_mutex>
#include <string>
#include <vector>

void slow();

template <class M> struct Instantiated {
  M mu;
  std::vector<int> values;
  void PositiveInstantiated() {
    if (std::lock_guard<M> guard(mu); values.empty())
    // CHECK-MESSAGES: :[[@LINE-1]]:28: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { std::lock_guard<M> guard(mu); return values.empty(); }())
      slow();
  }
  void NegativeInstantiated() {
    if (std::lock_guard<M> guard(mu); values.empty())
      values.push_back(1);
  }
  template <class F> void NegativeVisits(F visit) {
    for (std::lock_guard<M> guard(mu); auto &value : values)
      visit(value);
  }
};
template struct Instantiated<std::mutex>;
template struct Instantiated<std::recursive_mutex>;
void instantiates(Instantiated<std::mutex> &i) {
  i.NegativeVisits([](int) {});
}

template <class M> struct NeverInstantiated {
  M mu;
  std::vector<int> values;
  void PositiveNeverInstantiated() {
    if (std::lock_guard<M> guard(mu); values.empty())
    // CHECK-MESSAGES: :[[@LINE-1]]:28: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { std::lock_guard<M> guard(mu); return values.empty(); }())
      slow();
  }
  void NegativeNeverInstantiated() {
    if (std::lock_guard<M> guard(mu); values.empty())
      values.push_back(1);
    if (std::unique_lock<M> guard(mu, std::try_to_lock); guard.owns_lock())
      slow();
  }
};

template <class T> struct Base {
  std::mutex mu;
  std::vector<T> values;
};
template <class T> struct Derived : Base<T> {
  void PositiveDependentBase() {
    if (std::lock_guard<std::mutex> guard(this->mu); this->values.empty())
    // CHECK-MESSAGES: :[[@LINE-1]]:37: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { std::lock_guard<std::mutex> guard(this->mu); return this->values.empty(); }())
      slow();
  }
  void NegativeDependentBase() {
    if (std::lock_guard<std::mutex> guard(this->mu); this->values.empty())
      this->values.clear();
  }
};
template struct Derived<int>;

template <class T> void PositiveFunction(T &object) {
  if (std::lock_guard guard(object.mu); object.values.empty())
  // CHECK-MESSAGES: :[[@LINE-1]]:23: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
  // CHECK-FIXES: if ([&] { std::lock_guard guard(object.mu); return object.values.empty(); }())
    slow();
}
template <class T> void NegativeFunction(T &object) {
  if (std::lock_guard guard(object.mu); object.values.empty())
    object.values.clear();
}
void calls(Base<int> &a, Base<std::string> &b) {
  PositiveFunction(a), PositiveFunction(b);
  NegativeFunction(a), NegativeFunction(b);
}

template <bool Checked> void NegativeDiscardedBranch(Base<int> &object) {
  if constexpr (Checked) {
    if (std::lock_guard guard(object.mu); object.values.empty())
      slow();
  }
}
template void NegativeDiscardedBranch<false>(Base<int> &);

// A lock policy that locks nothing in one instantiation.
struct NullMutex {
  void lock() {}
  void unlock() {}
};
template <class M> struct Policy {
  M mu;
  int value = 0;
  void NegativeNullMutex() {
    if (std::lock_guard<M> guard(mu); value > 2)
      slow();
  }
};
template struct Policy<NullMutex>;

// What the lock of a dependent parameter protects, in the pattern alone.
template <class M> void PositiveMutexIsAParameter(M &mu, std::vector<int> &values) {
  if (std::lock_guard<M> guard(mu); values.empty())
  // CHECK-MESSAGES: :[[@LINE-1]]:26: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
  // CHECK-FIXES: if ([&] { std::lock_guard<M> guard(mu); return values.empty(); }())
    slow();
}
template <class M> void NegativeMutexIsAParameter(M &mu, std::vector<int> &values) {
  if (std::lock_guard<M> guard(mu); values.empty())
    values.push_back(1);
}
void PositiveGenericLambda(std::mutex &mu, int &n) {
  auto check = [&n](auto &any) {
    if (std::lock_guard guard{any}; n > 2)
    // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { std::lock_guard guard{any}; return n > 2; }())
      slow();
  };
  check(mu);
}
