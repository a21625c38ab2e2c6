// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Lock, add one, unlock.
#include "together.h"

#include <ward/mutex.h>

#include <benchmark/benchmark.h>
#ifdef WARD_BENCH_ABSL
#include <absl/synchronization/mutex.h>
#endif

#include <atomic>
#include <mutex>

namespace {

struct Ward {
  ward::Mutex<long> value{0L};
  void add() { *value.lock() += 1; }
};

struct Std {
  std::mutex mutex;
  long value = 0;
  void add() {
    const std::lock_guard lock(mutex);
    value += 1;
  }
};

// What every lock of this kind must do at least. Not a lock: it does not wait.
struct Floor {
  std::atomic<int> state{0};
  long value = 0;
  void add() {
    int free = 0;
    state.compare_exchange_strong(free, 1, std::memory_order_acquire, std::memory_order_relaxed);
    value += 1;
    benchmark::DoNotOptimize(state.exchange(0, std::memory_order_release));
  }
};

struct WardOverStd { // what poisoning and the guard cost on the same lock
  ward::Mutex<long, std::mutex> value{0L};
  void add() { *value.lock() += 1; }
};

template <class Lock> void uncontended(benchmark::State &state) {
  Lock lock;
  benchmark::DoNotOptimize(&lock);
  for (auto _ : state)
    lock.add();
}

template <class Lock> void contended(benchmark::State &state) {
  const int threads = static_cast<int>(state.range(0));
  for (auto _ : state) {
    Lock lock;
    const double seconds = bench::seconds_together(threads, [&](int) {
      for (int i = 0; i < bench::lock_operations; ++i)
        lock.add();
    });
    state.SetIterationTime(seconds / (threads * bench::lock_operations));
  }
}

template <class Lock> void contend(const char *name) {
  benchmark::RegisterBenchmark(name, contended<Lock>)->Arg(2)->Arg(4)->Iterations(2)->UseManualTime();
}

const bool registered = [] {
  benchmark::RegisterBenchmark("lock/ward", uncontended<Ward>);
  benchmark::RegisterBenchmark("lock/std", uncontended<Std>);
  benchmark::RegisterBenchmark("floor/std", uncontended<Floor>);
  benchmark::RegisterBenchmark("lock/ward-over-std", uncontended<WardOverStd>);
  contend<Ward>("contended/ward");
  contend<Std>("contended/std");
#ifdef WARD_BENCH_ABSL
  struct Absl {
    absl::Mutex mutex;
    long value = 0;
    void add() {
      const absl::MutexLock lock(&mutex);
      value += 1;
    }
  };
  benchmark::RegisterBenchmark("lock/absl", uncontended<Absl>);
  contend<Absl>("contended/absl");
#endif
  return true;
}();

} // namespace
