// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One thread sends numbers, another takes them; the queue is without a bound, or holds 128.
#include "together.h"

#include <ward/channel.h>

#include <benchmark/benchmark.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

namespace {

constexpr std::size_t bound = 128;

// The queue that most programs write by hand: a mutex, two condition variables, a flag.
class StdQueue {
public:
  explicit StdQueue(std::size_t capacity) : capacity_(capacity) {}
  void send(long value) {
    {
      std::unique_lock lock(mutex_);
      not_full_.wait(lock, [&] { return queue_.size() < capacity_; });
      queue_.push_back(value);
    }
    not_empty_.notify_one();
  }
  std::optional<long> receive() {
    std::optional<long> value;
    {
      std::unique_lock lock(mutex_);
      not_empty_.wait(lock, [&] { return !queue_.empty() || closed_; });
      if (queue_.empty())
        return value;
      value = queue_.front();
      queue_.pop_front();
    }
    not_full_.notify_one();
    return value;
  }
  void close() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    not_empty_.notify_one();
  }

private:
  std::mutex mutex_;
  std::condition_variable not_empty_, not_full_;
  std::deque<long> queue_;
  std::size_t capacity_;
  bool closed_ = false;
};

template <class Send, class Receive> void measure(benchmark::State &state, Send send, Receive receive) {
  state.SetIterationTime(bench::seconds_together(2, [&](int thread) { thread == 0 ? send() : receive(); }) /
                         bench::channel_operations);
}

template <class Ends> void through_ward(benchmark::State &state, Ends ends) {
  for (auto _ : state) {
    auto pair = ends();
    measure(
        state,
        [&] {
          auto sender = std::move(pair.first);
          for (long i = 0; i < bench::channel_operations; ++i)
            (void)sender.send(i);
        },
        [&] {
          long sum = 0;
          for (long value : pair.second)
            sum += value;
          benchmark::DoNotOptimize(sum);
        });
  }
}

void through_std(benchmark::State &state, std::size_t capacity) {
  for (auto _ : state) {
    StdQueue queue(capacity);
    measure(
        state,
        [&] {
          for (long i = 0; i < bench::channel_operations; ++i)
            queue.send(i);
          queue.close();
        },
        [&] {
          long sum = 0;
          while (auto value = queue.receive())
            sum += *value;
          benchmark::DoNotOptimize(sum);
        });
  }
}

void ward_channel(benchmark::State &state) {
  through_ward(state, [] { return ward::channel<long>(); });
}
void ward_sync_channel(benchmark::State &state) {
  through_ward(state, [] { return ward::sync_channel<long>(bound); });
}
void std_queue(benchmark::State &state) { through_std(state, static_cast<std::size_t>(-1)); }
void std_bounded_queue(benchmark::State &state) { through_std(state, bound); }

BENCHMARK(ward_channel)->Name("channel/ward")->Iterations(2)->UseManualTime();
BENCHMARK(std_queue)->Name("channel/std")->Iterations(2)->UseManualTime();
BENCHMARK(ward_sync_channel)->Name("sync-channel/ward")->Iterations(2)->UseManualTime();
BENCHMARK(std_bounded_queue)->Name("sync-channel/std")->Iterations(2)->UseManualTime();

} // namespace
