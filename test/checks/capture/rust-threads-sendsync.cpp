// RUN: %check_ward %s ward-non-send-capture %t -- -- -I%runtime_include
// RUN: %check_ward %s ward-non-sync-share %t.sync -check-suffixes=SYNC -- -- -I%runtime_include
// RUN: %check_ward %s ward-shared-non-sync %t.shared -check-suffixes=SHARED -- -- -I%runtime_include
// RUN: %check_ward %s ward-borrow-outlives-scope %t.borrow -check-suffixes=BORROW -- -- -I%runtime_include
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What rustc's tests of threads, Send and Sync accept and refuse, and Clippy's of Arc, told in C++.
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

// A child may outlive its parent with what it owns.
void childOutlivesParent() {
  auto text = std::make_unique<std::string>("hello");
  std::thread([text = std::move(text)] { use(text.get()); }).detach();
}
// An object with a destructor may move to a thread, there and back through a channel.
struct Resource {
  int id;
  ~Resource() { use(&id); }
};
void sendResource() {
  auto [sender, receiver] = ward::channel<std::unique_ptr<Resource>>();
  std::thread t([sender = std::move(sender)]() mutable { (void)sender.send(std::make_unique<Resource>()); });
  t.join();
}
// A receiver may move, and be used by one thread.
void receiverMoves() {
  auto [sender, receiver] = ward::channel<int>();
  std::thread t([receiver = std::move(receiver)]() mutable { (void)receiver.recv(); });
  t.join();
}
void receiverShared() {
  auto pair = ward::channel<int>();
  ward::Receiver<int> receiver = std::move(pair.second);
  std::thread t([&receiver] { (void)receiver.recv(); });
// CHECK-MESSAGES-SYNC: :[[@LINE-1]]:17: warning: 'receiver' must not be used by two threads: what it refers to is not Sync [ward-non-sync-share]
  t.join();
}
// A function, a closure without captures, and plain arguments start threads.
void child(int number) { use(&number); }
void spawnFunction() {
  std::thread a(child, 10), b([] { child(20); }), c(child, 30);
  a.join(), b.join(), c.join();
}
// The tasks of a parallel for borrow from the starter, which waits for them all.
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
// Iterators over collections are what their elements are.
void iterators(const std::vector<int> &v, const std::deque<int> &d, const std::map<int, int> &m, const std::set<int> &s,
               const std::vector<ward::Cell<int>> &cells) {
  std::thread a([i = v.begin()] { use(&*i); });
  std::thread b([i = d.begin()] { use(&*i); });
  std::thread c([i = m.begin()] { use(&*i); });
  std::thread e([i = s.begin()] { use(&*i); });
  std::thread f([i = cells.begin()] { use(&*i); });
// CHECK-MESSAGES-SYNC: :[[@LINE-1]]:17: warning: 'i' must not be used by two threads: what it refers to is not Sync [ward-non-sync-share]
}
// Rc, and what holds one, stays: E0277.
void rc(ward::Rc<int> &rc, std::vector<ward::Rc<std::string>> all) {
  std::thread a([rc = rc.clone()] { use(&rc); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'rc' must not move to another thread: its type is not Send [ward-non-send-capture]
  std::thread b([&rc] { use(&rc); });
// CHECK-MESSAGES-SYNC: :[[@LINE-1]]:17: warning: 'rc' must not be used by two threads: what it refers to is not Sync [ward-non-sync-share]
  std::thread c([all = std::move(all)] { use(&all); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'all' must not move to another thread: its type is not Send [ward-non-send-capture]
}
// A Cell may move and not be shared; a Mutex makes a Send into a Sync.
void cells(ward::Cell<int> &cell, ward::Mutex<ward::Cell<int>> &locked, ward::Arc<ward::Mutex<int>> arc) {
  std::thread a([&cell] { cell.set(1); });
// CHECK-MESSAGES-SYNC: :[[@LINE-1]]:17: warning: 'cell' must not be used by two threads: what it refers to is not Sync [ward-non-sync-share]
  std::thread b([&locked] { use(&locked); });
  std::thread c([arc = arc.clone()] { use(&arc); });
}
// A guard may not move: its thread unlocks.
void guard(ward::Mutex<int> &m) {
  auto g = m.lock();
  std::thread t([g = std::move(g)] { use(&g); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'g' must not move to another thread: its type is not Send [ward-non-send-capture]
}
// Clippy, arc_with_non_send_sync: RefCell, a raw pointer in a Mutex, a plain number, a Mutex.
void arcs() {
  auto refCell = ward::Arc<ward::RefCell<int>>::make(42);
  auto number = ward::Arc<int>::make(42);
  auto mutex = ward::Arc<ward::Mutex<int>>::make(42);
  std::thread a([refCell = refCell.clone()] { use(&refCell); });
// CHECK-MESSAGES-SHARED: :[[@LINE-1]]:17: warning: 'refCell' must not be shared with another thread: what it points to is not both Send and Sync [ward-shared-non-sync]
  std::thread b([number = number.clone()] { use(&number); });
  std::thread c([mutex = mutex.clone()] { use(&mutex); });
  auto stays = ward::Arc<ward::RefCell<int>>::make(42);
  use(&stays);
}
// E0373: a closure that may outlive the function borrows its local.
std::thread mayOutlive() {
  int local = 1;
  return std::thread([&local] { use(&local); });
// CHECK-MESSAGES-BORROW: :[[@LINE-1]]:22: warning: the thread started here refers to 'local', and may still run when that is gone [ward-borrow-outlives-scope]
}
// E0597: what the thread borrows does not live long enough.
void notLongEnough() {
  std::thread t;
  {
    int inner = 1;
    t = std::thread([&inner] { use(&inner); });
// CHECK-MESSAGES-BORROW: :[[@LINE-1]]:21: warning: the thread started here refers to 'inner', and may still run when that is gone [ward-borrow-outlives-scope]
  }
  t.join();
}
