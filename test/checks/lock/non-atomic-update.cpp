// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-non-atomic-update %t -std=c++17,c++20
#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

void init();
void use(int);
bool ready();

std::atomic<int> a, b;
std::atomic<unsigned> bits;
std::atomic<bool> flag;
std::atomic<int *> pointer;
std::atomic<int> cells[4];

// Named twice in one expression.

void positiveSum() {
  a = a + 1;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: atomicity violation: 'a' is loaded and then stored in two steps; a store by another thread in between is lost [ward-non-atomic-update]
  // CHECK-FIXES: {{^}}  a += 1;{{$}}
}
void positiveOtherWayRound(int n) {
  a = n * 2 + a;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: atomicity violation: 'a' is loaded and then stored in two steps
  // CHECK-FIXES: {{^}}  a += n * 2;{{$}}
}
void positiveBits() {
  bits = bits & ~4u;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: atomicity violation: 'bits' is loaded and then stored in two steps
  // CHECK-FIXES: {{^}}  bits &= ~4u;{{$}}
  bits.store(bits.load() | 8);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: atomicity violation: 'bits' is loaded and then stored in two steps
  // CHECK-FIXES: {{^}}  bits |= 8;{{$}}
}
void positiveNoOneStep() {
  a = a * 2 + a;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: atomicity violation: 'a' is loaded and then stored in two steps
  // CHECK-FIXES: {{^}}  a = a * 2 + a;{{$}}
  a = 5 - a;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: atomicity violation: 'a' is loaded and then stored in two steps
  // CHECK-FIXES: {{^}}  a = 5 - a;{{$}}
  flag = !flag;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: atomicity violation: 'flag' is loaded and then stored in two steps
  a = a < 10 ? a + 1 : 0;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: atomicity violation: 'a' is loaded and then stored in two steps
  use(a = a + 1);
  // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: atomicity violation: 'a' is loaded and then stored in two steps
  // CHECK-FIXES: {{^}}  use(a = a + 1);{{$}}
}
void positivePointer() {
  pointer = pointer + 2;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: atomicity violation: 'pointer' is loaded and then stored in two steps
  // CHECK-FIXES: {{^}}  pointer += 2;{{$}}
}
void positiveElement(int i) {
  cells[i] = cells[i] + 1;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: atomicity violation: 'cells[...]' is loaded and then stored in two steps
  // CHECK-FIXES: {{^}}  cells[i] += 1;{{$}}
}
void negativeOtherElement(int i, int j) { cells[i] = cells[j] + 1; }
void negativeOtherObject() { a = b + 1; }
void negativeOneStep() {
  ++a;
  a--;
  a += 2;
  a.fetch_add(1);
  use(a.exchange(0) + a.load());
  a = 7;
}
void negativeUnevaluated() { a = sizeof(a + 1); }
void negativeLambdaOfItsOwn() {
  a = [] { return b + 1; }();
}
#define BUMP(x) x = x + 1
void positiveMacro() {
  BUMP(a);
  // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: atomicity violation: 'a' is loaded and then stored in two steps
}

// Load, then store.

void positiveThroughVariable() {
  int v = a.load();
  a.store(v + 1);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: atomicity violation: 'a' is loaded and then stored in two steps
}
void positiveThroughTwoVariables() {
  int v = a;
  v++;
  int next = v;
  init();
  a = next;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: atomicity violation: 'a' is loaded and then stored in two steps
}
void positiveAssignedLater() {
  int v;
  v = a.load();
  if (v > 100)
    v = 0;
  a.store(v, std::memory_order_release);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: atomicity violation: 'a' is loaded and then stored in two steps
}
int positiveTake() {
  int taken = a.load();
  a.store(0);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: atomicity violation: 'a' is loaded and then reset in two steps; a store by another thread in between is lost
  return taken;
}
void negativePutBack() {
  int before = a.load();
  a.store(0);
  init();
  a.store(before);
}
void negativeOverwritten() {
  int v = a.load();
  v = 3;
  a.store(v);
}
void negativeOtherArm(bool yes) {
  int v = 0;
  if (yes)
    v = a.load();
  else
    a.store(v);
}
void negativeCompareExchangeLoop() {
  int v = a.load();
  while (!a.compare_exchange_weak(v, v + 1))
    ;
  do {
    v = a;
  } while (!a.compare_exchange_strong(v, v * 2));
  for (;;) {
    int old = a.load();
    if (a.compare_exchange_weak(old, old + 1))
      break;
  }
}
void negativeUsedElsewhere() {
  int v = a.load();
  use(v + 1);
  b.store(v);
}

// Check, then act.

void positiveCheckThenSet() {
  if (a == 0)
    a = 1;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: atomicity violation: 'a' is checked and then stored in two steps; this store can overwrite 2 with 1
}
void positiveOnce() {
  if (!flag.load()) {
    init();
    flag.store(true);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: atomicity violation: 'flag' is checked and then stored in two steps
  }
}
void positiveFirstThenWork() {
  if (!flag) {
    flag = true;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: atomicity violation: 'flag' is checked and then stored in two steps
    init();
  }
}
void positiveEarlyReturn() {
  if (flag)
    return;
  flag = true;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: atomicity violation: 'flag' is checked and then stored in two steps
  init();
}
void positiveThrow() {
  if (flag)
    throw 1;
  init();
  flag = true;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: atomicity violation: 'flag' is checked and then stored in two steps
}
void positiveCheckedInVariable() {
  bool done = flag.load(std::memory_order_acquire);
  if (!done) {
    init();
    flag.store(true, std::memory_order_release);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: atomicity violation: 'flag' is checked and then stored in two steps
  }
}
void positiveMaximum(int n) {
  if (n > a.load())
    a.store(n);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: atomicity violation: 'a' is checked and then stored in two steps
}
void positiveElse() {
  if (a.load() != 0)
    init();
  else
    a.store(1);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: atomicity violation: 'a' is checked and then stored in two steps
}
void positiveLazy() {
  if (pointer == nullptr)
    pointer = new int;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: atomicity violation: 'pointer' is checked and then stored in two steps
}
bool positiveTellsTheFirst() {
  if (!flag) {
    flag = true;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: atomicity violation: 'flag' is checked and then stored in two steps
    return true;
  }
  return false;
}
void positiveOneFindingACheck() {
  if (a == 1)
    return;
  if (ready()) {
    a = 1;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: atomicity violation: 'a' is checked and then stored in two steps
    return;
  }
  a = 2;
}
void negativeAllTheSame() {
  if (!flag)
    flag = true;
  if (flag == true) {
    flag.store(false);
  }
  if (ready() && !flag)
    flag = true;
}
void negativeAllTheSameValue(int n) {
  if (a != n)
    a = n;
  if (a.load() != 3)
    a.store(3);
}
void negativeReturnIfAllTheSame() {
  if (flag)
    return;
  flag = true;
}
void negativeOtherChecked() {
  if (b == 0)
    a = 1;
}
void negativeOwned() {
  if (flag.load())
    return;
  if (!flag.exchange(true)) {
    init();
    flag.store(false);
  }
}
void negativeClaimed() {
  int expected = 0;
  if (a.load() == 0 && a.compare_exchange_strong(expected, 1)) {
    init();
    a.store(2);
  }
}
void negativeStopFlag() {
  while (!flag) {
    init();
    if (ready())
      flag = true;
  }
}
void negativeTurns() {
  while (a.load() != 1)
    std::this_thread::yield();
  init();
  a.store(2);
}
void negativeStateMachine() {
  switch (a.load()) {
  case 0:
    a = 1;
    break;
  default:
    break;
  }
}

// Under a lock.

class Locked {
  std::mutex mutex_;
  std::atomic<int> all_{0}, some_{0};
  std::atomic<bool> made_{false}, running_{false};
  int *object_ = nullptr;

public:
  void negativeAlwaysLocked() {
    std::lock_guard<std::mutex> guard(mutex_);
    all_ = all_ + 1;
  }
  void alsoLocked() {
    std::lock_guard<std::mutex> guard(mutex_);
    helper();
  }
  int reads() const { return all_; }
  void positiveSometimesLocked() {
    std::lock_guard<std::mutex> guard(mutex_);
    some_ = some_ + 1;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: atomicity violation: 'some_' is loaded and then stored in two steps
    // CHECK-FIXES: {{^}}    some_ += 1;{{$}}
  }
  void theOther() { ++some_; }
  void negativeStartedUnderTheLock() {
    std::lock_guard<std::mutex> guard(mutex_);
    if (!running_) {
      running_ = true;
      init();
    }
  }
  void thread() { running_ = false; }
  void negativeCheckedAgain() {
    if (!made_.load(std::memory_order_acquire)) {
      std::lock_guard<std::mutex> guard(mutex_);
      if (!made_.load(std::memory_order_relaxed)) {
        init();
        made_.store(true, std::memory_order_release);
      }
    }
  }
  void negativeAskedOfAnother() {
    if (!made_) {
      std::lock_guard<std::mutex> guard(mutex_);
      if (!object_) {
        object_ = new int;
        made_ = true;
      }
    }
  }
  int negativeLoadedAgain() {
    if (!some_)
      return 0;
    std::lock_guard<std::mutex> guard(mutex_);
    int taken = some_;
    some_ = 0;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: atomicity violation: 'some_' is loaded and then reset in two steps
    return taken;
  }
  void positiveLoadedBefore() {
    int v = all_;
    std::lock_guard<std::mutex> guard(mutex_);
    all_ = v + 1;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: atomicity violation: 'all_' is loaded and then stored in two steps
  }

private:
  void helper() { all_ = all_ * 2; }
};

class SpinLocked {
  std::atomic_flag busy_ = ATOMIC_FLAG_INIT;
  std::atomic<int> n_{0};

public:
  void negativeBehindASpinLock() {
    while (busy_.test_and_set(std::memory_order_acquire))
      std::this_thread::yield();
    n_ = n_ + 1;
    busy_.clear(std::memory_order_release);
  }
};

// One writer.

class Ring {
  int buffer_[16];
  std::atomic<unsigned> head_{0}, tail_{0};
  std::atomic<long> pushed_{0};

public:
  void negativePush(int v) {
    unsigned head = head_.load(std::memory_order_relaxed);
    buffer_[head % 16] = v;
    head_.store(head + 1, std::memory_order_release);
    pushed_.store(pushed_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }
};
class TwoModes {
  std::atomic<long> n_{0};

public:
  void negativeEitherAloneOrNot(bool alone) {
    if (alone)
      n_.store(n_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    else
      n_.fetch_add(1, std::memory_order_relaxed);
  }
  void negativeRelaxedCheck() {
    if (n_.load(std::memory_order_relaxed) == 0)
      n_.store(make(), std::memory_order_release);
  }

private:
  long make();
};
void positiveRelaxedGlobal() {
  a.store(a.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: atomicity violation: 'a' is loaded and then stored in two steps
  // CHECK-FIXES: {{^}}  a.store(a.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);{{$}}
}
thread_local std::atomic<int> perThread;
void negativePerThread() { perThread = perThread + 1; }
int negativeLocal() {
  std::atomic<int> n{0};
  n = n + 1;
  if (n == 1)
    n = 3;
  return n;
}
void positiveLocalOfThreads() {
  std::atomic<int> n{0};
  std::thread one([&] { n = n + 1; });
  // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: atomicity violation: 'n' is loaded and then stored in two steps
  // CHECK-FIXES: {{^}}  std::thread one([&] { n += 1; });{{$}}
  std::thread two([&n] { ++n; });
  one.join();
  two.join();
  n = n + 1; // the other threads have ended
}
struct Counter {
  std::atomic<int> n{0};
  Counter() { n = n + 1; }
  ~Counter() { n = n - 1; }
};
void positiveThroughPointer(Counter *p, Counter &r, std::shared_ptr<Counter> s) {
  p->n = p->n + 1;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: atomicity violation: 'p->n' is loaded and then stored in two steps
  // CHECK-FIXES: {{^}}  p->n += 1;{{$}}
  r.n.store(r.n.load() - 1);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: atomicity violation: 'r.n' is loaded and then stored in two steps
  // CHECK-FIXES: {{^}}  r.n -= 1;{{$}}
  s->n = s->n + r.n;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: atomicity violation: 's->n' is loaded and then stored in two steps
  // CHECK-FIXES: {{^}}  s->n = s->n + r.n;{{$}}
}
void positiveParameter(std::atomic<int> &r, std::atomic<int> *p) {
  r = r + 1;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: atomicity violation: 'r' is loaded and then stored in two steps
  // CHECK-FIXES: {{^}}  r += 1;{{$}}
  p->store(p->load() + 1);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: atomicity violation: 'p' is loaded and then stored in two steps
  // CHECK-FIXES: {{^}}  *p += 1;{{$}}
  *p = *p + 1;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: atomicity violation: 'p' is loaded and then stored in two steps
  // CHECK-FIXES: {{^}}  *p += 1;{{$}}
}
class Accessors {
  std::atomic<int> n_{0};

public:
  int count() const { return n_.load(); }
  void setCount(int n) { n_.store(n); }
  void positiveThroughAccessors() {
    setCount(count() + 1);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: atomicity violation: 'n_' is loaded and then stored in two steps
    // CHECK-FIXES: {{^}}    setCount(count() + 1);{{$}}
  }
};
void positiveAccessorsFromOutside(Accessors &x) {
  x.setCount(x.count() + 1);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: atomicity violation: 'x.n_' is loaded and then stored in two steps
}
void negativeTwoObjects(Accessors &x, Accessors &y) { x.setCount(y.count() + 1); }

// Templates: one finding for all instantiations.

template <class T> struct Generic {
  std::atomic<T> n{0};
  void positiveInTemplate() {
    n = n + 1;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: atomicity violation: 'n' is loaded and then stored in two steps
  }
};
template struct Generic<int>;
template struct Generic<long>;

// A weak compare-exchange that is not in a loop.

void positiveWeakOnce() {
  int expected = 0;
  if (a.compare_exchange_weak(expected, 1))
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: this weak compare-exchange of 'a' is not in a loop; it can fail spuriously, although the value is as expected
    // CHECK-FIXES: {{^}}  if (a.compare_exchange_strong(expected, 1)){{$}}
    init();
}
void positiveWeakDropped(int expected) {
  a.compare_exchange_weak(expected, 1, std::memory_order_acq_rel, std::memory_order_relaxed);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this weak compare-exchange of 'a'
  // CHECK-FIXES: {{^}}  a.compare_exchange_strong(expected, 1, std::memory_order_acq_rel, std::memory_order_relaxed);{{$}}
}
bool negativeWeakTold(int expected) { return a.compare_exchange_weak(expected, 1); }
bool negativeWeakToldLater(int expected) {
  bool ok = a.compare_exchange_weak(expected, 1);
  use(expected);
  return ok;
}
void negativeWeakInLoop(int expected) {
  while (ready())
    if (a.compare_exchange_weak(expected, 1))
      return;
}
void negativeStrong(int expected) {
  if (a.compare_exchange_strong(expected, 1))
    init();
}
void negativeWeakByHand(int expected) {
again:
  if (!a.compare_exchange_weak(expected, 1))
    goto again;
}

// An empty spin.

void positiveSpin() {
  while (!flag.load())
    // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this loop busy-waits until another thread changes 'flag'; it occupies a core, and may delay that thread
    ;
  while (a < 3) {
    // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this loop busy-waits until another thread changes 'a'; it occupies a core, and may delay that thread
  }
  do {
    // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this loop busy-waits until another thread changes 'flag'; it occupies a core, and may delay that thread
  } while (!flag);
  for (; flag.load(std::memory_order_acquire);)
    // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this loop busy-waits until another thread changes 'flag'; it occupies a core, and may delay that thread
    continue;
}
std::atomic_flag lock = ATOMIC_FLAG_INIT;
void positiveSpinLock() {
  while (lock.test_and_set(std::memory_order_acquire))
    // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this loop busy-waits until another thread changes 'lock'; it occupies a core, and may delay that thread
    ;
  lock.clear(std::memory_order_release);
}
void negativePolite() {
  while (!flag.load())
    std::this_thread::yield();
  while (!flag.load()) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  while (!flag.load())
    asm volatile("" ::: "memory");
  while (!flag && !ready())
    ;
  for (int tries = 0; tries < 100 && !flag; ++tries)
    ;
  int left = 100;
  while (!flag && --left)
    ;
}
void negativeWork(std::mutex &m, std::condition_variable &c) {
  std::unique_lock<std::mutex> guard(m);
  while (!flag)
    c.wait(guard);
}

// Check, then an atomic update.
namespace updates {
std::atomic<int> tokens, limitOfTokens;
void work();
void positiveDecrement() { if (tokens > 0) tokens--; }
// CHECK-MESSAGES: :[[@LINE-1]]:44: warning: atomicity violation: 'tokens' is checked and then updated in two steps; two threads can both pass the check [ward-non-atomic-update]
void positiveBelow() { if (tokens.load() < 5) { tokens += 1; work(); } }
// CHECK-MESSAGES: :[[@LINE-1]]:49: warning: atomicity violation: 'tokens' is checked and then updated in two steps; two threads can both pass the check [ward-non-atomic-update]
void negativeOther() { if (limitOfTokens > 0) tokens--; }
void negativeAnswer() { if (tokens > 0) { if (tokens-- == 1) work(); } }
void negativeSoft() { if (tokens > 5) return; work(); tokens++; }
void negativeRelaxed() { if (tokens.load(std::memory_order_relaxed) > 0) tokens--; }
void negativeWaited() { while (tokens > 0) tokens--; }
}

// An earlier value of a variable that is reassigned is not stored.
std::mutex listMutex;
std::atomic<int *> activeItem, freeItems;
void negativeAssignedAnew(int *fresh) {
  int *item = activeItem.load();
  use(*item);
  if (freeItems.load()) {
    item = fresh;
    activeItem.store(item);
  }
}
void positiveAssignedOnSomePath(int *fresh) {
  int *item = activeItem.load();
  if (*item < 3)
    item = fresh;
  activeItem.store(item + 1);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: atomicity violation: 'activeItem' is loaded and then stored in two steps
}
