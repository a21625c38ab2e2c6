// RUN: %check_ward %s ward-borrow-outlives-scope %t
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// For each library of the catalog: what the destruction of a handle does to its thread, and which calls wait.
#include "asio.h"
#include "boost_thread.h"
#include "folly.h"
#include "qt.h"
#include "tbb.h"
#include <algorithm>
#include <execution>
#include <future>
#include <pthread.h>
#include <string>
#include <thread>
#include <vector>

void use(...);
bool cond();

void PositiveStd() {
  int x = 0;
  std::thread a([&x] { use(x); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
  a.detach();
  std::jthread b([&x] { use(x); });
// CHECK-MESSAGES: :[[@LINE-1]]:18: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
  b.detach();
}
void NegativeStd() {
  int x = 0;
  std::jthread a([&x] { use(x); });
  std::async([&x] { use(x); });
  auto f = std::async(std::launch::async, [&x] { use(x); });
  auto g = std::async(std::launch::deferred, [&x] { use(x); });
}

void NegativeParallelAlgorithms(std::vector<int> v) {
  int x = 0;
  std::for_each(std::execution::par, v.begin(), v.end(), [&x](int) { use(x); });
}

void PositiveBoost() {
  int x = 0;
  boost::thread([&x] { use(x); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
}
void PositiveBoostDetachesOnDestruction() {
  int x = 0;
  boost::thread t([&x] { use(x); });
// CHECK-MESSAGES: :[[@LINE-1]]:19: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
}
void PositiveBoostGroup(boost::thread_group &group) {
  int x = 0;
  group.create_thread([&x] { use(x); });
// CHECK-MESSAGES: :[[@LINE-1]]:23: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
}
void NegativeBoost() {
  int x = 0;
  boost::thread t([&x] { use(x); });
  t.join();
}
void NegativeBoostGroup() {
  int x = 0;
  boost::thread_group group;
  group.create_thread([&x] { use(x); });
  group.join_all();
}

void PositiveAsio(asio::io_context &context, asio::thread_pool &pool) {
  int x = 0;
  asio::post(context, [&x] { use(x); });
// CHECK-MESSAGES: :[[@LINE-1]]:23: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
  asio::dispatch(context, [&x] { use(x); });
// CHECK-MESSAGES: :[[@LINE-1]]:27: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
  asio::post(pool, [p = &x] { use(*p); });
// CHECK-MESSAGES: :[[@LINE-1]]:20: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
}
void NegativeAsioPoolJoined() {
  int x = 0;
  asio::thread_pool pool(4);
  asio::post(pool, [&x] { use(x); });
  pool.join();
}
void NegativeAsioPoolDestroyedFirst() {
  int x = 0;
  asio::thread_pool pool(4);
  asio::post(pool, [&x] { use(x); });
}
void PositiveAsioPoolDestroyedLast() {
  asio::thread_pool pool(4);
  int x = 0;
  asio::post(pool, [&x] { use(x); });
// CHECK-MESSAGES: :[[@LINE-1]]:20: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
}
void NegativeAsioRunByStarter() {
  int x = 0;
  asio::io_context context;
  asio::post(context, [&x] { use(x); });
  context.run();
}
void NegativeAsioSignal(asio::thread_pool &pool) {
  int x = 0;
  std::promise<void> done;
  asio::post(pool, [&] { use(x); done.set_value(); });
  done.get_future().wait();
}

void PositiveFolly(folly::Executor &executor) {
  int x = 0;
  executor.add([&x] { use(x); });
// CHECK-MESSAGES: :[[@LINE-1]]:16: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
  folly::via(&executor, [&x] { use(x); });
// CHECK-MESSAGES: :[[@LINE-1]]:25: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
}
void NegativeFolly(folly::Executor &executor, folly::EventBase &base) {
  int x = 0;
  folly::via(&executor, [&x] { use(x); }).get();
  auto f = folly::via(&executor, [&x] { use(x); });
  std::move(f).get();
  base.runInEventBaseThreadAndWait([&x] { use(x); });
}

void PositiveTbb(tbb::task_group &group, tbb::task_arena &arena) {
  int x = 0;
  arena.enqueue([&x] { use(x); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
  group.run([&x] { use(x); });
// CHECK-MESSAGES: :[[@LINE-1]]:13: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
}
void NegativeTbb(std::vector<int> v, tbb::task_group &given) {
  int x = 0;
  tbb::parallel_for(0, 10, [&x](int) { use(x); });
  tbb::parallel_for_each(v.begin(), v.end(), [&x](int) { use(x); });
  tbb::parallel_invoke([&x] { use(x); }, [&x] { use(x); });
  tbb::task_group group;
  group.run([&x] { use(x); });
  group.run_and_wait([&x] { use(x); });
  group.wait();
  given.run([&x] { use(x); });
  given.wait();
}

void PositiveQt(QThreadPool *pool) {
  int x = 0;
  QtConcurrent::run([&x] { use(x); });
// CHECK-MESSAGES: :[[@LINE-1]]:21: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
  pool->start([&x] { use(x); });
// CHECK-MESSAGES: :[[@LINE-1]]:15: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
}
void PositiveQtThread() {
  int x = 0;
  auto *t = QThread::create([&x] { use(x); });
// CHECK-MESSAGES: :[[@LINE-1]]:29: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
  t->start();
}
void NegativeQt(QVector<int> v, QThreadPool *pool) {
  int x = 0;
  auto f = QtConcurrent::run([&x] { use(x); });
  f.waitForFinished();
  QtConcurrent::run([&x] { use(x); }).waitForFinished();
  QtConcurrent::blockingMap(v, [&x](int) { use(x); });
  auto *t = QThread::create([&x] { use(x); });
  t->start();
  t->wait();
  pool->start([&x] { use(x); });
  pool->waitForDone();
}

void *entry(void *);
void PositivePosix() {
  int x = 0;
  pthread_t t;
  pthread_create(&t, nullptr, entry, &x);
// CHECK-MESSAGES: :[[@LINE-1]]:38: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
  pthread_detach(t);
}
void PositivePosixOnePath() {
  int x = 0;
  pthread_t t;
  pthread_create(&t, nullptr, entry, &x);
// CHECK-MESSAGES: :[[@LINE-1]]:38: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
  if (cond())
    pthread_join(t, nullptr);
}
void NegativePosix() {
  int x = 0;
  pthread_t t;
  pthread_create(&t, nullptr, entry, &x);
  pthread_join(t, nullptr);
}
void NegativePosixFailed() {
  int x = 0;
  pthread_t t;
  if (pthread_create(&t, nullptr, entry, &x) != 0)
    return;
  pthread_join(t, nullptr);
}
void NegativePosixArray() {
  int x[4] = {};
  pthread_t t[4];
  for (int i = 0; i < 4; ++i)
    pthread_create(&t[i], nullptr, entry, &x[i]);
  for (int i = 0; i < 4; ++i)
    pthread_join(t[i], nullptr);
}
