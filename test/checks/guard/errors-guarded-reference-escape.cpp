// RUN: %check_ward %s ward-guarded-reference-escape %t --expect-errors
// Code that does not compile is read as far as it goes.

#include <mutex>
#include <vector>

struct Broken {
  std::mutex mu;
  std::vector<Unknown> items;
  Missing &get() {
    std::lock_guard<std::mutex> guard(mu);
    return items[0];
  }
  auto deduced() {
    std::lock_guard<std::mutex> guard(mu);
    return nothing;
  }
};
template <class T> auto &neverInstantiated(T &value) {
  std::lock_guard guard(value.mutex);
  return value.data;
}
