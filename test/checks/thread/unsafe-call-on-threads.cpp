// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-unsafe-call-on-threads %t
// The same call on two threads, with one lock, with several and with none.
#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <clocale>
#include <ctime>
#include <deque>
#include <dirent.h>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <netdb.h>
#include <pthread.h>
#include <pwd.h>
#include <shared_mutex>
#include <string>
#include <thread>
#include <vector>
#include <map>
void use(long) noexcept;
void show(const char *) noexcept;
struct Pool {
  Pool() { for (int i = 0; i < 4; ++i) ws.emplace_back([this] { loop(); }); }
  ~Pool() { { std::lock_guard<std::mutex> l(m); stop = true; } c.notify_all(); for (auto &w : ws) w.join(); }
  void submit(std::function<void()> f) { { std::lock_guard<std::mutex> l(m); q.push_back(std::move(f)); } c.notify_one(); }
  void loop() {
    for (;;) {
      std::function<void()> f;
      { std::unique_lock<std::mutex> l(m); c.wait(l, [this] { return stop || !q.empty(); }); if (q.empty()) return; f = std::move(q.front()); q.pop_front(); }
      f();
    }
  }
  std::mutex m; std::condition_variable c; std::deque<std::function<void()>> q; bool stop = false; std::vector<std::thread> ws;
};
namespace pool {
int a() { std::time_t t = 0; return std::localtime(&t)->tm_hour; }
// CHECK-MESSAGES: :[[@LINE-1]]:37: warning: possible data race: 'localtime' uses the static result of localtime and gmtime, and another thread may call it at the same time, with no common lock [ward-unsafe-call-on-threads]
// CHECK-FIXES: struct tm result = {}; return localtime_r(&t, &result)->tm_hour; }
void twoTasks() { Pool p; p.submit([] { use(a()); }); p.submit([] { use(a()); }); }
int b() { std::time_t t = 0; return std::localtime(&t)->tm_hour; }
// CHECK-MESSAGES: :[[@LINE-1]]:37: warning: possible data race: 'localtime' uses the static result of localtime and gmtime, and another thread may call it at the same time, with no common lock [ward-unsafe-call-on-threads]
void taskAndHere() { Pool p; p.submit([] { use(b()); }); use(b()); }
int c() { std::time_t t = 0; return std::localtime(&t)->tm_hour; }
// CHECK-MESSAGES: :[[@LINE-1]]:37: warning: possible data race: 'localtime' uses the static result of localtime and gmtime, and another thread may call it at the same time, with no common lock [ward-unsafe-call-on-threads]
void inLoop() { Pool p; for (int i = 0; i < 5; ++i) p.submit([] { use(c()); }); }
int d() { std::time_t t = 0; return std::localtime(&t)->tm_hour; }
void oneTask() { Pool p; p.submit([] { use(d()); }); }
int e() { std::time_t t = 0; return std::localtime(&t)->tm_hour; }
void oneTaskThenHere() { { Pool p; p.submit([] { use(e()); }); } use(e()); }
}
namespace members {
class Server {
public:
  void start() { t_ = std::thread([this] { run(); }); }
  ~Server() { stop_ = true; if (t_.joinable()) t_.join(); }
  int hour() { std::time_t t = 0; return std::gmtime(&t)->tm_hour; }
// CHECK-MESSAGES: :[[@LINE-1]]:42: warning: possible data race: 'gmtime' uses the static result of localtime and gmtime, and another thread may call it at the same time, with no common lock [ward-unsafe-call-on-threads]
private:
  void run() { while (!stop_) use(hour()); }
  std::atomic<bool> stop_{false};
  std::thread t_;
};
void f() { Server s; s.start(); use(s.hour()); }
class Locked {
public:
  void start() { t_ = std::thread([this] { run(); }); }
  ~Locked() { stop_ = true; if (t_.joinable()) t_.join(); }
  int hour() { std::lock_guard<std::mutex> g(m_); std::time_t t = 0; return std::gmtime(&t)->tm_hour; }
private:
  void run() { while (!stop_) use(hour()); }
  std::atomic<bool> stop_{false};
  std::mutex m_;
  std::thread t_;
};
void g() { Locked s; s.start(); use(s.hour()); }
class OnlyThread {
public:
  void start() { t_ = std::thread([this] { run(); }); }
  ~OnlyThread() { stop_ = true; if (t_.joinable()) t_.join(); }
private:
  int hour() { std::time_t t = 0; return std::gmtime(&t)->tm_hour; }
  void run() { while (!stop_) use(hour()); }
  std::atomic<bool> stop_{false};
  std::thread t_;
};
void h() { OnlyThread s; s.start(); }
}
namespace detached {
void log(const char *w) { std::time_t t = std::time(nullptr); show(std::ctime(&t)); show(w); }
// CHECK-MESSAGES: :[[@LINE-1]]:68: warning: possible data race: 'ctime' uses the static result of ctime and asctime, and another thread may call it at the same time, with no common lock [ward-unsafe-call-on-threads]
void f() { std::thread([] { log("a"); }).detach(); log("b"); }
}
namespace two {
void x() { show(std::strerror(1)); }
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: possible data race: 'strerror' uses the static result of strerror, and another thread may call it at the same time, with no common lock [ward-unsafe-call-on-threads]
void y() { show(std::strerror(2)); }
void f() { std::thread a(x), b(y); a.join(); b.join(); }
void once() { std::srand(4); }
int r() { return std::rand(); }
// CHECK-MESSAGES: :[[@LINE-1]]:18: warning: possible data race: 'rand' uses the random sequence of rand, and another thread may call it at the same time, with no common lock [ward-unsafe-call-on-threads]
void g() { once(); std::thread a([] { use(r()); }); use(r()); a.join(); }
}
namespace shared {
std::shared_mutex sm;
int s() { std::shared_lock<std::shared_mutex> l(sm); std::time_t t = 0; return std::localtime(&t)->tm_hour; }
// CHECK-MESSAGES: :[[@LINE-1]]:80: warning: possible data race: 'localtime' uses the static result of localtime and gmtime, and another thread may call it at the same time, with no common lock [ward-unsafe-call-on-threads]
void f() { std::thread a([] { use(s()); }), b([] { use(s()); }); a.join(); b.join(); }
int u() { std::unique_lock<std::shared_mutex> l(sm); std::time_t t = 0; return std::localtime(&t)->tm_hour; }
void g() { std::thread a([] { use(u()); }), b([] { use(u()); }); a.join(); b.join(); }
std::mutex m;
int early() { std::unique_lock<std::mutex> l(m); l.unlock(); std::time_t t = 0; return std::localtime(&t)->tm_hour; }
// CHECK-MESSAGES: :[[@LINE-1]]:88: warning: possible data race: 'localtime' uses the static result of localtime and gmtime, and another thread may call it at the same time, with no common lock [ward-unsafe-call-on-threads]
void h() { std::thread a([] { use(early()); }), b([] { use(early()); }); a.join(); b.join(); }
int raw() { m.lock(); std::time_t t = 0; int n = std::localtime(&t)->tm_hour; m.unlock(); return n; }
void i() { std::thread a([] { use(raw()); }), b([] { use(raw()); }); a.join(); b.join(); }
template <class F> auto withLock(F f) { std::lock_guard<std::mutex> g(m); return f(); }
int inner() { return withLock([] { std::time_t t = 0; return std::localtime(&t)->tm_hour; }); }
void j() { std::thread a([] { use(inner()); }), b([] { use(inner()); }); a.join(); b.join(); }
}
namespace discarded {
void tz() { std::time_t t = 0; std::localtime(&t); }
void f() { std::thread a(tz), b(tz); a.join(); b.join(); }
void q() { show(std::setlocale(LC_ALL, nullptr)); }
void g() { std::thread a(q), b(q); a.join(); b.join(); }
}
namespace env {
void reader() { show(std::getenv("X")); }
void writer() { setenv("X", "y", 1); }
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: possible data race: 'setenv' uses the environment, and another thread may call 'getenv' at the same time, with no common lock [ward-unsafe-call-on-threads]
void f() { std::thread a(reader), b(writer); a.join(); b.join(); }
std::mutex m;
void lockedReader() { std::lock_guard<std::mutex> g(m); show(std::getenv("Y")); }
}
namespace env2 {
std::mutex m;
void lockedReader() { std::lock_guard<std::mutex> g(m); show(std::getenv("Y")); }
void f() { lockedReader(); }
void tokens(char *t) {
  for (char *w = std::strtok(t, ","); w; w = std::strtok(nullptr, ","))
// CHECK-MESSAGES: :[[@LINE-1]]:18: warning: possible data race: 'strtok' uses the position of strtok, and another thread may call it at the same time, with no common lock [ward-unsafe-call-on-threads]
  // CHECK-FIXES: char *result = nullptr;
  // CHECK-FIXES-NEXT: for (char *w = strtok_r(t, ",", &result); w; w = strtok_r(nullptr, ",", &result))
    show(w);
}
void g(char *a, char *b) { std::thread x(tokens, a), y(tokens, b); x.join(); y.join(); }
void loc() { std::setlocale(LC_ALL, "de_DE"); }
// CHECK-MESSAGES: :[[@LINE-1]]:14: warning: possible data race: 'setlocale' uses the locale of the program, and another thread may call 'printf' at the same time, with no common lock [ward-unsafe-call-on-threads]
void prints() { std::printf("%f", 1.0); }
void h() { std::thread a(prints); loc(); a.join(); }
}
namespace dirs {
struct Walk {
  DIR *d = opendir(".");
  void step() { use(readdir(d) != nullptr); }
// CHECK-MESSAGES: :[[@LINE-1]]:21: warning: possible data race: 'readdir' uses the position in the directory, and another thread may call it at the same time, with no common lock [ward-unsafe-call-on-threads]
  void go() { std::thread a([this] { step(); }), b([this] { step(); }); a.join(); b.join(); }
};
void each() {
  std::vector<std::thread> ts;
  for (const char *p : {"a", "b"}) { DIR *d = opendir(p); ts.emplace_back([d] { use(readdir(d) != nullptr); }); }
  for (auto &t : ts) t.join();
}
void mineAndYours() {
  DIR *a = opendir("a"), *b = opendir("b");
  std::thread x([a] { use(readdir(a) != nullptr); }), y([b] { use(readdir(b) != nullptr); });
  x.join(); y.join();
}
void readAll(DIR *d) { while (readdir(d)) use(1); }
// CHECK-MESSAGES: :[[@LINE-1]]:31: warning: possible data race: 'readdir' uses the position in the directory, and another thread may call it at the same time, with no common lock [ward-unsafe-call-on-threads]
void byArgument() { DIR *d = opendir("a"); std::thread x(readAll, d), y(readAll, d); x.join(); y.join(); }
DIR *shared;
void global() { use(readdir(shared) != nullptr); }
// CHECK-MESSAGES: :[[@LINE-1]]:21: warning: possible data race: 'readdir' uses the position in the directory, and another thread may call it at the same time, with no common lock [ward-unsafe-call-on-threads]
void g() { std::thread x(global), y(global); x.join(); y.join(); }
}
namespace statics {
int zone() { static int z = [] { std::time_t t = 0; return std::localtime(&t)->tm_isdst; }(); return z; }
void f() { std::thread x([] { use(zone()); }), y([] { use(zone()); }); x.join(); y.join(); }
}
namespace futures {
int n() { std::time_t t = 0; return std::localtime(&t)->tm_year; }
void f() { auto a = std::async(std::launch::async, [] { return n(); }); use(a.get()); use(n()); }
int k() { std::time_t t = 0; return std::localtime(&t)->tm_year; }
// CHECK-MESSAGES: :[[@LINE-1]]:37: warning: possible data race: 'localtime' uses the static result of localtime and gmtime, and another thread may call it at the same time, with no common lock [ward-unsafe-call-on-threads]
void g() { auto a = std::async(std::launch::async, [] { return k(); }); use(k()); use(a.get()); }
}
int main(int, char **v) {
  pool::twoTasks(); pool::taskAndHere(); pool::inLoop(); pool::oneTask(); pool::oneTaskThenHere();
  members::f(); members::g(); members::h(); 
  two::f(); two::g(); shared::f(); shared::g(); shared::h(); shared::i(); shared::j();
  discarded::f(); discarded::g(); env::f(); env2::f(); env2::g(v[0], v[1]); env2::h(); dirs::Walk().go(); dirs::each(); dirs::mineAndYours(); dirs::byArgument(); dirs::g();
  statics::f(); futures::f(); futures::g();
  detached::f();
}
