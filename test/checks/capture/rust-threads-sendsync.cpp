// RUN: %check_ward %s ward-non-send-capture %t -- -- -I%runtime_include
// RUN: %check_ward %s ward-non-sync-share %t.sync -check-suffixes=SYNC -- -- -I%runtime_include
// RUN: %check_ward %s ward-shared-non-sync %t.shared -check-suffixes=SHARED -- -- -I%runtime_include
// RUN: %check_ward %s ward-borrow-outlives-scope %t.borrow -check-suffixes=BORROW -- -- -I%runtime_include
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What rustc's tests of threads, Send and Sync, and Clippy's of Arc, accept and reject, in C++.
#include <atomic>
#include <chrono>
#include <deque>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>
#include <ward/ward.h>

void use(const void *);

// A thread may outlive its starter if it owns its data.
void childOutlivesParent() {
  auto text = std::make_unique<std::string>("hello");
  std::thread([text = std::move(text)] { use(text.get()); }).detach();
}
// An object with a destructor may move to a thread, and back through a channel.
struct Resource {
  int id;
  ~Resource() { use(&id); }
};
void sendResource() {
  auto [sender, receiver] = ward::channel<std::unique_ptr<Resource>>();
  std::thread t([sender = std::move(sender)]() mutable { (void)sender.send(std::make_unique<Resource>()); });
  t.join();
}
// A receiver may move to the one thread that uses it.
void receiverMoves() {
  auto [sender, receiver] = ward::channel<int>();
  std::thread t([receiver = std::move(receiver)]() mutable { (void)receiver.recv(); });
  t.join();
}
void receiverShared() {
  auto pair = ward::channel<int>();
  ward::Receiver<int> receiver = std::move(pair.second);
  std::thread t([&receiver] { (void)receiver.recv(); });
// CHECK-MESSAGES-SYNC: :[[@LINE-1]]:17: warning: 'receiver' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
  t.join();
}
// A function, a closure without captures, and plain arguments start threads.
void child(int number) { use(&number); }
void spawnFunction() {
  std::thread a(child, 10), b([] { child(20); }), c(child, 30);
  a.join(), b.join(), c.join();
}
// The tasks of a parallel for borrow from the starter, which waits for all of them.
template <class Each> void parallelFor(std::vector<int> &all, Each each) {
  std::vector<std::thread> threads;
  for (int &one : all)
    threads.emplace_back([&each, &one] { each(one); });
  for (std::thread &t : threads)
    t.join();
}
void scopedBorrow() {
  std::vector<int> all{1, 2, 3};
  const int factor = 2;
  parallelFor(all, [&factor](int &one) { one *= factor; });
  ward::scope([&](ward::Scope &s) { s.spawn([&factor] { use(&factor); }); });
}
// Iterators are Send and Sync as their elements are.
void iterators(const std::vector<int> &v, const std::deque<int> &d, const std::map<int, int> &m, const std::set<int> &s,
               const std::vector<ward::Cell<int>> &cells) {
  std::thread a([i = v.begin()] { use(&*i); });
  std::thread b([i = d.begin()] { use(&*i); });
  std::thread c([i = m.begin()] { use(&*i); });
  std::thread e([i = s.begin()] { use(&*i); });
  std::thread f([i = cells.begin()] { use(&*i); });
// CHECK-MESSAGES-SYNC: :[[@LINE-1]]:17: warning: 'i' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
}
// Rc, and what contains one, is not Send: E0277.
void rc(ward::Rc<int> &rc, std::vector<ward::Rc<std::string>> all) {
  std::thread a([rc = rc.clone()] { use(&rc); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'rc' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::thread b([&rc] { use(&rc); });
// CHECK-MESSAGES-SYNC: :[[@LINE-1]]:17: warning: 'rc' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
  std::thread c([all = std::move(all)] { use(&all); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'all' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
}
// A Cell is Send but not Sync; a Mutex of a Send type is Sync.
void cells(ward::Cell<int> &cell, ward::Mutex<ward::Cell<int>> &locked, ward::Arc<ward::Mutex<int>> arc) {
  std::thread a([&cell] { cell.set(1); });
// CHECK-MESSAGES-SYNC: :[[@LINE-1]]:17: warning: 'cell' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
  std::thread b([&locked] { use(&locked); });
  std::thread c([arc = arc.clone()] { use(&arc); });
}
// A guard is not Send: the thread that acquired the lock must release it.
void guard(ward::Mutex<int> &m) {
  auto g = m.lock();
  std::thread t([g = std::move(g)] { use(&g); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'g' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
}
// Clippy, arc_with_non_send_sync: RefCell, a raw pointer in a Mutex, a plain number, a Mutex.
void arcs() {
  auto refCell = ward::Arc<ward::RefCell<int>>::make(42);
  auto number = ward::Arc<int>::make(42);
  auto mutex = ward::Arc<ward::Mutex<int>>::make(42);
  std::thread a([refCell = refCell.clone()] { use(&refCell); });
// CHECK-MESSAGES-SHARED: :[[@LINE-1]]:17: warning: 'refCell' is passed to another thread, but shares ownership of an object that is not both Send and Sync (must not be used by several threads) [ward-shared-non-sync]
  std::thread b([number = number.clone()] { use(&number); });
  std::thread c([mutex = mutex.clone()] { use(&mutex); });
  auto stays = ward::Arc<ward::RefCell<int>>::make(42);
  use(&stays);
}
// E0373: a closure that may outlive the function borrows its local.
std::thread mayOutlive() {
  int local = 1;
  return std::thread([&local] { use(&local); });
// CHECK-MESSAGES-BORROW: :[[@LINE-1]]:22: warning: possible use-after-free: this thread refers to 'local', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
}
// E0597: what the thread borrows does not live long enough.
void notLongEnough() {
  std::thread t;
  {
    int inner = 1;
    t = std::thread([&inner] { use(&inner); });
// CHECK-MESSAGES-BORROW: :[[@LINE-1]]:21: warning: possible use-after-free: this thread refers to 'inner', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
  }
  t.join();
}
