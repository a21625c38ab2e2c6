// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once
#include <pthread.h>

#ifdef __cplusplus
extern "C" {
#endif

struct store {
  pthread_mutex_t lock;
  int count;
};

void store_put(struct store *s);
void store_clear(struct store *s);
int store_report(struct store *s);

// The lock of this type is known in one file only.
struct device;
void device_lock(struct device *d);
void device_unlock(struct device *d);
int device_read(struct device *d);
int device_read_twice(struct device *d);

extern pthread_mutex_t names_lock, index_lock;
void names_then_index(void);

#ifdef __cplusplus
}
#endif
