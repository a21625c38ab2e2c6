// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "store.h"

int device_read_twice(struct device *d) {
  device_lock(d);
  int value = device_read(d);
  device_unlock(d);
  return value;
}
