// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Start a thread that returns a number, and wait for it.
#include <ward/scope.h>
#include <ward/spawn.h>

#include <benchmark/benchmark.h>

#include <thread>

namespace {

void ward_spawn(benchmark::State &state) {
  for (auto _ : state)
    benchmark::DoNotOptimize(ward::spawn([](long n) { return n; }, 1L).join().unwrap());
}
BENCHMARK(ward_spawn)->Name("spawn/ward")->UseRealTime();

void std_thread(benchmark::State &state) {
  for (auto _ : state) {
    long result = 0;
    std::thread([&result](long n) { result = n; }, 1L).join();
    benchmark::DoNotOptimize(result);
  }
}
BENCHMARK(std_thread)->Name("spawn/std")->UseRealTime();

void ward_scope(benchmark::State &state) {
  for (auto _ : state) {
    long result = 0;
    ward::scope([&](ward::Scope &s) { s.spawn([&] { result = 1; }); });
    benchmark::DoNotOptimize(result);
  }
}
BENCHMARK(ward_scope)->Name("scope/ward")->UseRealTime();
// What scope stands for, without its safety.
BENCHMARK(std_thread)->Name("scope/std")->UseRealTime();

} // namespace
