// RUN: %check_ward %s ward-guard-in-condition %t
// Clang's thread-safety attributes decide what a lock protects.
#define CAPABILITY __attribute__((capability("mutex")))
#define SCOPED_CAPABILITY __attribute__((scoped_lockable))
#define ACQUIRE(...) __attribute__((acquire_capability(__VA_ARGS__)))
#define RELEASE(...) __attribute__((release_capability(__VA_ARGS__)))
#define REQUIRES(...) __attribute__((requires_capability(__VA_ARGS__)))
#define GUARDED_BY(mu) __attribute__((guarded_by(mu)))

void slow();

struct CAPABILITY Latch {
  void grab() ACQUIRE();
  void let_go() RELEASE();
};
struct SCOPED_CAPABILITY Hold {
  explicit Hold(Latch *latch) ACQUIRE(latch);
  ~Hold() RELEASE();
  void let_go() RELEASE();
};

extern Latch registry;
extern int registered GUARDED_BY(registry);
extern int unrelated;
void register_one() REQUIRES(registry);
void use_unrelated() { unrelated = unrelated + 1; }

void PositiveGlobal() {
  if (Hold hold(&registry); registered > 0)
  // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 'hold' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
  // CHECK-FIXES: if ([&] { Hold hold(&registry); return registered > 0; }())
    slow();
}
void NegativeGlobal() {
  if (Hold hold(&registry); registered > 0)
    registered = 0;
  if (Hold hold(&registry); registered > 0)
    register_one();
}

struct Two {
  Latch latch, other;
  int guarded GUARDED_BY(latch) = 0;
  int elsewhere GUARDED_BY(other) = 0;
  void change() REQUIRES(latch);
  static void check(Two &) REQUIRES(registry);

  void PositiveField() {
    if (Hold hold(&latch); guarded > 0)
    // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: 'hold' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { Hold hold(&latch); return guarded > 0; }())
      slow();
  }
  void PositiveBodyNeedsAnotherLock() {
    if (Hold hold(&latch); guarded > 0) {
    // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: 'hold' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { Hold hold(&latch); return guarded > 0; }()) {
      Hold second(&other);
      elsewhere = 3;
    }
  }
  void NegativeField() {
    if (Hold hold(&latch); guarded > 0)
      guarded = 1;
    if (Hold hold(&latch); guarded > 0)
      change();
    if (Hold hold(&latch); guarded > 0) {
      hold.let_go();
      slow();
    }
  }
  void NegativeConditionNeedsAnotherLock() {
    if (Hold hold(&latch); elsewhere > 0)
      slow();
  }
};
