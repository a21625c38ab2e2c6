// RUN: %check_ward %s ward-guard-in-condition %t
// Guards that are recognised by what they do: user-defined ones, wrappers of a standard one, and those that give access to data.
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

void process(int);
void slow();

using Lock = std::lock_guard<std::mutex>;
typedef std::unique_lock<std::mutex> UniqueLock;
template <class M> using Scoped = std::scoped_lock<M>;

struct Inherits : std::unique_lock<std::mutex> {
  using std::unique_lock<std::mutex>::unique_lock;
};
class Keeps {
  std::unique_lock<std::mutex> lock;

public:
  explicit Keeps(std::mutex &mu) : lock(mu) {}
  explicit operator bool() const { return lock.owns_lock(); }
};
struct KeepsDeeper {
  Keeps inner;
  explicit KeepsDeeper(std::mutex &mu) : inner(mu) {}
};

struct Standard {
  std::mutex mu;
  std::recursive_mutex recursive;
  std::shared_mutex shared;
  int value = 0;
  Keeps keep() { return Keeps(mu); }
  static Keeps keep_of(Standard &s) { return Keeps(s.mu); }

  void PositiveAlias() {
    if (Lock guard(mu); value)
    // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { Lock guard(mu); return value; }())
      slow();
    if (UniqueLock guard{mu}; value)
    // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { UniqueLock guard{mu}; return value; }())
      slow();
    if (Scoped<std::mutex> guard(mu); value)
    // CHECK-MESSAGES: :[[@LINE-1]]:28: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { Scoped<std::mutex> guard(mu); return value; }())
      slow();
    if (auto guard = UniqueLock(mu); value)
    // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { auto guard = UniqueLock(mu); return value; }())
      slow();
  }
  void PositiveOtherMutexes() {
    if (std::lock_guard guard(recursive); value)
    // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { std::lock_guard guard(recursive); return value; }())
      slow();
    if (std::shared_lock guard(shared); value)
    // CHECK-MESSAGES: :[[@LINE-1]]:26: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { std::shared_lock guard(shared); return value; }())
      slow();
    if (std::scoped_lock guard(mu, shared); value)
    // CHECK-MESSAGES: :[[@LINE-1]]:26: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { std::scoped_lock guard(mu, shared); return value; }())
      slow();
  }
  void PositiveReference() {
    if (const auto &guard = Lock(mu); value)
    // CHECK-MESSAGES: :[[@LINE-1]]:21: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { const auto &guard = Lock(mu); return value; }())
      slow();
    if (auto &&guard = keep(); value)
    // CHECK-MESSAGES: :[[@LINE-1]]:16: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { auto &&guard = keep(); return value; }())
      slow();
  }
  void PositiveWrapper() {
    if (Inherits guard(mu); value)
    // CHECK-MESSAGES: :[[@LINE-1]]:18: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { Inherits guard(mu); return value; }())
      slow();
    if (Keeps guard(mu); value)
    // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { Keeps guard(mu); return value; }())
      slow();
    if (KeepsDeeper guard(mu); value)
    // CHECK-MESSAGES: :[[@LINE-1]]:21: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { KeepsDeeper guard(mu); return value; }())
      slow();
  }
  void PositiveFactory() {
    if (auto guard = keep(); value)
    // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { auto guard = keep(); return value; }())
      slow();
    if (auto guard = keep_of(*this); value)
    // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { auto guard = keep_of(*this); return value; }())
      slow();
  }
  void PositiveCarrier() {
    if (std::optional<UniqueLock> guard(std::in_place, mu); value)
    // CHECK-MESSAGES: :[[@LINE-1]]:35: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { std::optional<UniqueLock> guard(std::in_place, mu); return value; }())
      slow();
    if (auto guard = std::make_unique<Lock>(mu); value)
    // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { auto guard = std::make_unique<Lock>(mu); return value; }())
      slow();
    if (std::unique_ptr<Lock> guard(new Lock(mu)); value)
    // CHECK-MESSAGES: :[[@LINE-1]]:31: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { std::unique_ptr<Lock> guard(new Lock(mu)); return value; }())
      slow();
    if (auto pair = std::make_pair(UniqueLock(mu), 1); value)
    // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: 'pair' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { auto pair = std::make_pair(UniqueLock(mu), 1); return value; }())
      slow();
    if (std::tuple<UniqueLock, int> tuple(UniqueLock(mu), 1); value)
    // CHECK-MESSAGES: :[[@LINE-1]]:37: warning: 'tuple' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { std::tuple<UniqueLock, int> tuple(UniqueLock(mu), 1); return value; }())
      slow();
  }
  void NegativeWrapper() {
    if (Inherits guard(mu); value)
      value = 0;
    if (KeepsDeeper guard(mu); value)
      value = 0;
    if (auto guard = keep(); value)
      value = 0;
    if (Keeps guard{mu})
      slow();
  }
  void NegativeReferenceToAnother(UniqueLock &outer) {
    if (auto &guard = outer; value)
      slow();
  }
};

// Locks that own their data.
template <class T> struct Handle {
  std::unique_lock<std::mutex> lock;
  T *data;
  T *operator->() const { return data; }
  T &operator*() const { return *data; }
};
template <class T> class Guarded {
  std::mutex mu;
  T data;

public:
  Handle<T> lock() { return {std::unique_lock(mu), &data}; }
  template <class F> auto with(F f) {
    std::lock_guard guard(mu);
    return f(data);
  }
};
struct Settings {
  int level = 0;
  std::vector<std::string> names;
};
struct Owner {
  Guarded<Settings> settings;
  Guarded<int> number;

  void PositiveDataOwner() {
    if (auto guard = settings.lock(); guard->names.empty())
    // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { auto guard = settings.lock(); return guard->names.empty(); }())
      slow();
    if (auto guard = settings.lock(); (*guard).level > 2)
    // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { auto guard = settings.lock(); return (*guard).level > 2; }())
      slow();
    if (const auto guard = settings.lock(); guard->level > 2)
    // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { const auto guard = settings.lock(); return guard->level > 2; }())
      slow();
    if (const auto &guard = settings.lock(); guard->level > 2)
    // CHECK-MESSAGES: :[[@LINE-1]]:21: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { const auto &guard = settings.lock(); return guard->level > 2; }())
      slow();
    if (auto guard = number.lock(); *guard > 2)
    // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { auto guard = number.lock(); return *guard > 2; }())
      slow();
    if (auto [lock, data] = settings.lock(); data->level > 2)
    // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: this guard holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { auto [lock, data] = settings.lock(); return data->level > 2; }())
      slow();
    switch (auto guard = number.lock(); *guard) {
    // CHECK-MESSAGES: :[[@LINE-1]]:18: warning: 'guard' holds its lock over the body of this 'switch', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: switch ([&] { auto guard = number.lock(); return *guard; }()) {
    case 1:
      slow();
    }
  }
  void NegativeDataOwner() {
    if (auto guard = settings.lock(); guard->names.empty())
      guard->names.push_back("x");
    if (auto guard = settings.lock(); guard->names.empty())
      process(guard->level);
    if (auto guard = settings.lock(); guard->names.empty()) {
      auto &data = *guard;
      process(data.level);
    }
    if (auto [lock, data] = settings.lock(); data->level > 2)
      data->names.clear();
  }
  // Unlike in Rust's `if let`, a temporary of the condition is destroyed before the body.
  void NegativeTemporary() {
    if (settings.lock()->names.empty())
      slow();
    if (auto level = settings.lock()->level)
      process(level);
    if (auto level = settings.lock()->level; level > 2)
      process(level);
    while (settings.lock()->level > 2)
      slow();
    switch (settings.lock()->level) {
    default:
      slow();
    }
    if (auto level = settings.with([](Settings &s) { return s.level; }))
      process(level);
  }
};

void NegativeWeakPointersAreNoLocks(std::weak_ptr<Settings> weak) {
  if (auto strong = weak.lock())
    slow();
  if (auto strong = weak.lock(); strong && strong->level > 2)
    slow();
}

// Locks whose operations have other names.
struct Section {
  void Enter();
  void Leave();
};
class SectionLock {
  Section &section;

public:
  explicit SectionLock(Section &section) : section(section) { section.Enter(); }
  ~SectionLock() { section.Leave(); }
};
class Spin {
  bool held = false;

public:
  void Acquire() {
    while (held) {
    }
    held = true;
  }
  void Release() { held = false; }
};
struct SpinLock {
  Spin *spin;
  explicit SpinLock(Spin *spin) : spin(spin) { spin->Acquire(); }
  ~SpinLock() { spin->Release(); }
};
// Reader and writer guards, which differ in the constructor of a base.
struct ReadersWriters {
  void readLock();
  void writeLock();
  void unlock();
};
struct ReadersWritersLock {
  ReadersWriters &lock;
  ReadersWritersLock(ReadersWriters &lock, bool write) : lock(lock) {
    if (write)
      lock.writeLock();
    else
      lock.readLock();
  }
  ~ReadersWritersLock() { lock.unlock(); }
};
struct ReaderLock : ReadersWritersLock {
  explicit ReaderLock(ReadersWriters &lock) : ReadersWritersLock(lock, false) {}
};
struct Named {
  ReadersWriters rw;
  Section section;
  Spin spin;
  int value = 0;
  void PositiveNamed() {
    if (SectionLock guard(section); value > 2)
    // CHECK-MESSAGES: :[[@LINE-1]]:21: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { SectionLock guard(section); return value > 2; }())
      slow();
    if (SpinLock guard(&spin); value > 2)
    // CHECK-MESSAGES: :[[@LINE-1]]:18: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { SpinLock guard(&spin); return value > 2; }())
      slow();
    if (ReaderLock guard(rw); value > 2)
    // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { ReaderLock guard(rw); return value > 2; }())
      slow();
  }
  void NegativeNamed() {
    if (SectionLock guard(section); value > 2)
      value = 0;
    if (SpinLock guard(&spin); value > 2)
      value = 0;
  }
};

// A reference count has operations of the same names.
struct Counted {
  int references = 0;
  int value = 0;
  void Acquire() { ++references; }
  void Release() { --references; }
};
struct Reference {
  Counted *object;
  explicit Reference(Counted *object) : object(object) { object->Acquire(); }
  Reference(const Reference &other) : object(other.object) { object->Acquire(); }
  ~Reference() { object->Release(); }
};
void NegativeCountedReference(Counted *counted) {
  if (Reference reference(counted); counted->value > 2)
    slow();
}

// A mutex for single-threaded programs.
struct NullMutex {
  void lock() {}
  void unlock() {}
};
struct SingleThreaded {
  NullMutex mu;
  int value = 0;
  void NegativeNothingIsLocked() {
    if (std::lock_guard guard(mu); value > 2)
      slow();
  }
};

namespace look_alike {
struct lock_guard {
  explicit lock_guard(std::mutex &);
};
struct Document {
  std::mutex mu;
  int value = 0;
  void NegativeLookAlike() {
    if (lock_guard guard(mu); value > 2)
      slow();
  }
};
} // namespace look_alike
