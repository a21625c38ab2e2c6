// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Read under a readers-writer lock; in company, one operation in a hundred writes.
#include "together.h"

#include <ward/rw_lock.h>

#include <benchmark/benchmark.h>
#ifdef WARD_BENCH_ABSL
#include <absl/synchronization/mutex.h>
#endif

#include <mutex>
#include <shared_mutex>

namespace {

struct Ward {
  ward::RwLock<long> value{0L};
  long read() { return *value.read(); }
  void write() { *value.write() += 1; }
};

struct Std {
  std::shared_mutex mutex;
  long value = 0;
  long read() {
    const std::shared_lock lock(mutex);
    return value;
  }
  void write() {
    const std::unique_lock lock(mutex);
    value += 1;
  }
};

template <class Lock> void alone(benchmark::State &state) {
  Lock lock;
  benchmark::DoNotOptimize(&lock);
  for (auto _ : state)
    benchmark::DoNotOptimize(lock.read());
}

template <class Lock> void together(benchmark::State &state) {
  const int threads = static_cast<int>(state.range(0));
  for (auto _ : state) {
    Lock lock;
    const double seconds = bench::seconds_together(threads, [&](int) {
      for (int i = 1; i <= bench::lock_operations; ++i)
        if (i % bench::write_every == 0)
          lock.write();
        else
          benchmark::DoNotOptimize(lock.read());
    });
    state.SetIterationTime(seconds / (threads * bench::lock_operations));
  }
}

template <class Lock> void add(const char *name_alone, const char *name_together) {
  benchmark::RegisterBenchmark(name_alone, alone<Lock>);
  benchmark::RegisterBenchmark(name_together, together<Lock>)->Arg(2)->Arg(4)->Iterations(2)->UseManualTime();
}

const bool registered = [] {
  add<Ward>("read/ward", "read-mostly/ward");
  add<Std>("read/std", "read-mostly/std");
#ifdef WARD_BENCH_ABSL
  struct Absl {
    absl::Mutex mutex;
    long value = 0;
    long read() {
      const absl::ReaderMutexLock lock(&mutex);
      return value;
    }
    void write() {
      const absl::WriterMutexLock lock(&mutex);
      value += 1;
    }
  };
  add<Absl>("read/absl", "read-mostly/absl");
#endif
  return true;
}();

} // namespace
