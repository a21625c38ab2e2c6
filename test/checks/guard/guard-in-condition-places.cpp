// RUN: %check_ward %s ward-guard-in-condition %t
// Where the mutex may be declared, and what it protects there.
#include <array>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

void process(int);
void slow();

// A mutex that is a variable protects what the unit accesses under it.
namespace app {
std::mutex mu;
std::vector<int> queue;
int verbosity;
void push() {
  std::lock_guard guard(mu);
  queue.push_back(1);
}
void set_verbosity(int to) { verbosity = to + verbosity; }
void clear_queue() { queue.clear(); }
void PositiveNamespaceScope() {
  if (std::lock_guard guard(mu); queue.empty())
  // CHECK-MESSAGES: :[[@LINE-1]]:23: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
  // CHECK-FIXES: if ([&] { std::lock_guard guard(mu); return queue.empty(); }())
    slow();
}
void NegativeNamespaceScope() {
  if (std::lock_guard guard(mu); queue.empty())
    queue.push_back(1);
  if (std::lock_guard guard(mu); queue.empty())
    clear_queue();
  if (std::lock_guard guard(mu); verbosity > 2)
    slow();
}
} // namespace app

int PositiveStaticLocal() {
  static std::mutex mu;
  static std::map<int, int> cache;
  if (std::lock_guard guard(mu); cache.count(1))
  // CHECK-MESSAGES: :[[@LINE-1]]:23: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
  // CHECK-FIXES: if ([&] { std::lock_guard guard(mu); return cache.count(1); }())
    slow();
  if (std::lock_guard guard(mu); cache.count(1))
    return cache[1];
  return 0;
}

std::mutex &registry_mutex() {
  static std::mutex mu;
  return mu;
}
std::vector<int> registry;
void PositiveMutexFromAFunction() {
  if (std::lock_guard guard(registry_mutex()); registry.empty())
  // CHECK-MESSAGES: :[[@LINE-1]]:23: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
  // CHECK-FIXES: if ([&] { std::lock_guard guard(registry_mutex()); return registry.empty(); }())
    slow();
}

struct Registry {
  static std::mutex mu;
  static std::map<int, int> all;
  void PositiveStaticMember() {
    if (std::lock_guard guard(mu); all.empty())
    // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { std::lock_guard guard(mu); return all.empty(); }())
      slow();
  }
  void NegativeStaticMember() {
    if (std::lock_guard guard(mu); all.empty())
      process(all[1]);
  }
};

struct Shard {
  std::mutex mu;
  std::map<int, int> map;
};
struct Table {
  std::array<Shard, 4> shards;
  std::vector<std::unique_ptr<Shard>> more;
  std::vector<std::mutex> locks;
  std::vector<int> values;

  void PositiveElement(int k) {
    if (std::lock_guard guard(shards[k].mu); shards[k].map.empty())
    // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { std::lock_guard guard(shards[k].mu); return shards[k].map.empty(); }())
      slow();
    if (std::lock_guard guard(more.at(k)->mu); more.at(k)->map.empty())
    // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { std::lock_guard guard(more.at(k)->mu); return more.at(k)->map.empty(); }())
      slow();
    auto &shard = shards[k];
    if (std::lock_guard guard(shard.mu); shard.map.empty())
    // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { std::lock_guard guard(shard.mu); return shard.map.empty(); }())
      slow();
    for (auto &each : more)
      if (std::lock_guard guard(each->mu); each->map.empty())
      // CHECK-MESSAGES: :[[@LINE-1]]:27: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
      // CHECK-FIXES: if ([&] { std::lock_guard guard(each->mu); return each->map.empty(); }())
        slow();
  }
  void PositiveOneLockOfMany(int k) {
    if (std::lock_guard guard(locks[k]); values[k] > 2)
    // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { std::lock_guard guard(locks[k]); return values[k] > 2; }())
      slow();
  }
  void NegativeElement(int k) {
    if (std::lock_guard guard(shards[k].mu); shards[k].map.empty())
      shards[k].map[1] = 2;
    if (std::lock_guard guard(locks[k]); values[k] > 2)
      values[k] = 3;
  }
};

void PositiveParameter(Shard &reference, Shard *pointer, std::shared_ptr<Shard> shared) {
  if (std::lock_guard guard(reference.mu); reference.map.empty())
  // CHECK-MESSAGES: :[[@LINE-1]]:23: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
  // CHECK-FIXES: if ([&] { std::lock_guard guard(reference.mu); return reference.map.empty(); }())
    slow();
  if (std::lock_guard guard(pointer->mu); pointer->map.empty())
  // CHECK-MESSAGES: :[[@LINE-1]]:23: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
  // CHECK-FIXES: if ([&] { std::lock_guard guard(pointer->mu); return pointer->map.empty(); }())
    slow();
  if (std::lock_guard guard(shared->mu); shared->map.empty())
  // CHECK-MESSAGES: :[[@LINE-1]]:23: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
  // CHECK-FIXES: if ([&] { std::lock_guard guard(shared->mu); return shared->map.empty(); }())
    slow();
}
void helper(Shard &);
void NegativeParameter(Shard &shard, Shard &other) {
  if (std::lock_guard guard(shard.mu); shard.map.empty())
    helper(shard);
  if (std::lock_guard guard(shard.mu); other.map.empty())
    slow();
}
void PositiveMutexByReference(std::mutex &mu, std::vector<int> &values) {
  if (std::lock_guard guard(mu); values.empty())
  // CHECK-MESSAGES: :[[@LINE-1]]:23: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
  // CHECK-FIXES: if ([&] { std::lock_guard guard(mu); return values.empty(); }())
    slow();
}

struct Indirect {
  std::unique_ptr<std::mutex> owned;
  std::shared_ptr<std::mutex> shared;
  std::mutex &reference;
  std::mutex *pointer;
  int value;
  void PositiveIndirect() {
    if (std::lock_guard guard(*owned); value > 2)
    // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { std::lock_guard guard(*owned); return value > 2; }())
      slow();
    if (std::lock_guard guard(*shared); value > 2)
    // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { std::lock_guard guard(*shared); return value > 2; }())
      slow();
    if (std::lock_guard guard(reference); value > 2)
    // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { std::lock_guard guard(reference); return value > 2; }())
      slow();
    if (std::lock_guard guard(*pointer); value > 2)
    // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { std::lock_guard guard(*pointer); return value > 2; }())
      slow();
  }
};

struct Base {
  std::mutex mu;
  int in_base = 0;
  std::mutex &mutex() { return mu; }
};
struct Derived : Base {
  int in_derived = 0;
  void PositiveMutexInBase() {
    if (std::lock_guard guard(mu); in_derived > 2)
    // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { std::lock_guard guard(mu); return in_derived > 2; }())
      slow();
    if (std::lock_guard guard(this->Base::mu); in_base > 2)
    // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { std::lock_guard guard(this->Base::mu); return in_base > 2; }())
      slow();
    if (std::lock_guard guard(mutex()); in_derived > 2)
    // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { std::lock_guard guard(mutex()); return in_derived > 2; }())
      slow();
  }
  void NegativeMutexInBase() {
    if (std::lock_guard guard(mu); in_derived > 2)
      in_base = 3;
  }
};

struct Nested {
  struct {
    std::mutex mu;
    std::condition_variable changed;
  } sync;
  int value = 0;
  void PositiveMutexInAStructOfMutexes() {
    if (std::lock_guard guard(sync.mu); value > 2)
    // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { std::lock_guard guard(sync.mu); return value > 2; }())
      slow();
  }
  void NegativeMutexInAStructOfMutexes() {
    if (std::lock_guard guard(sync.mu); value > 2)
      value = 0;
    if (std::unique_lock guard(sync.mu); value > 2)
      sync.changed.wait(guard);
  }
};

struct Monitor {
  std::mutex mu;
  int state = 0;
  void lock() { mu.lock(); }
  void unlock() { mu.unlock(); }
  void PositiveLocksItself() {
    if (std::lock_guard guard(*this); state > 2)
    // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { std::lock_guard guard(*this); return state > 2; }())
      slow();
  }
  void NegativeLocksItself() {
    if (std::lock_guard guard(*this); state > 2)
      state = 0;
  }
};

class Friendly {
  std::mutex mu;
  int value = 0;
  friend void PositiveFriend(Friendly &f) {
    if (std::lock_guard guard(f.mu); f.value > 2)
    // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { std::lock_guard guard(f.mu); return f.value > 2; }())
      slow();
  }
};

void PositiveLambda() {
  std::mutex mu;
  int value = 0;
  auto check = [&] {
    if (std::lock_guard guard(mu); value > 2)
    // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { std::lock_guard guard(mu); return value > 2; }())
      slow();
  };
  auto set = [&] {
    std::lock_guard guard(mu);
    ++value;
  };
  check(), set();
}

struct Self {
  std::mutex mu;
  int value = 0;
  void PositiveCapturedThis() {
    auto later = [this] {
      if (std::lock_guard guard(mu); value > 2)
      // CHECK-MESSAGES: :[[@LINE-1]]:27: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
      // CHECK-FIXES: if ([&] { std::lock_guard guard(mu); return value > 2; }())
        slow();
    };
    auto generic = [](auto &self) {
      if (std::lock_guard guard(self.mu); self.value > 2)
      // CHECK-MESSAGES: :[[@LINE-1]]:27: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
      // CHECK-FIXES: if ([&] { std::lock_guard guard(self.mu); return self.value > 2; }())
        slow();
    };
    later(), generic(*this);
  }
};
