// RUN: %check_ward %s ward-missing-lock,ward-blocking-under-lock,ward-guarded-reference-escape %t -std=c++20
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Locks from accessors, asserted locks, locks that are only tried, guards in comma expressions, and locks of elements.
#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>
#define ASSERTS(...) __attribute__((assert_capability(__VA_ARGS__)))
void log(const char *);
namespace accessors {
struct Lazy {
  mutable std::mutex *made = nullptr;
  int n = 0;
  std::mutex &mutex() const {
    if (!made)
      made = new std::mutex;
    return *made;
  }
  void up() { std::lock_guard l(mutex()); ++n; }
  void down() { std::lock_guard l(mutex()); --n; }
  int get() const { return n; }
// CHECK-MESSAGES: :[[@LINE-1]]:28: warning: possible data race: 'Lazy::n' is read without holding 'made', which 2 of its 3 accesses hold [ward-missing-lock]
};
struct Noisy {
  std::mutex m;
  int n = 0;
  std::mutex *lock() {
    log("lock");
    auto *p = &m;
    return p;
  }
  void up() { std::lock_guard l(*lock()); ++n; }
  void down() { std::lock_guard l(*lock()); --n; }
  int get() { return n; }
// CHECK-MESSAGES: :[[@LINE-1]]:22: warning: possible data race: 'Noisy::n' is read without holding 'm', which 2 of its 3 accesses hold [ward-missing-lock]
};
int total;
std::mutex &guardOf() {
  static std::mutex *m = new std::mutex;
  log("asked");
  return *m;
}
void more() { std::lock_guard l(guardOf()); ++total; }
void less() { std::lock_guard l(guardOf()); --total; }
int now() { return total; }
// CHECK-MESSAGES: :[[@LINE-1]]:20: warning: possible data race: 'total' is read without holding 'm', which 2 of its 3 accesses hold [ward-missing-lock]
struct Either { // not one lock
  std::mutex a, b;
  int n = 0;
  std::mutex &pick(bool first) { if (first) return a; return b; }
  void up() { std::lock_guard l(pick(true)); ++n; }
  void down() { std::lock_guard l(pick(false)); --n; }
  int get() { return n; }
};
int &counter() { static int n; return n; } // not an access
std::mutex countMutex;
void count() { std::lock_guard l(countMutex); ++counter(); }
void uncount() { std::lock_guard l(countMutex); --counter(); }
} // namespace accessors

namespace asserted {
class Owned {
public:
  void lock() { m.lock(); owner = std::this_thread::get_id(); }
  void unlock() { owner = std::thread::id(); m.unlock(); }
  bool heldByMe() const { return owner.load() == std::this_thread::get_id(); }
private:
  std::mutex m;
  std::atomic<std::thread::id> owner{};
};
[[noreturn]] void die();
void mustHold(const Owned &o) { if (!o.heldByMe()) die(); }
struct Park {
  Owned m; int cars = 0;
  void in() { mustHold(m); ++cars; }
  void out() { if (!m.heldByMe()) die(); --cars; }
  int count() { return cars; }
// CHECK-MESSAGES: :[[@LINE-1]]:24: warning: possible data race: 'Park::cars' is read without holding 'm', which 2 of its 3 accesses hold [ward-missing-lock]
};
void AssertLockHeld(std::mutex &m);
struct Dock {
  std::mutex m; int ships = 0;
  void in() { AssertLockHeld(m); ++ships; }
  void out() { AssertLockHeld(m); --ships; }
  int count() { return ships; }
// CHECK-MESSAGES: :[[@LINE-1]]:24: warning: possible data race: 'Dock::ships' is read without holding 'm', which 2 of its 3 accesses hold [ward-missing-lock]
};
struct Asked { // only asks
  Owned m; int n = 0;
  void up() { if (m.heldByMe()) log("held"); ++n; }
  void down() { if (m.heldByMe()) log("held"); --n; }
  int get() { return n; }
};
} // namespace asserted

namespace tried {
class Flusher {
public:
  void flush() {
    if (!busy.try_lock())
      return;
    ++flushes;
    std::this_thread::sleep_for(std::chrono::seconds(1));
    busy.unlock();
  }
  void flushAgain() {
    std::unique_lock l(busy, std::try_to_lock);
    if (l.owns_lock())
      ++flushes;
  }
  int count() const { return flushes; }
private:
  std::mutex busy;
  int flushes = 0;
};
class Waiter {
public:
  void flush() {
    std::unique_lock l(busy, std::try_to_lock);
    if (!l)
      return;
    std::this_thread::sleep_for(std::chrono::seconds(1));
// CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'sleep_for' sleeps while holding 'busy'; other threads that need the lock are blocked meanwhile [ward-blocking-under-lock]
  }
  void wait() { std::lock_guard l(busy); ++n; }
private:
  std::mutex busy;
  int n = 0;
};
} // namespace tried

namespace comma {
struct List {
  mutable std::mutex m;
  std::vector<int> v;
  std::map<int, std::string> names;
  std::unique_lock<std::mutex> hold() const { return std::unique_lock<std::mutex>(m); }
  void add(int i) { auto l = hold(); v.push_back(i); names[i] = "x"; }
  void drop() { auto l = hold(); v.pop_back(); names.clear(); }
  bool negativeEmpty() const { return (hold(), v.empty()); }
  std::size_t negativeSize() const { return hold(), v.size(); }
  int negativeSum() { int last = (hold(), v.back()); return last + 1; }
  int positiveIterator(int k) {
    auto it = (hold(), names.find(k));
// CHECK-MESSAGES: :[[@LINE-1]]:10: warning: possible data race: 'it' refers to data that 'm' protects, and is used after the lock is released; hold the lock longer, or use a copy [ward-guarded-reference-escape]
    return it->first;
  }
  int *positivePointer() { return (hold(), &v.front()); }
// CHECK-MESSAGES: :[[@LINE-1]]:28: warning: possible data race: returns a pointer to data that 'm' protects, but the lock is released on return; return a copy [ward-guarded-reference-escape]
};
} // namespace comma

namespace shards {
struct Shard { std::mutex m; int n = 0; };
struct Table {
  std::vector<Shard> all;
  int sum() {
    for (auto &s : all)
      s.m.lock();
    int r = 0;
    for (auto &s : all)
      r += s.n;
    for (auto &s : all)
      s.m.unlock();
    return r;
  }
  void add(int i) { std::lock_guard l(all[i].m); ++all[i].n; }
  void drop(int i) { std::lock_guard l(all[i].m); --all[i].n; }
  int peek(int i) { return all[i].n; }
// CHECK-MESSAGES: :[[@LINE-1]]:35: warning: possible data race: 'Shard::n' is read without holding 'm', which 3 of its 4 accesses hold [ward-missing-lock]
};
} // namespace shards

namespace pattern {
template <class T> struct Never {
  std::mutex m;
  std::vector<T> v;
  int n = 0, k = 0;
  void up() { std::lock_guard<std::mutex> l(m); for (auto &x : v) x.go(); ++n; }
  void down() { std::lock_guard<std::mutex> l(m); for (T &x : v) x.go(), --n; }
  void reset() { std::lock_guard<std::mutex> l(m); n = 0; }
  int get() { return n; }
// CHECK-MESSAGES: :[[@LINE-1]]:22: warning: possible data race: 'Never::n' is read without holding 'm', which 3 of its 4 accesses hold [ward-missing-lock]
};
} // namespace pattern
