// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once
#include <ward/ward.h>

// Defined by one unit each, under different names.
std::uint64_t id_without_exceptions();
std::uint64_t id_without_rtti();
int count_without_exceptions(int n);
int count_without_rtti(int n);

template <class> std::uint64_t unit_current_id() { return ward::current().id().as_u64(); }
template <class> int unit_count(int n) {
  ward::Mutex<int> m(0);
  ward::scope([&](ward::Scope &s) {
    for (int t = 0; t < n; ++t)
      s.spawn([&] { *m.lock() += 1; });
  });
  return std::move(m).into_inner();
}
