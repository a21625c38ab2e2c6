// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-panic-escapes-thread %t -std=c++20
#include <algorithm>
#include <exception>
#include <functional>
#include <future>
#include <new>
#include <pthread.h>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

void opaque();
void log(const char *);
bool flag();
struct MyError : std::runtime_error {
  using std::runtime_error::runtime_error;
};
struct Other {};

void throws() {
  if (flag())
    throw std::runtime_error("no");
}
void deep() { throws(); }

void positive() {
  std::thread a([] { throw 1; });
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: an exception can escape the function of this thread, which terminates the program [ward-panic-escapes-thread]
  std::thread b(throws);
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: an exception can escape the function of this thread
  std::thread c(&deep);
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: an exception can escape the function of this thread
  std::jthread d([] { deep(); });
  // CHECK-MESSAGES: :[[@LINE-1]]:16: warning: an exception can escape the function of this thread
  std::thread e(std::bind(throws));
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: an exception can escape the function of this thread
  std::thread([] { deep(); }).detach();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: an exception can escape the function of this thread
  std::vector<std::thread> ts;
  ts.emplace_back(throws);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: an exception can escape the function of this thread
  a.join(), b.join(), c.join(), e.join(), ts[0].join();
}
void positiveWrongHandler() {
  std::thread t([] {
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: an exception can escape the function of this thread
    try {
      throws();
    } catch (const std::logic_error &) {
    }
  });
  std::thread u([] {
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: an exception can escape the function of this thread
    try {
      throw Other();
    } catch (const std::exception &) {
    }
  });
  t.join(), u.join();
}
void negativeToldAndRethrown() {
  std::thread t([] {
    try {
      throws();
    } catch (...) {
      log("failed");
      throw;
    }
  });
  t.join();
}
void positiveRethrow(int *buffer) {
  std::thread t([buffer] {
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: an exception can escape the function of this thread
    try {
      throws();
    } catch (...) {
      delete[] buffer;
      throw;
    }
  });
  std::thread u([] {
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: an exception can escape the function of this thread
    try {
      opaque();
    } catch (const std::exception &) {
      std::rethrow_exception(std::current_exception());
    }
  });
  t.join(), u.join();
}
void positiveInHandler() {
  std::thread t([] {
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: an exception can escape the function of this thread
    try {
      throws();
    } catch (...) {
      throw MyError("worse");
    }
  });
  t.join();
}
struct Worker {
  std::thread t;
  void run() { throws(); }
  void start() {
    t = std::thread(&Worker::run, this);
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: an exception can escape the function of this thread
  }
  void startLambda() {
    t = std::thread([this] { run(); });
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: an exception can escape the function of this thread
  }
};
struct Functor {
  void operator()() const { throw MyError("no"); }
};
void positiveFunctor() {
  Functor f;
  std::thread t(f);
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: an exception can escape the function of this thread
  std::thread u{Functor()};
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: an exception can escape the function of this thread
  std::thread v(std::ref(f));
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: an exception can escape the function of this thread
  t.join(), u.join(), v.join();
}
void positiveConstructor() {
  struct Checked {
    Checked() { throws(); }
  };
  std::thread t([] { Checked c; });
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: an exception can escape the function of this thread
  t.join();
}
void positiveAlgorithm(std::vector<int> &v) {
  std::thread t([&v] { std::for_each(v.begin(), v.end(), [](int i) { if (i) throw i; }); });
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: an exception can escape the function of this thread
  t.join();
}
void *entry(void *) { throw MyError("no"); }
void positivePosix() {
  pthread_t t;
  pthread_create(&t, nullptr, entry, nullptr);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: an exception can escape the function of this thread
  pthread_join(t, nullptr);
}
template <class F> void positiveWrapper(F f) {
  std::thread t([f] { f(); });
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: an exception can escape the function of this thread
  t.join();
}
void useWrapper() { positiveWrapper([] { throw 1; }); }

// Exceptions that are caught, come from code that is not visible, or are carried to the joiner.
void negativeCaught() {
  std::thread a([] {
    try {
      throws();
    } catch (...) {
    }
  });
  std::thread b([] {
    try {
      deep();
    } catch (const std::exception &e) {
      log(e.what());
    }
  });
  std::thread c([] {
    try {
      throw MyError("no");
    } catch (std::runtime_error &) {
    }
  });
  std::thread d([] {
    try {
      try {
        throws();
      } catch (const std::exception &) {
        throw;
      }
    } catch (...) {
    }
  });
  a.join(), b.join(), c.join(), d.join();
}
void negativeFunctionTry() try {
  throws();
} catch (...) {
}
void quiet() noexcept { opaque(); }
struct Base {
  virtual ~Base();
  virtual void run() { throw 1; }
};
void negative(Base &base) {
  std::thread a(opaque);
  std::thread b(quiet);
  std::thread c([] { throw std::bad_alloc(); });
  std::thread d([] { std::vector<int> v(10); v.at(3); std::stoi("1"); });
  std::thread e([]() noexcept { throws(); });
  std::thread f([&base] { base.run(); }); // may be of a derived class
  std::thread g(negativeFunctionTry);
  std::thread h([] { auto later = [] { throw 1; }; (void)later; });
  auto i = std::async(throws);
  auto j = std::async(std::launch::async, [] { throw 1; });
  std::packaged_task<void()> task(throws);
  std::thread k(std::move(task));
  std::function<void()> hidden = opaque;
  std::thread l(hidden);
  a.join(), b.join(), c.join(), d.join(), e.join(), f.join(), g.join(), h.join(), k.join(), l.join();
}
template <class F> void guarded(F f) {
  std::thread t([f] {
    try {
      f();
    } catch (...) {
    }
  });
  t.join();
}
void negativeWrapper() { guarded([] { throw 1; }); }
void negativeStartsAnother() {
  std::thread t([] {
    auto f = std::async([] { throw 1; });
    f.wait();
  });
  t.join();
}
struct Checked {
  int *p;
  int *operator->() const {
    if (!p)
      throw std::logic_error("null");
    return p;
  }
  int &operator*() const {
    if (!p)
      throw std::logic_error("null");
    return *p;
  }
};
void negativeContract(Checked c) {
  std::thread t([c] { ++*c; });
  t.join();
}

void negativePackagedLambda() {
  std::packaged_task<void()> task([] { throws(); });
  std::thread t(std::move(task));
  t.join();
}
void negativeSwitchedOff() {
  std::thread t([] {
    if (false)
      throw 1;
  });
  t.join();
}
struct EndThrows {
  ~EndThrows() noexcept(false) { throws(); }
};
struct EndTerminates {
  ~EndTerminates() { throws(); }
};
void positiveDestructor() {
  std::thread t([] { EndThrows end; });
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: an exception can escape the function of this thread
  std::thread u([] { EndTerminates end; }); // terminates in the noexcept destructor
  std::thread v([](auto n) { throw n; }, 1);
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: an exception can escape the function of this thread
  t.join(), u.join(), v.join();
}

// A test framework's assertions may terminate the test.
struct TestIsOver {};
[[noreturn]] void endTest(bool, const char *) { throw TestIsOver(); }
#define REQUIRE(x) ((x) ? (void)0 : endTest(x, #x))
#define THROW_UNLESS(x)                                                                                                                   \
  do {                                                                                                                                    \
    if (!(x))                                                                                                                             \
      throw std::runtime_error(#x);                                                                                                       \
  } while (0)
void negativeAssertion() {
  std::thread t([] { REQUIRE(flag()); });
  t.join();
}
void positiveErrorOfMacro() {
  std::thread t([] { THROW_UNLESS(flag()); });
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: an exception can escape the function of this thread
  std::thread u([] { endTest(flag(), "no macro"); });
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: an exception can escape the function of this thread
  t.join(), u.join();
}

void closureAsPointer() {
  pthread_t id;
  pthread_create(&id, nullptr, [](void *) -> void * { throw Other(); }, nullptr);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: an exception can escape the function of this thread
  pthread_join(id, nullptr);
  pthread_create(&id, nullptr, +[](void *p) -> void * { return p; }, nullptr);
  pthread_join(id, nullptr);
}
