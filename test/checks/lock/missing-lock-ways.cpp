// RUN: %check_ward %s ward-missing-lock,ward-discarded-guard,ward-lost-wakeup %t -std=c++20
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Guards in containers, classes that are locks themselves, what is copied, closures that leave the section, pointees.
#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <sys/syscall.h>
#include <unistd.h>
#include <vector>

namespace guards_in_a_container {
struct Shelf { std::mutex m; int books = 0; };
class Library {
public:
  void negativeClear() {
    std::vector<std::unique_lock<std::mutex>> held;
    for (auto &s : shelves_)
      held.emplace_back(s->m);
    for (auto &s : shelves_)
      s->books = 0;
  }
  void positiveClearLate() {
    {
      std::vector<std::unique_lock<std::mutex>> held;
      for (auto &s : shelves_)
        held.emplace_back(s->m);
    }
    for (auto &s : shelves_)
      s->books = 0;
// CHECK-MESSAGES: :[[@LINE-1]]:10: warning: possible data race: 'Shelf::books' is written without holding 'm', which 4 of its 5 accesses hold [ward-missing-lock]
  }
  void add(int i) { std::lock_guard g(shelves_[i]->m); ++shelves_[i]->books; }
  int count(int i) { std::lock_guard g(shelves_[i]->m); return shelves_[i]->books; }
  int drop(int i) { std::lock_guard g(shelves_[i]->m); return shelves_[i]->books--; }

private:
  std::vector<std::unique_ptr<Shelf>> shelves_;
};
} // namespace guards_in_a_container

namespace derives_from_lock {
class Lockable {
public:
  void lock() const { m_.lock(); }
  void unlock() const { m_.unlock(); }

private:
  mutable std::mutex m_;
};
class Purse : public Lockable {
public:
  void in(long n) { std::lock_guard<const Lockable> g(*this); coins_ += n; }
  void out(long n) { lock(); coins_ -= n; unlock(); }
  long positivePeek() const { return coins_; }
// CHECK-MESSAGES: :[[@LINE-1]]:38: warning: possible data race: 'Purse::coins_' is read without holding '*this', which 3 of its 4 accesses hold [ward-missing-lock]
  long negativeSum() const { std::lock_guard<const Lockable> g(*this); return coins_; }

private:
  long coins_ = 0;
};
class Alone : public Lockable { // its users lock it, or have it to themselves
public:
  void up() { ++n_; }
  int negativeN() const { return n_; }

private:
  int n_ = 0;
};
class Monitor {
public:
  void enter() { m_.lock(); }
  void leave() { m_.unlock(); }
  void wait() {
    std::unique_lock<std::mutex> l(m_, std::adopt_lock);
    c_.wait(l);
    l.release();
  }
  void wakeAll() { c_.notify_all(); }
  struct In {
    Monitor &m;
    explicit In(Monitor &of) : m(of) { m.enter(); }
    ~In() { m.leave(); }
  };

private:
  std::mutex m_;
  std::condition_variable c_;
};
class Gate {
public:
  void pass() { Monitor::In in(monitor_); while (tokens_ == 0) monitor_.wait(); --tokens_; }
  void negativeAdd() { { Monitor::In in(monitor_); ++tokens_; } monitor_.wakeAll(); }
  void positiveAdd() { ++tokens_; monitor_.wakeAll(); }
// CHECK-MESSAGES: :[[@LINE-1]]:26: warning: possible lost wakeup: 'tokens_' is written without holding 'monitor_', which the waiter holds; a waiter between its check and its wait misses the notification [ward-lost-wakeup]

private:
  Monitor monitor_;
  int tokens_ = 0;
};
} // namespace derives_from_lock

// Which thread owns the lock is asked in a way that no catalog knows.
namespace owner_by_number {
class Reentrant {
public:
  void lock() {
    long me = syscall(SYS_gettid);
    if (owner_ == me) {
      ++depth_;
      return;
    }
    m_.lock();
    owner_ = me;
    depth_ = 1;
  }
  void unlock() {
    if (--depth_ > 0)
      return;
    owner_ = 0;
    m_.unlock();
  }

private:
  std::mutex m_;
  std::atomic<long> owner_{0};
  int depth_ = 0;
};
Reentrant r;
void use() { std::lock_guard a(r); std::lock_guard b(r); }
} // namespace owner_by_number

namespace copies {
class Record {
public:
  Record() = default;
  Record(const Record &o) : text_(o.text_) {}
// CHECK-MESSAGES: :[[@LINE-1]]:37: warning: possible data race: 'Record::text_' is read without holding 'm_', which 2 of its 3 accesses hold [ward-missing-lock]
  Record(Record &&o) noexcept : text_(std::move(o.text_)) {} // nobody else has it
  void set(std::string t) { std::lock_guard g(m_); text_ = std::move(t); }
  std::string get() const { std::lock_guard g(m_); return text_; }

private:
  mutable std::mutex m_;
  std::string text_;
};
class Careful {
public:
  Careful() = default;
  Careful(const Careful &o) {
    std::lock_guard g(o.m_);
    text_ = o.text_;
  }
  void set(std::string t) { std::lock_guard g(m_); text_ = std::move(t); }

private:
  mutable std::mutex m_;
  std::string text_;
};
} // namespace copies

namespace closures {
class Feed {
public:
  void add(int v) { std::lock_guard g(m_); items_.push_back(v); }
  int first() { std::lock_guard g(m_); return items_.front(); }
  std::function<int()> positiveLater() {
    std::lock_guard g(m_);
    return [this] { return items_.back(); };
// CHECK-MESSAGES: :[[@LINE-1]]:28: warning: possible data race: 'Feed::items_' is read without holding 'm_', which 4 of its 5 accesses hold [ward-missing-lock]
  }
  std::function<int()> negativeLater() {
    return [this] { std::lock_guard g(m_); return items_.back(); };
  }
  int negativeNow() {
    std::lock_guard g(m_);
    auto f = [this] { return items_.back(); };
    return f();
  }

private:
  std::mutex m_;
  std::vector<int> items_;
};
} // namespace closures

// One defect is one finding: what runs unlocked because a guard is not there is not reported again.
namespace thrown_away {
class Base {
protected:
  mutable std::mutex m_;
  struct Sync {
    const Base *of;
    explicit Sync(const Base *b) : of(b) { of->m_.lock(); }
    ~Sync() { of->m_.unlock(); }
  };
};
class Tally : Base {
public:
  void up() { Sync s(this); ++n_; }
  void down() { Sync s(this); --n_; }
  void positiveReset() { Sync(this); n_ = 0; }
// CHECK-MESSAGES: :[[@LINE-1]]:26: warning: this guard has no name and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
  // CHECK-FIXES: void positiveReset() { Sync guard(this); n_ = 0; }
  void positiveDeferred() { std::unique_lock<std::mutex> l(m_, std::defer_lock); n_ = 1; }
// CHECK-MESSAGES: :[[@LINE-1]]:58: warning: 'l' defers locking 'm_' and is never locked; the code in its scope runs without the lock [ward-discarded-guard]
  void negativeDeferred() { std::unique_lock<std::mutex> l(m_, std::defer_lock); l.lock(); n_ = 2; }

private:
  int n_ = 0;
};
} // namespace thrown_away

// A class that can be locked has its mutex for everybody: both ways lock the same.
namespace locked_both_ways {
struct Config {
  mutable std::mutex mutex;
  int level = 0;
  void lock() const { mutex.lock(); }
  void unlock() const { mutex.unlock(); }
};
class Logger {
public:
  void set(int l) { std::lock_guard g(config_.mutex); config_.level = l; }
  void raise() { std::lock_guard g(config_.mutex); ++config_.level; }
  int negativeLevel() const {
    const Config *config = &config_;
    config->lock();
    int level = config->level;
    config->unlock();
    return level;
  }
  int positiveLevel() const { return config_.level; }
// CHECK-MESSAGES: :[[@LINE-1]]:46: warning: possible data race: 'Config::level' is read without holding 'mutex', which 3 of its 4 accesses hold [ward-missing-lock]

private:
  Config config_;
};
} // namespace locked_both_ways

namespace pointees {
class Frame {
public:
  Frame() : pixels_(new int[64]), size_(std::make_unique<int>(64)) {}
  void fill(int c) { std::lock_guard g(m_); for (int i = 0; i < 64; ++i) pixels_[i] = c; *size_ = 64; }
  void set(int i, int c) { std::lock_guard g(m_); pixels_[i] = c; *size_ = i; }
  int negativeGet(int i) { std::lock_guard g(m_); return pixels_[i] + *size_; }
  int positiveSize() const { return *size_; }
// CHECK-MESSAGES: :[[@LINE-1]]:38: warning: possible data race: the data that 'Frame::size_' points to is read without holding 'm_', which 3 of its 4 accesses hold [ward-missing-lock]

private:
  std::mutex m_;
  const std::unique_ptr<int[]> pixels_;
  const std::unique_ptr<int> size_;
};
} // namespace pointees
