// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "store.h"

struct device {
  pthread_mutex_t lock;
  int value;
};

void device_lock(struct device *d) { pthread_mutex_lock(&d->lock); }
void device_unlock(struct device *d) { pthread_mutex_unlock(&d->lock); }

int device_read(struct device *d) {
  device_lock(d);
  int value = d->value;
  device_unlock(d);
  return value;
}
