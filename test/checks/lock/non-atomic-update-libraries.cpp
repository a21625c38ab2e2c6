// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-non-atomic-update %t
// RUN: %check_ward %s ward-non-atomic-update %t.mine -check-suffixes=,MINE -config='{CheckOptions: {ward.Catalog: "%S/Inputs/my_atomics.yaml"}}'
// Atomics of the catalog, of the language, and of the user.
#include "atomics.h"
#include <atomic>

void work();

QAtomicInt q;
boost::atomic<int> b;
folly::relaxed_atomic<int> f;
tbb::atomic<int> t;

void positiveQt() {
  q = q + 1;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: atomicity violation: 'q' is loaded and then stored in two steps
  // CHECK-FIXES: {{^}}  q += 1;{{$}}
  q.storeRelease(q.loadAcquire() + 1);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: atomicity violation: 'q' is loaded and then stored in two steps
  if (q.loadAcquire() == 0) {
    work();
    q.storeRelease(1);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: atomicity violation: 'q' is checked and then stored in two steps
  }
  while (q.loadAcquire() == 0)
    // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this loop busy-waits until another thread changes 'q'; it occupies a core, and may delay that thread
    ;
}
void negativeQt() {
  q.ref();
  q.fetchAndAddOrdered(3);
  if (!q.deref())
    q = 7;
  if (q.loadAcquire() == 0 && q.testAndSetOrdered(0, 1)) {
    work();
    q.storeRelease(2);
  }
}
void positiveBoost() {
  b = b + 1;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: atomicity violation: 'b' is loaded and then stored in two steps
  // CHECK-FIXES: {{^}}  b += 1;{{$}}
  int v = b.load();
  b.store(v * 2);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: atomicity violation: 'b' is loaded and then stored in two steps
  if (b.compare_exchange_weak(v, 3))
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: this weak compare-exchange of 'b'
    // CHECK-FIXES: {{^}}  if (b.compare_exchange_strong(v, 3)){{$}}
    work();
}
struct BoostMember {
  boost::atomic<int> n;
  void negativeOneWriter() { n.store(n.load(boost::memory_order_relaxed) + 1, boost::memory_order::release); }
};
void positiveFollyAndTbb() {
  f = f + 1;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: atomicity violation: 'f' is loaded and then stored in two steps
  // CHECK-FIXES: {{^}}  f += 1;{{$}}
  t = t + 1;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: atomicity violation: 't' is loaded and then stored in two steps
  // CHECK-FIXES: {{^}}  t += 1;{{$}}
}

// Atomics of the language.

_Atomic(int) c;
struct HasC {
  _Atomic(unsigned) n;
};
void positiveC(HasC *p) {
  c = c + 1;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: atomicity violation: 'c' is loaded and then stored in two steps
  // CHECK-FIXES: {{^}}  c += 1;{{$}}
  p->n = p->n - 2;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: atomicity violation: 'p->n' is loaded and then stored in two steps
  // CHECK-FIXES: {{^}}  p->n -= 2;{{$}}
  if (c == 0)
    c = 1;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: atomicity violation: 'c' is checked and then stored in two steps
  while (!c)
    // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this loop busy-waits until another thread changes 'c'; it occupies a core, and may delay that thread
    ;
}
void negativeC() {
  c += 1;
  c++;
  c = 3;
}
int plain;
void positiveBuiltins() {
  __atomic_store_n(&plain, __atomic_load_n(&plain, __ATOMIC_ACQUIRE) + 1, __ATOMIC_RELEASE);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: atomicity violation: 'plain' is loaded and then stored in two steps
  int expected = 0;
  if (__atomic_compare_exchange_n(&plain, &expected, 1, /*weak=*/true, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: this weak compare-exchange of 'plain'
    work();
}
void negativeBuiltins() {
  __atomic_fetch_add(&plain, 1, __ATOMIC_SEQ_CST);
  int expected = 0;
  if (__atomic_compare_exchange_n(&plain, &expected, 1, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
    work();
}

// Free functions and references to atomics.

std::atomic<int> a;
void positiveFree() {
  std::atomic_store(&a, std::atomic_load(&a) + 1);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: atomicity violation: 'a' is loaded and then stored in two steps
  // CHECK-FIXES: {{^}}  std::atomic_store(&a, std::atomic_load(&a) + 1);{{$}}
  int expected = 0;
  if (std::atomic_compare_exchange_weak(&a, &expected, 1))
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: this weak compare-exchange of 'a'
    work();
}
void positiveReference(int &target) {
  std::atomic_ref<int> r(target);
  r = r + 1;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: atomicity violation: 'target' is loaded and then stored in two steps
  // CHECK-FIXES: {{^}}  r += 1;{{$}}
  std::atomic_ref<int>(plain).store(std::atomic_ref<int>(plain).load() + 1);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: atomicity violation: 'plain' is loaded and then stored in two steps
}

// A user's atomic, if a catalog declares it; a look-alike without that.

namespace mine {
template <class T> struct Cell {
  T get() const;
  void put(T);
  bool maybeSwap(T &, T);
};
} // namespace mine
mine::Cell<int> m;
void positiveMine() {
  m.put(m.get() + 1);
  // CHECK-MESSAGES-MINE: :[[@LINE-1]]:3: warning: atomicity violation: 'm' is loaded and then stored in two steps
  int expected = 0;
  if (m.maybeSwap(expected, 1))
    // CHECK-MESSAGES-MINE: :[[@LINE-1]]:7: warning: this weak compare-exchange of 'm'
    work();
}
