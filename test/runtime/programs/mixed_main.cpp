// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mixed.h"

namespace {
struct Main;
}

int main() {
  // All units use the same thread record.
  const std::uint64_t id = unit_current_id<Main>();
  if (id_without_exceptions() != id || id_without_rtti() != id)
    return 1;
  if (unit_count<Main>(3) + count_without_exceptions(4) + count_without_rtti(5) != 12)
    return 2;
  // Poisoning still works here, beside a unit whose guards are compiled without exceptions.
  ward::Mutex<int> m(0);
  try {
    auto g = m.lock();
    throw 1;
  } catch (int) {
  }
  return m.is_poisoned() ? 0 : 3;
}
