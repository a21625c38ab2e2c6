// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-non-atomic-update %t -std=c11,c17,c23
#include <stdatomic.h>

static atomic_int hits;
static _Atomic long total;
static int plain;

void positive(void) {
  hits = hits + 1;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: atomicity violation: 'hits' is loaded and then stored in two steps; a store by another thread in between is lost [ward-non-atomic-update]
  // CHECK-FIXES: {{^}}  hits += 1;{{$}}
}

void positiveFunctions(void) {
  long t = atomic_load(&total);
  atomic_store(&total, t + 1);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: atomicity violation: 'total' is loaded and then stored in two steps; a store by another thread in between is lost [ward-non-atomic-update]
}

void positiveBuiltins(void) {
  int p = __atomic_load_n(&plain, __ATOMIC_SEQ_CST);
  __atomic_store_n(&plain, p + 1, __ATOMIC_SEQ_CST);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: atomicity violation: 'plain' is loaded and then stored in two steps; a store by another thread in between is lost [ward-non-atomic-update]
}

void negative(void) {
  hits++;
  hits += 2;
  atomic_fetch_add(&total, 1);
  __atomic_fetch_add(&plain, 1, __ATOMIC_SEQ_CST);
  __sync_fetch_and_add(&plain, 1);
}

void negativeExchange(void) {
  long seen = atomic_load(&total);
  while (!atomic_compare_exchange_weak(&total, &seen, seen * 2))
    ;
}
