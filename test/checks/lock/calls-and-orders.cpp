// RUN: %check_ward %s ward-relock,ward-lock-order,ward-missing-lock %t -std=c++20
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Calls whose target the file shows, flags that decide about a lock, two orders of two objects, and annotations.
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>
bool ask() noexcept;
#define REQUIRES(...) __attribute__((requires_capability(__VA_ARGS__)))
#define ASSERTS(...) __attribute__((assert_capability(__VA_ARGS__)))
#define EXCLUDES(...) __attribute__((locks_excluded(__VA_ARGS__)))
#define BEFORE(...) __attribute__((acquired_before(__VA_ARGS__)))
#define AFTER(...) __attribute__((acquired_after(__VA_ARGS__)))

namespace swapped {
struct Tank { std::mutex m; int level = 0; };
void pour(Tank &from, Tank &to) {
  std::lock_guard a(from.m);
  std::lock_guard b(to.m);
// CHECK-MESSAGES: :[[@LINE-1]]:19: warning: possible deadlock: 'Tank::m' of one object is acquired while holding that of another; two threads that acquire them in opposite order wait for each other [ward-lock-order]
  --from.level; ++to.level;
}
Tank left, right;
void toRight() { pour(left, right); }
void toLeft() { pour(right, left); }
struct Node {
  std::mutex m; int n = 0;
  void take(Node &other) {
    std::lock_guard a(m);
    std::lock_guard b(other.m);
// CHECK-MESSAGES: :[[@LINE-1]]:21: warning: possible deadlock: 'Node::m' of one object is acquired while holding that of another; two threads that acquire them in opposite order wait for each other [ward-lock-order]
    n += other.n;
  }
  void give(Node &other) {
    std::lock_guard a(m);
    std::lock_guard b(other.m);
    other.n += n;
  }
  void both(Node &other) {
    std::scoped_lock l(m, other.m);
    n += other.n;
  }
};
void exchange(Node &x, Node &y) {
  std::thread t(&Node::take, &x, std::ref(y));
  y.take(x);
  t.join();
}
void oneWay(Node &x, Node &y) {
  std::thread t(&Node::give, &x, std::ref(y));
  x.give(y);
  t.join();
  x.both(y);
  y.both(x);
}
} // namespace swapped

namespace annotated_order {
class __attribute__((capability("mutex"))) Mutex : public std::mutex {};
struct Two {
  Mutex second;
  Mutex first BEFORE(second);
  int n = 0;
  void inOrder() { std::lock_guard a(first); std::lock_guard b(second); ++n; }
  void other() { std::lock_guard b(second); std::lock_guard a(first); --n; }
};
struct Three {
  Mutex a;
  Mutex b;
  int n = 0;
  void inOrder() { std::lock_guard x(a); std::lock_guard y(b); ++n; }
// CHECK-MESSAGES: :[[@LINE-1]]:58: warning: possible deadlock: 'Three::b' is acquired while holding 'Three::a', and elsewhere in the opposite order [ward-lock-order]
  void other() { std::lock_guard y(b); std::lock_guard x(a); --n; }
};
} // namespace annotated_order

namespace { namespace virtuals {
std::mutex registry;
int entries;
struct Sink { virtual ~Sink() = default; virtual void put(int) = 0; };
struct File : Sink {
  std::mutex m; int n = 0;
  void put(int v) override { std::lock_guard g(registry); entries += v; }
};
void flush(Sink &s) {
  std::lock_guard g(registry);
  s.put(entries);
// CHECK-MESSAGES: :[[@LINE-1]]:5: warning: deadlock: this call acquires 'registry', which this thread already holds; it is not reentrant [ward-relock]
}
struct Job { virtual ~Job() = default; virtual void run() = 0; };
struct Quiet : Job { void run() override {} };
struct Loud : Job { void run() override { std::lock_guard g(registry); ++entries; } };
void start(Job &j) { std::lock_guard g(registry); j.run(); }
struct Policy { virtual ~Policy() = default; virtual void apply() {} };
struct Strict : Policy { void apply() override { std::lock_guard g(registry); --entries; } };
void applyAll(Policy &p) { std::lock_guard g(registry); p.apply(); }
struct Store {
  std::mutex m; int n = 0;
  struct View { virtual ~View() = default; virtual int size(Store &) = 0; };
  void add() { std::lock_guard g(m); ++n; }
  void drop() { std::lock_guard g(m); --n; }
  int count(View &v) { std::lock_guard g(m); return v.size(*this); }
  int countTwice(View &v) { std::lock_guard g(m); return v.size(*this) * 2; }
};
struct Plain : Store::View { int size(Store &s) override { return s.n; } };
} }
int useVirtuals() {
  virtuals::File f; virtuals::flush(f);
  virtuals::Quiet q; virtuals::Loud l; virtuals::start(q); virtuals::start(l);
  virtuals::Strict s; virtuals::applyAll(s);
  virtuals::Store st; virtuals::Plain p; st.add(); st.drop();
  return st.count(p) + st.countTwice(p);
}

namespace pointers {
std::mutex m;
int n;
void take() { std::lock_guard g(m); ++n; }
void leave() {}
void call(void (*f)()) { if (f) f(); }
void callThrough(void (*f)()) { call(f); }
void callDeref(void (*f)()) { (*f)(); }
void positiveArgument() { std::lock_guard g(m); call(take); }
// CHECK-MESSAGES: :[[@LINE-1]]:49: warning: deadlock: this call acquires 'm', which this thread already holds; it is not reentrant [ward-relock]
void positiveTwoLevels() { std::lock_guard g(m); callThrough(&take); }
// CHECK-MESSAGES: :[[@LINE-1]]:50: warning: deadlock: this call acquires 'm', which this thread already holds; it is not reentrant [ward-relock]
void positiveDeref() { std::lock_guard g(m); callDeref(take); }
// CHECK-MESSAGES: :[[@LINE-1]]:46: warning: deadlock: this call acquires 'm', which this thread already holds; it is not reentrant [ward-relock]
void positiveLocal() { void (*const f)() = take; std::lock_guard g(m); f(); }
// CHECK-MESSAGES: :[[@LINE-1]]:72: warning: deadlock: this call acquires 'm', which this thread already holds; it is not reentrant [ward-relock]
void positiveFunction() { std::function<void()> f = take; std::lock_guard g(m); f(); }
// CHECK-MESSAGES: :[[@LINE-1]]:81: warning: deadlock: this call acquires 'm', which this thread already holds; it is not reentrant [ward-relock]
static void (*const handler)() = &take;
void positiveGlobal() { std::lock_guard g(m); handler(); }
// CHECK-MESSAGES: :[[@LINE-1]]:47: warning: deadlock: this call acquires 'm', which this thread already holds; it is not reentrant [ward-relock]
void negativeOther() { std::lock_guard g(m); call(leave); }
void negativeChanged(bool b) { void (*f)() = take; if (b) f = leave; std::lock_guard g(m); f(); }
void (*hook)() = take;
void negativeHook() { std::lock_guard g(m); hook(); }
std::vector<void (*)()> later;
void keep(void (*f)()) { later.push_back(f); }
void negativeKept() { std::lock_guard g(m); keep(take); }
void start(void (*f)()) { std::thread(f).detach(); }
void negativeThread() { std::lock_guard g(m); start(take); }
} // namespace pointers

namespace closures {
struct Task { std::function<void()> f; explicit Task(std::function<void()> g) : f(std::move(g)) {} };
struct Once { template <class F> explicit Once(F f) { f(); } };
struct Pool {
  std::mutex m; int n = 0;
  std::vector<std::unique_ptr<Task>> tasks;
  std::vector<std::function<void()>> functions;
  std::function<void()> last;
  void negativeUnique() { std::lock_guard g(m); tasks.push_back(std::make_unique<Task>([this] { std::lock_guard h(m); ++n; })); }
  void negativeEmplace() { std::lock_guard g(m); functions.emplace_back([this] { std::lock_guard h(m); ++n; }); }
  void negativeAssign() { std::lock_guard g(m); last = [this] { std::lock_guard h(m); ++n; }; }
  void negativeNew() { std::lock_guard g(m); tasks.emplace_back(new Task([this] { std::lock_guard h(m); ++n; })); }
  void positiveConstructor() { std::lock_guard g(m); Once o([this] { std::lock_guard h(m); ++n; }); }
// CHECK-MESSAGES: :[[@LINE-1]]:86: warning: deadlock: 'm' is acquired while this thread already holds it; it is not reentrant [ward-relock]
};
} // namespace closures

namespace flags {
struct Cache {
  std::mutex m, other;
  int n = 0, hits = 0;
  int get(bool locked) {
    if (locked)
      return n;
    std::lock_guard g(m);
    return n;
  }
  void set(int v) { std::lock_guard g(m); n = v + get(true); }
  void add(int v) { std::lock_guard g(m); n += v; }
  static int outside(Cache &c) { return c.get(false); }
  void positiveTwice() { std::lock_guard g(m); n += get(false); }
// CHECK-MESSAGES: :[[@LINE-1]]:53: warning: deadlock: this call acquires 'm', which this thread already holds; it is not reentrant [ward-relock]
  int positiveRead() { return n; }
// CHECK-MESSAGES: :[[@LINE-1]]:31: warning: possible data race: 'Cache::n' is read without holding 'm', which 6 of its 7 accesses hold [ward-missing-lock]
  void reset(std::mutex *already) {
    if (already == nullptr)
      m.lock();
    n = 0;
    if (!already)
      m.unlock();
  }
  void clear() { std::lock_guard g(m); reset(&m); }
  void clearAlone() { reset(nullptr); }
  void forward(bool locked) { get(locked); }
  void negativeForward() { std::lock_guard g(m); forward(true); }
};
} // namespace flags

namespace later {
class __attribute__((capability("mutex"))) Mutex { public: void lock() __attribute__((acquire_capability())); void unlock() __attribute__((release_capability())); };
struct Shop { Mutex m; int n = 0; };
void sell(Shop &s);
void positive(Shop &s) { sell(s); }
// CHECK-MESSAGES: :[[@LINE-1]]:26: warning: possible data race: 'sell' is called without holding 's.m', which it requires [ward-missing-lock]
void negative(Shop &s) { s.m.lock(); sell(s); s.m.unlock(); }
void sell(Shop &s) REQUIRES(s.m) { --s.n; }
void close(Shop &s);
void positiveExcluded(Shop &s) { s.m.lock(); close(s); s.m.unlock(); }
// CHECK-MESSAGES: :[[@LINE-1]]:46: warning: deadlock: this call acquires 's.m', which this thread already holds; it is not reentrant [ward-relock]
void negativeExcluded(Shop &s) { close(s); }
void close(Shop &s) EXCLUDES(s.m) { s.m.lock(); s.n = 0; s.m.unlock(); }
} // namespace later
