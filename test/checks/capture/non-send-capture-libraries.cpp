// RUN: %check_ward %s ward-non-send-capture %t -- -- -I%runtime_include -D_GLIBCXX_USE_TBB_PAR_BACKEND=0
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Each library of the catalog starts threads in its own way; captures are judged alike.
#include "asio.h"
#include "boost_thread.h"
#include "folly.h"
#include "local_rc.h"
#include "qt.h"
#include "tbb.h"
#include "ward/annotations.h"
#include <algorithm>
#include <execution>
#include <functional>
#include <future>
#include <pthread.h>
#include <string>
#include <thread>
#include <vector>

struct Job {
  int id;
  LocalRc<int> rc;
};
struct Plain {
  int id;
  std::string text;
};

void PositiveStd(Job job) {
  std::thread a([job] { consume(job); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::jthread b([job] { consume(job); });
// CHECK-MESSAGES: :[[@LINE-1]]:18: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  auto c = std::async(std::launch::async, [job] { consume(job); });
// CHECK-MESSAGES: :[[@LINE-1]]:43: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  auto d = std::async([job] { consume(job); });
// CHECK-MESSAGES: :[[@LINE-1]]:23: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::vector<std::thread> all;
  all.emplace_back([job] { consume(job); });
// CHECK-MESSAGES: :[[@LINE-1]]:20: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  all.push_back(std::thread([job] { consume(job); }));
// CHECK-MESSAGES: :[[@LINE-1]]:29: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  auto owned = std::make_unique<std::thread>([job] { consume(job); });
// CHECK-MESSAGES: :[[@LINE-1]]:46: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  auto *raw = new std::thread([job] { consume(job); });
// CHECK-MESSAGES: :[[@LINE-1]]:31: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::packaged_task<void()> task([job] { consume(job); });
  std::thread e(std::move(task));
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
}

void NegativeStd(Plain plain, Job job) {
  std::thread a([plain] { consume(plain); });
  std::jthread b([plain] { consume(plain); });
  auto c = std::async(std::launch::async, [plain] { consume(plain); });
  auto lazy = std::async(std::launch::deferred, [job] { consume(job); });
  std::packaged_task<void()> task([job] { consume(job); });
  task();
  std::vector<std::function<void()>> callbacks;
  callbacks.emplace_back([job] { consume(job); });
}

void PositiveParallelAlgorithms(std::vector<int> v, Job job) {
  std::for_each(std::execution::par, v.begin(), v.end(), [job](int) { consume(job); });
// CHECK-MESSAGES: :[[@LINE-1]]:58: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::for_each(std::execution::par_unseq, v.begin(), v.end(), [job](int) { consume(job); });
// CHECK-MESSAGES: :[[@LINE-1]]:64: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::sort(std::execution::par, v.begin(), v.end(), [job](int a, int b) { return consume(job), a < b; });
// CHECK-MESSAGES: :[[@LINE-1]]:54: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
}

void NegativeParallelAlgorithms(std::vector<int> v, Job job, Plain plain) {
  std::for_each(v.begin(), v.end(), [job](int) { consume(job); });
  std::for_each(std::execution::seq, v.begin(), v.end(), [job](int) { consume(job); });
  std::for_each(std::execution::par, v.begin(), v.end(), [plain](int) { consume(plain); });
}

void PositiveBoost(Job job, boost::thread_group &group) {
  boost::thread a([job] { consume(job); });
// CHECK-MESSAGES: :[[@LINE-1]]:19: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  boost::thread b([](const Job &) {}, job);
// CHECK-MESSAGES: :[[@LINE-1]]:39: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  boost::async(boost::launch::async, [job] { consume(job); });
// CHECK-MESSAGES: :[[@LINE-1]]:38: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  boost::async([job] { consume(job); });
// CHECK-MESSAGES: :[[@LINE-1]]:16: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  group.create_thread([job] { consume(job); });
// CHECK-MESSAGES: :[[@LINE-1]]:23: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
}

void NegativeBoost(Plain plain, Job job, boost::thread_group &group) {
  boost::thread a([plain] { consume(plain); });
  boost::thread b([](const Plain &) {}, plain);
  boost::async(boost::launch::deferred, [job] { consume(job); });
  group.create_thread([plain] { consume(plain); });
}

void PositiveAsio(Job job, asio::io_context &context, asio::thread_pool &pool) {
  asio::post(context, [job] { consume(job); });
// CHECK-MESSAGES: :[[@LINE-1]]:23: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  asio::post(pool, [job] { consume(job); });
// CHECK-MESSAGES: :[[@LINE-1]]:20: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  asio::post([job] { consume(job); });
// CHECK-MESSAGES: :[[@LINE-1]]:14: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  asio::dispatch(context, [job] { consume(job); });
// CHECK-MESSAGES: :[[@LINE-1]]:27: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  asio::defer(context, [job] { consume(job); });
// CHECK-MESSAGES: :[[@LINE-1]]:24: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  context.post([job] { consume(job); });
// CHECK-MESSAGES: :[[@LINE-1]]:16: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  pool.executor().execute([job] { consume(job); });
// CHECK-MESSAGES: :[[@LINE-1]]:27: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  context.get_executor().execute([job] { consume(job); });
// CHECK-MESSAGES: :[[@LINE-1]]:34: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  asio::co_spawn(context, [job] { consume(job); }, asio::detached);
// CHECK-MESSAGES: :[[@LINE-1]]:27: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
}

void NegativeAsio(Plain plain, asio::io_context &context, asio::thread_pool &pool) {
  asio::post(context, [plain] { consume(plain); });
  asio::post(pool, [plain] { consume(plain); });
  asio::dispatch(context, [plain] { consume(plain); });
  asio::co_spawn(context, [plain] { consume(plain); }, asio::detached);
  pool.executor().execute([plain] { consume(plain); });
}

void PositiveFolly(Job job, folly::Executor &any, folly::CPUThreadPoolExecutor &cpu, folly::EventBase &base) {
  any.add([job] { consume(job); });
// CHECK-MESSAGES: :[[@LINE-1]]:11: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  cpu.add([job] { consume(job); });
// CHECK-MESSAGES: :[[@LINE-1]]:11: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  base.runInEventBaseThread([job] { consume(job); });
// CHECK-MESSAGES: :[[@LINE-1]]:29: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  folly::via(&cpu, [job] { consume(job); });
// CHECK-MESSAGES: :[[@LINE-1]]:20: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  folly::Future<folly::Unit> f = folly::via(&cpu, [] {});
  std::move(f).thenValue([job](auto) { consume(job); });
// CHECK-MESSAGES: :[[@LINE-1]]:26: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
}

void NegativeFolly(Plain plain, folly::Executor &any, folly::CPUThreadPoolExecutor &cpu) {
  any.add([plain] { consume(plain); });
  cpu.add([plain] { consume(plain); });
  folly::via(&cpu, [plain] { consume(plain); });
}

void PositiveTbb(Job job, tbb::task_group &group, tbb::task_arena &arena, std::vector<int> v) {
  group.run([job] { consume(job); });
// CHECK-MESSAGES: :[[@LINE-1]]:13: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  group.run_and_wait([job] { consume(job); });
// CHECK-MESSAGES: :[[@LINE-1]]:22: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  arena.enqueue([job] { consume(job); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  tbb::parallel_for(0, 10, [job](int) { consume(job); });
// CHECK-MESSAGES: :[[@LINE-1]]:28: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  oneapi::tbb::parallel_for(tbb::blocked_range<int>(0, 10), [job](auto) { consume(job); });
// CHECK-MESSAGES: :[[@LINE-1]]:61: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  tbb::parallel_for_each(v.begin(), v.end(), [job](int) { consume(job); });
// CHECK-MESSAGES: :[[@LINE-1]]:46: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  tbb::parallel_invoke([] {}, [job] { consume(job); });
// CHECK-MESSAGES: :[[@LINE-1]]:31: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
}

void NegativeTbb(Plain plain, tbb::task_group &group, std::vector<int> v) {
  group.run([plain] { consume(plain); });
  tbb::parallel_for(0, 10, [plain](int) { consume(plain); });
  tbb::parallel_for_each(v.begin(), v.end(), [plain](int) { consume(plain); });
  tbb::parallel_invoke([] {}, [plain] { consume(plain); });
}

void PositiveQt(QPixmap pixmap, Job job, QThreadPool *pool, QVector<int> v) {
  QThread::create([pixmap] { consume(pixmap); });
// CHECK-MESSAGES: :[[@LINE-1]]:19: warning: 'pixmap' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  QThread::create([](const Job &) {}, job);
// CHECK-MESSAGES: :[[@LINE-1]]:39: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  QtConcurrent::run([pixmap] { consume(pixmap); });
// CHECK-MESSAGES: :[[@LINE-1]]:21: warning: 'pixmap' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  QtConcurrent::run(pool, [job] { consume(job); });
// CHECK-MESSAGES: :[[@LINE-1]]:27: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  QtConcurrent::map(v, [job](int) { consume(job); });
// CHECK-MESSAGES: :[[@LINE-1]]:24: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  QtConcurrent::blockingMap(v, [job](int) { consume(job); });
// CHECK-MESSAGES: :[[@LINE-1]]:32: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  pool->start([job] { consume(job); });
// CHECK-MESSAGES: :[[@LINE-1]]:15: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
}

void NegativeQt(QImage image, QString text, Plain plain, QThreadPool *pool) {
  QThread::create([image, text] { consume(image); });
  QtConcurrent::run([image] { consume(image); });
  QtConcurrent::run(pool, [plain] { consume(plain); });
  pool->start([plain] { consume(plain); });
}

void annotated(WARD_SPAWN std::function<void()> f);
WARD_SPAWN void annotatedWhole(std::function<void()> f);
void scoped(WARD_SCOPED_SPAWN std::function<void()> f);

void PositiveAnnotated(Job job) {
  annotated([job] { consume(job); });
// CHECK-MESSAGES: :[[@LINE-1]]:13: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  annotatedWhole([job] { consume(job); });
// CHECK-MESSAGES: :[[@LINE-1]]:18: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  scoped([job] { consume(job); });
// CHECK-MESSAGES: :[[@LINE-1]]:10: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
}

void NegativeAnnotated(Plain plain) {
  annotated([plain] { consume(plain); });
  annotatedWhole([plain] { consume(plain); });
  scoped([plain] { consume(plain); });
}

// A class that holds a callable may inherit its call operator.
namespace absl {
namespace internal {
template <class Signature> struct Core {
  void operator()() {}
};
} // namespace internal
template <class Signature> class AnyInvocable : public internal::Core<Signature> {
public:
  template <class F> AnyInvocable(F &&f) {}
};
} // namespace absl
void PositiveAnyInvocable(Job job) {
  absl::AnyInvocable<void()> work = [job] { consume(job); };
  std::thread t(std::move(work));
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  t.join();
}
