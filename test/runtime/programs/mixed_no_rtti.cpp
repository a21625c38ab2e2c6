// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mixed.h"

namespace {
struct Unit;
}

std::uint64_t id_without_rtti() { return unit_current_id<Unit>(); }
int count_without_rtti(int n) { return unit_count<Unit>(n); }
