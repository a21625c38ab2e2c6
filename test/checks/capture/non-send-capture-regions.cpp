// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-non-send-capture %t -std=c++17,c++20
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>
template <class T> class Counted {
public:
  Counted() = default;
  explicit Counted(const T &v) : value_(new T(v)), count_(new int(1)) {}
  Counted(const Counted &o) : value_(o.value_), count_(o.count_) { if (count_) ++*count_; }
  Counted(Counted &&o) noexcept : value_(o.value_), count_(o.count_) { o.value_ = nullptr; o.count_ = nullptr; }
  Counted &operator=(Counted o) noexcept { std::swap(value_, o.value_); std::swap(count_, o.count_); return *this; }
  ~Counted() { if (count_ && --*count_ == 0) { delete value_; delete count_; } }
  T &operator*() const { return *value_; }
  T *operator->() const { return value_; }
  int owners() const { return count_ ? *count_ : 0; }
private:
  T *value_ = nullptr; int *count_ = nullptr;
};
struct Doc { std::string text; int n = 0; };
struct Task { Counted<Doc> doc; int id; };
void use(int) noexcept; void run(Counted<Doc> d) noexcept; void keep(const Counted<Doc> &);
Counted<Doc> make(const std::string &s) { return Counted<Doc>(Doc{s, 0}); }
Counted<Doc> cached; Counted<Doc> last() { return cached; }
namespace ok {
void argument() { Counted<Doc> d(Doc{}); std::thread t(run, std::move(d)); t.join(); }
void temporary() { std::thread t(run, Counted<Doc>(Doc{"x", 1})); t.join(); }
void member() { Counted<Doc> d(Doc{}); d->n = 4; std::thread t([d = std::move(d)] { use(d->n); }); t.join(); }
void factory() { auto d = make("x"); std::thread t([d = std::move(d)] { use(d->n); }); t.join(); }
void inStruct() { Task k{Counted<Doc>(Doc{}), 3}; std::thread t([k = std::move(k)] { use(k.id); }); t.join(); }
void closure() { Counted<Doc> d(Doc{}); auto f = [d = std::move(d)]() noexcept { use(d->n); }; std::thread t(std::move(f)); t.join(); }
void asked() { Counted<Doc> d(Doc{}); if (d.owners() == 1) use(d->n); std::thread t([d = std::move(d)] { use(d->n); }); t.join(); }
void early(bool b) { Counted<Doc> d(Doc{}); if (b) return; std::thread t([d = std::move(d)] { use(d->n); }); t.join(); }
void onHeap() { auto k = std::make_unique<Task>(); std::thread t([k = std::move(k)] { use(k->id); }); t.join(); }
}
namespace bad {
void closureCopied() { Counted<Doc> d(Doc{}); auto f = [d = std::move(d)]() noexcept { use(d->n); }; std::thread t(f); f(); t.join(); }
// CHECK-MESSAGES: :[[@LINE-1]]:116: warning: 'd' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
void kept() { Counted<Doc> d(Doc{}); keep(d); std::thread t([d = std::move(d)] { use(d->n); }); t.join(); }
// CHECK-MESSAGES: :[[@LINE-1]]:61: warning: 'd' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
void reference() { Counted<Doc> d(Doc{}); Doc &in = *d; std::thread t([d = std::move(d)] { use(d->n); }); in.n = 2; t.join(); }
// CHECK-MESSAGES: :[[@LINE-1]]:71: warning: 'd' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
void fromCache() { auto d = last(); std::thread t([d = std::move(d)] { use(d->n); }); t.join(); }
// CHECK-MESSAGES: :[[@LINE-1]]:51: warning: 'd' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
void copyOfCache() { Counted<Doc> d = cached; std::thread t([d = std::move(d)] { use(d->n); }); t.join(); }
// CHECK-MESSAGES: :[[@LINE-1]]:61: warning: 'd' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
void secondOwner() { Task k{Counted<Doc>(Doc{}), 3}; Counted<Doc> d = k.doc; std::thread t([k = std::move(k)] { use(k.id); }); use(d->n); t.join(); }
// CHECK-MESSAGES: :[[@LINE-1]]:92: warning: 'k' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
void assigned() { Counted<Doc> d(Doc{}); cached = d; std::thread t([d = std::move(d)] { use(d->n); }); t.join(); }
// CHECK-MESSAGES: :[[@LINE-1]]:68: warning: 'd' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
void byValue() { Counted<Doc> d(Doc{}); std::thread t([d] { use(d->n); }); t.join(); }
// CHECK-MESSAGES: :[[@LINE-1]]:55: warning: 'd' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
void lambdaKeeps() { Counted<Doc> d(Doc{}); auto f = [d] { return d->n; }; std::thread t([d = std::move(d)] { use(d->n); }); use(f()); t.join(); }
// CHECK-MESSAGES: :[[@LINE-1]]:90: warning: 'd' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
void guard(std::mutex &m) { std::unique_lock<std::mutex> l(m); std::thread t([l = std::move(l)] { use(l.owns_lock()); }); t.join(); }
// CHECK-MESSAGES: :[[@LINE-1]]:78: warning: 'l' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
}
