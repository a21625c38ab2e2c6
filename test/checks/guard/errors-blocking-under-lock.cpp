// RUN: %check_ward %s ward-blocking-under-lock %t --expect-errors
// Code that does not compile is read as far as it goes.

#include <mutex>
#include <thread>

std::mutex mu;

void broken(Unknown &object) {
  std::lock_guard<std::mutex> guard(mu);
  object.wait(nothing);
  sleep_for();
  std::this_thread::sleep_for();
}
template <class T> void neverInstantiated(T &value) {
  std::lock_guard guard(value.mutex);
  value.thread.join();
}
