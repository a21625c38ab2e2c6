// RUN: %check_ward %s ward-loose-guard,ward-manual-lock,ward-exclusive-lock-for-reads,ward-mutex-for-scalar %t --expect-errors
// Code that does not compile is read as far as it goes.

#include <mutex>
#include <shared_mutex>

struct Broken {
  std::shared_mutex mu;
  Unknown value;
  int n = 0;
  void write() {
    std::unique_lock<std::shared_mutex> guard(mu);
    value.set(nothing);
    for (auto &one : missing)
      one.call();
  }
  void raw() {
    mu.lock();
    value.set(1;
    mu.unlock();
  }
};
template <class T> void neverInstantiated(T &value) {
  value.mutex.lock();
  value.count = 1;
}
