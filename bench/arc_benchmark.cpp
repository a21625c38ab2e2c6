// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One more handle, and one less.
#include <ward/arc.h>
#include <ward/rc.h>

#include <benchmark/benchmark.h>

#include <memory>

namespace {

void ward_arc(benchmark::State &state) {
  const auto shared = ward::Arc<long>::make(1L);
  for (auto _ : state) {
    auto other = shared.clone();
    benchmark::DoNotOptimize(other);
  }
}
BENCHMARK(ward_arc)->Name("arc/ward");

void std_shared_ptr(benchmark::State &state) {
  const auto shared = std::make_shared<long>(1L);
  for (auto _ : state) {
    auto other = shared;
    benchmark::DoNotOptimize(other);
  }
}
BENCHMARK(std_shared_ptr)->Name("arc/std");

void ward_rc(benchmark::State &state) {
  const auto shared = ward::Rc<long>::make(1L);
  for (auto _ : state) {
    auto other = shared.clone();
    benchmark::DoNotOptimize(other);
  }
}
BENCHMARK(ward_rc)->Name("rc/ward");

} // namespace
