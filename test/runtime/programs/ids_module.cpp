// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <ward/ward.h>

extern "C" __attribute__((visibility("default"))) void ward_test_ids(std::uint64_t *ids, int n) {
  for (int i = 0; i < n; ++i)
    ids[i] = ward::spawn([] { return ward::current().id().as_u64(); }).join().unwrap();
}
