// RUN: %check_ward %s ward-callback-under-lock %t -std=c++20

#include <algorithm>
#include <functional>
#include <memory>
#include <mutex>
#include <sstream>
#include <thread>
#include <vector>

struct Listener {
  virtual ~Listener() = default;
  virtual void changed(int) = 0;
  virtual void sealed() final {}
  void plain();
};
struct Last final : Listener {
  void changed(int) override;
};
namespace {
struct Hidden : Listener {
  void changed(int) override {}
  virtual void own() {}
};
} // namespace

using Handler = void (*)(int);
void report(int);

class Subject {
public:
  void positiveFunction() {
    std::lock_guard<std::mutex> guard(mu_);
    callback_(value_);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: callback 'callback_' is called while holding 'mu_'; a callback that acquires 'mu_' deadlocks [ward-callback-under-lock]
  }
  void positivePointer() {
    std::lock_guard<std::mutex> guard(mu_);
    handler_(value_);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: function pointer 'handler_' is called while holding 'mu_'; a function that acquires 'mu_' deadlocks
    (*handler_)(value_);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: function pointer 'handler_' is called while holding 'mu_'; a function that acquires 'mu_' deadlocks
  }
  void positiveMemberPointer(void (Listener::*member)(int), Listener &to) {
    std::lock_guard<std::mutex> guard(mu_);
    (to.*member)(value_);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: function pointer 'member' is called while holding 'mu_'; a function that acquires 'mu_' deadlocks
  }
  void positiveInvoke() {
    std::lock_guard<std::mutex> guard(mu_);
    std::invoke(callback_, value_);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: callback 'callback_' is called while holding 'mu_'; a callback that acquires 'mu_' deadlocks
    std::for_each(all_.begin(), all_.end(), handler_);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: function pointer 'handler_' is called while holding 'mu_'; a function that acquires 'mu_' deadlocks
  }
  void positiveList() {
    std::lock_guard<std::mutex> guard(mu_);
    for (auto &one : callbacks_)
      one(value_);
      // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: callback 'one' is called while holding 'mu_'; a callback that acquires 'mu_' deadlocks
    callbacks_[0](value_);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: callback 'callbacks_' is called while holding 'mu_'; a callback that acquires 'mu_' deadlocks
  }
  void positiveParameter(const std::function<void()> &given) {
    mu_.lock();
    given();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: callback 'given' is called while holding 'mu_'; a callback that acquires 'mu_' deadlocks
    mu_.unlock();
  }
  void positiveVirtual(Listener &listener) {
    std::lock_guard<std::mutex> guard(mu_);
    listener.changed(value_);
    // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: virtual function 'changed' is called while holding 'mu_'; an override that acquires 'mu_' deadlocks
    owned_->changed(value_);
    // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: virtual function 'changed' is called while holding 'mu_'; an override that acquires 'mu_' deadlocks
    raw_->changed(value_);
    // CHECK-MESSAGES: :[[@LINE-1]]:11: warning: virtual function 'changed' is called while holding 'mu_'; an override that acquires 'mu_' deadlocks
  }
  void positiveThroughHelper() {
    std::lock_guard<std::mutex> guard(mu_);
    notify();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'notify' calls callback 'callback_' while holding 'mu_'; a callback that acquires 'mu_' deadlocks
  }
  void positiveOnOnePath(bool careful) {
    std::unique_lock<std::mutex> guard(mu_, std::defer_lock);
    if (careful)
      guard.lock();
    callback_(1);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: callback 'callback_' is called while holding 'mu_'; a callback that acquires 'mu_' deadlocks
  }
  void positiveInLambdaInPlace() {
    std::lock_guard<std::mutex> guard(mu_);
    std::for_each(all_.begin(), all_.end(), [this](int n) { callback_(n); });
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'for_each' calls callback 'callback_' while holding 'mu_'; a callback that acquires 'mu_' deadlocks
  }

  void negativeAfterUnlock() {
    std::unique_lock<std::mutex> guard(mu_);
    auto copy = callback_;
    guard.unlock();
    copy(value_);
  }
  void negativeScope(Listener &listener) {
    {
      std::lock_guard<std::mutex> guard(mu_);
      ++value_;
    }
    listener.changed(value_);
    callback_(value_);
  }
  void negativeStored(std::function<void(int)> given) {
    std::lock_guard<std::mutex> guard(mu_);
    callback_ = std::move(given);
    callbacks_.push_back(callback_);
    if (callback_)
      ++value_;
    callback_ = [this](int n) { handler_(n); };
  }
  void negativeLambdaInPlace() {
    std::lock_guard<std::mutex> guard(mu_);
    auto add = [this](int n) { value_ += n; };
    add(1);
    std::function<void(int)> recursive = [&](int n) { value_ += n; };
    recursive(2);
    std::sort(all_.begin(), all_.end(), [](int a, int b) { return a > b; });
    [this] { ++value_; }();
  }
  template <class F> void negativeTemplate(F &&f) {
    std::lock_guard<std::mutex> guard(mu_);
    f(value_);
  }
  void negativeUses() {
    negativeTemplate([](int) {});
    negativeTemplate(report);
    negativeTemplate(callback_);
    negativeTemplate(handler_);
  }
  void negativeKnown(Last &last, Hidden &hidden, Listener &listener) {
    std::lock_guard<std::mutex> guard(mu_);
    report(1);
    last.changed(1);
    hidden.own();
    listener.sealed();
    listener.plain();
    listener.Listener::changed(1);
    constexpr Handler known = report;
    known(1);
    Last local;
    static_cast<Listener &>(local).changed(2);
    byValue_.changed(3);
  }
  virtual void hook();
  virtual ~Subject();
  void negativeThis() {
    std::lock_guard<std::mutex> guard(mu_);
    hook();
    this->hook();
  }
  void negativeLibraryVirtual(const std::exception &e, std::ostream &out) {
    std::lock_guard<std::mutex> guard(mu_);
    out << e.what();
  }
  void negativeStarted() {
    std::lock_guard<std::mutex> guard(mu_);
    thread_ = std::thread([this] { callback_(1); });
  }
  void negativeVirtualThroughHelper() {
    std::lock_guard<std::mutex> guard(mu_);
    notifyEach();
  }
  void notifyEach() { raw_->changed(1); }
  void negativeReleases() {
    std::unique_lock<std::mutex> guard(mu_);
    callUnlocked(guard);
  }

private:
  void notify() { callback_(value_); }
  void callUnlocked(std::unique_lock<std::mutex> &guard) {
    guard.unlock();
    callback_(value_);
    guard.lock();
  }
  std::mutex mu_;
  int value_ = 0;
  std::thread thread_;
  std::function<void(int)> callback_;
  std::vector<std::function<void(int)>> callbacks_;
  std::vector<int> all_;
  Handler handler_ = nullptr;
  std::unique_ptr<Listener> owned_;
  Listener *raw_ = nullptr;
  struct Value : Listener {
    void changed(int) override;
  } byValue_;
};

#include <map>
class Registry {
  std::mutex mu_;
  std::map<int, std::function<void()>> named_;
  std::vector<std::function<void(int)>> all_;

public:
  void positiveElement(int key) {
    std::lock_guard<std::mutex> guard(mu_);
    auto it = named_.find(key);
    if (it != named_.end())
      it->second();
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: callback 'second' is called while holding 'mu_'; a callback that acquires 'mu_' deadlocks
  }
  void positiveGenericLambda() {
    std::lock_guard<std::mutex> guard(mu_);
    std::for_each(all_.begin(), all_.end(), [](auto &each) { each(1); });
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'for_each' calls callback 'each' while holding 'mu_'; a callback that acquires 'mu_' deadlocks
  }
  void negativeGenericLambdas() {
    std::lock_guard<std::mutex> guard(mu_);
    auto run = [](auto f) { f(); };
    run([] {});
    std::for_each(all_.begin(), all_.end(), [](auto &each) { each = nullptr; });
  }
};

// A hook of the whole program, which a helper calls.
void (*allocationHook)(int);
void allocate(int n) { allocationHook(n); }
class Hooks {
  std::mutex mu_;
  std::function<void()> each_;
  void notifyEach() { each_(); }
  void notifyTwice() {
    notifyEach();
    notifyEach();
  }

public:
  void positiveDirect() {
    std::lock_guard<std::mutex> guard(mu_);
    allocationHook(1);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: function pointer 'allocationHook' is called while holding 'mu_'; a function that acquires 'mu_' deadlocks
  }
  void negativeThroughHelper() {
    std::lock_guard<std::mutex> guard(mu_);
    allocate(1);
  }
  void positiveOnceForMany() {
    std::lock_guard<std::mutex> guard(mu_);
    notifyEach();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'notifyEach' calls callback 'each_' while holding 'mu_'; a callback that acquires 'mu_' deadlocks
    notifyEach();
    notifyTwice();
  }
};

struct Store {
  virtual ~Store();
  virtual int get(int) const;
  void wait();
};
class Reader {
  std::mutex mu_;

public:
  int positiveOneInterface(const Store &store) {
    std::lock_guard<std::mutex> guard(mu_);
    return store.get(1) + store.get(2);
    // CHECK-MESSAGES: :[[@LINE-1]]:18: warning: virtual function 'get' is called while holding 'mu_'; an override that acquires 'mu_' deadlocks
  }
  void negativeComment(Store &store) {
    std::lock_guard<std::mutex> guard(mu_);
    // others wait for its signals
    store.wait();
  }
};

void negativeKnownPointer() {
  static std::mutex mu;
  std::lock_guard<std::mutex> guard(mu);
  void (*twice)(int) = [](int n) { report(2 * n); };
  auto once = +[](int n) { report(n); };
  twice(1);
  once(1);
}

// A private helper whose callers all pass a known function.
class Counts {
  std::mutex mutex_;
  int total_ = 0;
  int first() const { return 1; }
  int second() const { return 2; }
  void add(int (Counts::*what)() const) {
    std::lock_guard<std::mutex> guard(mutex_);
    total_ += (this->*what)();
  }
  void locked(const std::function<void()> &what) {
    std::lock_guard<std::mutex> guard(mutex_);
    what();
  }
  void given(const std::function<void()> &what) {
    std::lock_guard<std::mutex> guard(mutex_);
    what();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: callback 'what' is called while holding 'mutex_'; a callback that acquires 'mutex_' deadlocks
  }

public:
  void negativeHelpers() {
    add(&Counts::first);
    add(&Counts::second);
    locked([this] { ++total_; });
  }
  void positivePassesOn(const std::function<void()> &from) {
    given([this] { ++total_; });
    given(from);
  }
};

// A reentrant lock can be acquired again; another lock may still be acquired in opposite order.
class Reentrant {
  std::recursive_mutex again_;
  std::mutex first_, second_;
  std::function<void()> callback_;

public:
  void positiveReentrant() {
    std::lock_guard<std::recursive_mutex> guard(again_);
    callback_();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: callback 'callback_' is called while holding 'again_'; a callback that acquires another lock can deadlock
  }
  void positiveTwoLocks() {
    std::scoped_lock guard(first_);
    std::lock_guard<std::mutex> inner(second_);
    callback_();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: callback 'callback_' is called while holding 'first_' and 'second_'; a callback that acquires 'first_' or 'second_' deadlocks
  }
};
