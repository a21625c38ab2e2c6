// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-conflicting-captures,ward-borrow-outlives-scope,ward-mutable-global %t
// Thread classes and pools of the user's own: what runs there, what joins it, and what only looks like one.
#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <queue>
#include <string>
#include <thread>
#include <vector>

bool ask();

// A task with a virtual function, which another class runs.
struct Runnable {
  virtual ~Runnable() = default;
  virtual void run() = 0;
};
class Runner {
public:
  explicit Runner(Runnable *task) : task_(task) {}
  ~Runner() { join(); }
  void start() { thread_ = std::thread(&Runner::enter, this); }
  void join() {
    if (thread_.joinable())
      thread_.join();
  }

private:
  static void enter(Runner *self) { self->task_->run(); }
  Runnable *task_;
  std::thread thread_;
};
int total, alone;
struct Adds : Runnable {
  explicit Adds(int *out) : out_(out) {}
  void run() override { ++*out_; }
  int *out_;
};
struct AddsToTotal : Runnable {
  void run() override { ++total; }
  // CHECK-MESSAGES: :[[@LINE-1]]:27: warning: possible data race: 'total' is written without a lock, and another thread may access it at the same time [ward-mutable-global]
};
struct AddsAlone : Runnable {
  void run() override { ++alone; }
};
int positiveTasks() {
  int n = 0;
  Adds a(&n);
  Adds b(&n);
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: possible data race: 'n' is written by this thread while another thread that runs the same code may access it, with no common lock [ward-conflicting-captures]
  AddsToTotal c, d;
  AddsAlone e;
  Runner ra(&a), rb(&b), rc(&c), rd(&d), re(&e);
  ra.start();
  rb.start();
  rc.start();
  rd.start();
  re.start();
  ra.join();
  rb.join();
  rc.join();
  rd.join();
  re.join();
  return n + total + alone;
}
int positiveHeap() {
  int n = 0;
  auto runner = std::make_unique<Runner>(new Adds(&n));
  // CHECK-MESSAGES: :[[@LINE-1]]:51: warning: possible data race: 'n' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
  runner->start();
  ++n;
  runner->join();
  return n;
}
int negativeTasksApart() {
  int n = 0, m = 0;
  Adds a(&n), b(&m);
  Runner ra(&a), rb(&b);
  ra.start();
  rb.start();
  ra.join();
  rb.join();
  return n + m;
}
int negativeInTurn() {
  int n = 0;
  Adds a(&n), b(&n);
  Runner ra(&a), rb(&b);
  ra.start();
  ra.join();
  rb.start();
  rb.join();
  return ++n;
}

// The derived class is a template argument of its base.
template <class Derived> class Threaded {
public:
  void start() {
    thread_ = std::thread([this] { static_cast<Derived *>(this)->body(); });
  }
  void finish() { thread_.join(); }

private:
  std::thread thread_;
};
struct Increments : Threaded<Increments> {
  explicit Increments(int &n) : n(n) {}
  void body() { ++n; }
  int &n;
};
int positiveTemplate() {
  int n = 0;
  Increments a(n);
  a.start();
  Increments b(n);
  // CHECK-MESSAGES: :[[@LINE-1]]:16: warning: possible data race: 'n' is written by this thread while another thread that runs the same code may access it, with no common lock [ward-conflicting-captures]
  b.start();
  a.finish();
  b.finish();
  return n;
}
int negativeTemplate() {
  int n = 0;
  Increments a(n);
  a.start();
  a.finish();
  return ++n;
}

// A function that is set before the start, and joins that depend on the path.
class Periodic {
public:
  void set(std::function<void()> f) { f_ = std::move(f); }
  void run() {
    thread_ = std::thread([this] {
      while (!stop_)
        f_();
    });
  }
  void halt() {
    stop_ = true;
    if (!thread_.joinable())
      return;
    thread_.join();
  }
  void haltIf(bool now) {
    if (now)
      thread_.join();
  }

private:
  std::function<void()> f_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};
int positiveSet() {
  int n = 0;
  Periodic p;
  p.set([&n] { ++n; });
  // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: possible data race: 'n' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
  p.run();
  ++n;
  p.halt();
  return n;
}
int positiveJoinedOnOnePath(bool now) {
  int n = 0;
  Periodic p;
  p.set([&n] { ++n; });
  // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: possible data race: 'n' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
  p.run();
  p.haltIf(now);
  ++n;
  p.halt();
  return n;
}
int negativeSet() {
  int n = 0;
  Periodic p;
  p.set([&n] { ++n; });
  ++n;
  p.run();
  p.halt();
  return ++n;
}

// A queue class between the pool and its workers, and a group that waits for its tasks.
template <class T> class Queue {
public:
  void push(T value) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      items_.push(std::move(value));
    }
    ready_.notify_one();
  }
  bool pop(T &out) {
    std::unique_lock<std::mutex> lock(mutex_);
    ready_.wait(lock, [this] { return closed_ || !items_.empty(); });
    if (items_.empty())
      return false;
    out = std::move(items_.front());
    items_.pop();
    return true;
  }
  void close() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      closed_ = true;
    }
    ready_.notify_all();
  }

private:
  std::mutex mutex_;
  std::condition_variable ready_;
  std::queue<T> items_;
  bool closed_ = false;
};
class Pool {
public:
  explicit Pool(int threads) {
    for (int i = 0; i < threads; ++i)
      threads_.push_back(std::thread(&Pool::work, this));
  }
  ~Pool() {
    tasks_.close();
    for (auto &thread : threads_)
      thread.join();
  }
  void post(std::function<void()> task) { tasks_.push(std::move(task)); }

private:
  void work() {
    std::function<void()> task;
    while (tasks_.pop(task))
      task();
  }
  Queue<std::function<void()>> tasks_;
  std::vector<std::thread> threads_;
};
class Group {
public:
  explicit Group(Pool &pool) : pool_(pool) {}
  void run(std::function<void()> task) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      ++open_;
    }
    pool_.post([this, task = std::move(task)] {
      task();
      std::lock_guard<std::mutex> lock(mutex_);
      if (--open_ == 0)
        done_.notify_all();
    });
  }
  void wait() {
    std::unique_lock<std::mutex> lock(mutex_);
    done_.wait(lock, [this] { return open_ == 0; });
  }

private:
  Pool &pool_;
  std::mutex mutex_;
  std::condition_variable done_;
  int open_ = 0;
};
void positiveOutlives(Pool &pool) {
  int n = 0;
  pool.post([&n] { ++n; });
  // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: possible use-after-free: this thread refers to 'n', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
}
int positiveGroup(Pool &pool) {
  int n = 0;
  Group group(pool);
  group.run([&n] { ++n; });
  group.run([&n] { ++n; });
  // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: possible data race: 'n' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
  group.wait();
  return n;
}
int negativeGroup(Pool &pool) {
  int n = 0;
  Group group(pool);
  group.run([&n] { ++n; });
  group.wait();
  return ++n;
}
int negativePoolGoesFirst() {
  int n = 0;
  {
    Pool pool(2);
    pool.post([&n] { ++n; });
  }
  return ++n;
}
void negativeOwns(Pool &pool) {
  auto text = std::make_shared<const std::string>("text");
  pool.post([text] { (void)text->size(); });
}

// One thread calls all that is registered with it.
class Ticker {
public:
  Ticker() : thread_([this] { loop(); }) {}
  ~Ticker() {
    stop_ = true;
    thread_.join();
  }
  void every(std::function<void()> call) {
    std::lock_guard<std::mutex> lock(mutex_);
    calls_.push_back(std::move(call));
  }

private:
  void loop() {
    while (!stop_) {
      std::lock_guard<std::mutex> lock(mutex_);
      for (auto &call : calls_)
        call();
    }
  }
  std::mutex mutex_;
  std::vector<std::function<void()>> calls_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};
void positiveRegistered(Ticker &ticker) {
  int n = 0;
  ticker.every([&n] { ++n; });
  // CHECK-MESSAGES: :[[@LINE-1]]:16: warning: possible use-after-free: this thread refers to 'n', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
}
int negativeOneThread() {
  int n = 0;
  {
    Ticker ticker;
    ticker.every([&n] { ++n; });
    ticker.every([&n] { ++n; });
  }
  return n;
}

// Closures that the same thread runs later.
class Events {
public:
  void on(std::function<void()> handler) { handlers_.push_back(std::move(handler)); }
  void fire() {
    for (auto &handler : handlers_)
      handler();
  }

private:
  std::vector<std::function<void()>> handlers_;
};
int negativeEvents() {
  int n = 0;
  Events events;
  events.on([&n] { ++n; });
  events.on([&n] { ++n; });
  events.fire();
  return ++n;
}
class Watched { // it has a thread, which does not call the handler
public:
  Watched() : thread_([this] { watch(); }) {}
  ~Watched() {
    stop_ = true;
    thread_.join();
  }
  void onChange(std::function<void()> handler) { handler_ = std::move(handler); }
  void change() { handler_(); }

private:
  void watch() {
    while (!stop_)
      std::this_thread::yield();
  }
  std::function<void()> handler_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};
int negativeWatched() {
  int n = 0;
  Watched watched;
  watched.onChange([&n] { ++n; });
  watched.change();
  return ++n;
}
int negativeNoThread() {
  int n = 0;
  Adds adds(&n);
  Runnable *task = &adds;
  task->run();
  return ++n;
}

// A macro that starts a thread.
#define SPAWN(name, ...) std::thread name(__VA_ARGS__)
int negativeMacro() {
  int n = 0;
  SPAWN(t, [&n] { ++n; });
  t.join();
  return ++n;
}
