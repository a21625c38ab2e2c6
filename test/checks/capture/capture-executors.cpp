// RUN: %check_ward %s ward-shared-non-sync,ward-conflicting-captures,ward-mutable-global,ward-const-not-sync,ward-borrow-outlives-scope,ward-non-sync-share %t
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// An event loop has no thread of its own: the thread that runs it runs its tasks. What is posted to it is shared with another thread
// only where the unit shows that one runs the loop.
#include "asio.h"
#include <memory>
#include <thread>
#include <vector>

int handled;

void NegativeLoopRunByStarter() {
  asio::io_context io;
  int n = 0;
  for (int i = 0; i < 3; ++i)
    asio::post(io, [&] { ++n; ++handled; });
  n = 5;
  ++handled;
  io.run();
}

class Session {
public:
  void start() {
    asio::post(io, [this] { ++turns; });
  }
  void run() { io.run(); }

private:
  asio::io_context io;
  int turns = 0;
};

struct SharedLazy {
  int get() const { return ++reads; }
  // CHECK-MESSAGES: :[[@LINE-1]]:30: warning: possible data race: const member function 'get' writes 'reads' without a lock, and several threads may call it at the same time [ward-const-not-sync]
  mutable int reads = 0;
};

void PositiveLoopRunByThread(std::shared_ptr<SharedLazy> lazy) {
  asio::io_context io;
  asio::post(io, [lazy] { lazy->get(); });
  // CHECK-MESSAGES: :[[@LINE-1]]:18: warning: 'lazy' is passed to another thread, but shares ownership of an object that is not both Send and Sync (must not be used by several threads) [ward-shared-non-sync]
  std::thread loop([&] { io.run(); });
  lazy->get();
  loop.join();
}

void PositiveParallelToTheLoop() {
  asio::io_context io;
  int n = 0;
  std::thread loop([&io] { io.run(); });
  asio::post(io, [&] { ++n; });
  // CHECK-MESSAGES: :[[@LINE-1]]:18: warning: possible data race: 'n' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
  n = 5;
  loop.join();
}

void NegativeOneThreadInTurn() {
  asio::io_context io;
  int n = 0;
  std::thread loop([&] { io.run(); });
  for (int i = 0; i < 3; ++i)
    asio::post(io, [&] { ++n; });
  loop.join();
}

void PositiveManyThreads() {
  asio::io_context io;
  int n = 0;
  for (int i = 0; i < 3; ++i)
    asio::post(io, [&] { ++n; });
  // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: possible data race: 'n' is written by this thread while another thread that runs the same code may access it, with no common lock [ward-conflicting-captures]
  std::vector<std::thread> loops;
  for (int i = 0; i < 3; ++i)
    loops.emplace_back([&] { io.run(); });
  for (std::thread &loop : loops)
    loop.join();
}

void PositivePool() {
  asio::thread_pool pool(4);
  int n = 0;
  for (int i = 0; i < 3; ++i)
    asio::post(pool.get_executor(), [&] { ++n; });
  // CHECK-MESSAGES: :[[@LINE-1]]:37: warning: possible data race: 'n' is written by this thread while another thread that runs the same code may access it, with no common lock [ward-conflicting-captures]
  pool.join();
}

void NegativeStrand() {
  asio::thread_pool pool(4);
  auto turns = asio::make_strand(pool);
  int n = 0;
  for (int i = 0; i < 3; ++i)
    asio::post(turns, [&] { ++n; });
  asio::post(turns, [&] { ++n; });
  pool.join();
}

void PositiveTwoStrands() {
  asio::thread_pool pool(4);
  auto first = asio::make_strand(pool);
  auto second = asio::make_strand(pool);
  int n = 0;
  asio::post(first, [&] { ++n; });
  asio::post(second, [&] { ++n; });
  // CHECK-MESSAGES: :[[@LINE-1]]:22: warning: possible data race: 'n' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
  pool.join();
}

int posted;

void PositiveSystem() {
  asio::post([] { ++posted; });
  // CHECK-MESSAGES: :[[@LINE-1]]:21: warning: possible data race: 'posted' is written without a lock, and another thread may access it at the same time [ward-mutable-global]
  ++posted;
}

void NegativePoolInItsTasks() {
  asio::thread_pool pool(2);
  asio::post(pool, [&] { asio::post(pool, [] {}); });
  asio::post(pool, [&] { asio::post(pool, [] {}); });
  pool.join();
}
