// RUN: %check_ward %s ward-relock,ward-lock-order %t -std=c++20
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Calls that the source does not spell as calls: destructors of what is dropped, member functions by pointer, bound functions.
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace destructors {
std::mutex registry;
int live;
struct Ticket {
  Ticket() { std::lock_guard g(registry); ++live; }
  ~Ticket() { std::lock_guard g(registry); --live; }
};
std::unique_ptr<Ticket> current;
std::vector<std::unique_ptr<Ticket>> all;
void positiveReset() { std::lock_guard g(registry); current.reset(); }
// CHECK-MESSAGES: :[[@LINE-1]]:61: warning: deadlock: this call acquires 'registry', which this thread already holds; it is not reentrant [ward-relock]
void positiveNull() { std::lock_guard g(registry); current = nullptr; }
// CHECK-MESSAGES: :[[@LINE-1]]:60: warning: deadlock: this call acquires 'registry', which this thread already holds; it is not reentrant [ward-relock]
void positiveDelete(Ticket *t) { std::lock_guard g(registry); delete t; }
// CHECK-MESSAGES: :[[@LINE-1]]:63: warning: deadlock: this call acquires 'registry', which this thread already holds; it is not reentrant [ward-relock]
void positiveClear() { std::lock_guard g(registry); all.clear(); }
// CHECK-MESSAGES: :[[@LINE-1]]:57: warning: deadlock: this call acquires 'registry', which this thread already holds; it is not reentrant [ward-relock]
void drop() { current.reset(); }
void positiveByCall() { std::lock_guard g(registry); drop(); }
// CHECK-MESSAGES: :[[@LINE-1]]:54: warning: deadlock: this call acquires 'registry', which this thread already holds; it is not reentrant [ward-relock]
void negativeMovedOut() {
  std::unique_ptr<Ticket> old;
  {
    std::lock_guard g(registry);
    old = std::move(current);
  }
}
void negativeReleased() {
  std::unique_lock g(registry);
  ++live;
  g.unlock();
  current.reset();
}
void negativeShared(std::shared_ptr<Ticket> &t) { std::lock_guard g(registry); t.reset(); } // others may have it
struct Quiet {
  ~Quiet() { --live; }
};
void negativeQuiet(std::unique_ptr<Quiet> &q) { std::lock_guard g(registry); q.reset(); }
} // namespace destructors

namespace destructor_order {
std::mutex first, second;
struct Job {
  ~Job() { std::lock_guard g(second); }
};
std::unique_ptr<Job> job;
void dropJob() { std::lock_guard g(first); job.reset(); }
// CHECK-MESSAGES: :[[@LINE-1]]:48: warning: possible deadlock: 'second' is acquired while holding 'first', and elsewhere in the opposite order [ward-lock-order]
void opposite() { std::lock_guard g(second); std::lock_guard h(first); }
} // namespace destructor_order

namespace by_pointer {
class Log {
public:
  void write(int n) { std::lock_guard g(m_); written_ += n; }
  void positiveInvoke() { std::lock_guard g(m_); std::invoke(&Log::write, this, 1); }
// CHECK-MESSAGES: :[[@LINE-1]]:50: warning: deadlock: this call acquires 'm_', which this thread already holds; it is not reentrant [ward-relock]
  void positiveInvokeReference(Log &l) { std::lock_guard g(l.m_); std::invoke(&Log::write, l, 1); }
// CHECK-MESSAGES: :[[@LINE-1]]:67: warning: deadlock: this call acquires 'l.m_', which this thread already holds; it is not reentrant [ward-relock]
  void positiveBound() {
    auto f = std::bind(&Log::write, this, 2);
    std::lock_guard g(m_);
    f();
// CHECK-MESSAGES: :[[@LINE-1]]:5: warning: deadlock: this call acquires 'm_', which this thread already holds; it is not reentrant [ward-relock]
  }
  void negativeInvokeOther(Log &l) { std::lock_guard g(m_); std::invoke(&Log::size, l); }
  void negativeBoundLater() {
    auto f = std::bind(&Log::write, this, 2);
    {
      std::lock_guard g(m_);
      ++written_;
    }
    f();
  }
  void negativeKept() {
    std::lock_guard g(m_);
    later_ = std::bind(&Log::write, this, 3);
  }
  int size() const { return 1; }

private:
  std::mutex m_;
  std::function<void()> later_;
  int written_ = 0;
};
} // namespace by_pointer

// One object's lock after another's, in both orders: by closures, and with `this` as one of the two.
namespace two_objects {
class Basket {
public:
  void pourInto(Basket &other) {
    std::lock_guard mine(m_);
    std::lock_guard its(other.m_);
// CHECK-MESSAGES: :[[@LINE-1]]:21: warning: possible deadlock: 'Basket::m_' of one object is acquired while holding that of another; two threads that acquire them in opposite order wait for each other [ward-lock-order]
    other.n_ += n_;
    n_ = 0;
  }
  void pourAtOnce(Basket &other) {
    std::scoped_lock both(m_, other.m_);
    other.n_ += n_;
    n_ = 0;
  }
  void pourOneWay(Basket &other) {
    std::lock_guard mine(m_);
    std::lock_guard its(other.m_);
    other.n_ += n_;
  }

private:
  std::mutex m_;
  int n_ = 0;
};
} // namespace two_objects
#include <thread>
namespace two_objects {
void bothWays(Basket &a, Basket &b) {
  std::thread t([&] { a.pourInto(b); });
  b.pourInto(a);
  t.join();
}
void negativeAtOnce(Basket &a, Basket &b) {
  std::thread t([&] { a.pourAtOnce(b); });
  b.pourAtOnce(a);
  t.join();
}
void negativeOneWay(Basket &a, Basket &b) {
  std::thread t([&] { a.pourOneWay(b); });
  a.pourOneWay(b);
  t.join();
}
} // namespace two_objects
