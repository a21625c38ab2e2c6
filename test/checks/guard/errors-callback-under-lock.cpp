// RUN: %check_ward %s ward-callback-under-lock %t --expect-errors
// Code that does not compile is read as far as it goes.

#include <functional>
#include <mutex>

std::mutex mu;
struct Broken {
  Unknown callback;
  std::function<void(Missing)> other;
  void call() {
    std::lock_guard<std::mutex> guard(mu);
    callback(1);
    other();
    unknown->changed();
  }
};
template <class T> void neverInstantiated(T &value) {
  std::lock_guard guard(value.mutex);
  value.callback();
  (value.*value.pointer)();
}
