// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <algorithm>
#include <barrier>
#include <chrono>
#include <thread>
#include <vector>

namespace bench {

using Clock = std::chrono::steady_clock;

/// Runs `work(index)` on so many threads at once; how many seconds from the first one's start to the last one's end. Threads
/// take the times themselves: on a busy machine a thread that waits for them wakes late.
template <class Work> double seconds_together(int threads, Work work) {
  struct Span {
    Clock::time_point begin, end;
  };
  std::vector<Span> spans(static_cast<std::size_t>(threads));
  std::barrier start(threads);
  std::vector<std::thread> running;
  for (int i = 0; i < threads; ++i)
    running.emplace_back([&, i] {
      start.arrive_and_wait();
      const auto begin = Clock::now();
      work(i);
      spans[static_cast<std::size_t>(i)] = {begin, Clock::now()};
    });
  for (auto &thread : running)
    thread.join();
  auto begin = spans[0].begin, end = spans[0].end;
  for (const auto &span : spans) {
    begin = std::min(begin, span.begin);
    end = std::max(end, span.end);
  }
  return std::chrono::duration<double>(end - begin).count();
}

// Operations of each thread in one measurement; rust/main.rs has the same numbers.
inline constexpr int lock_operations = 500'000, channel_operations = 200'000;
// A write every so many operations of a read-mostly lock.
inline constexpr int write_every = 100;

} // namespace bench
