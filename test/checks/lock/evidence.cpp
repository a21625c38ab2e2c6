// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-missing-lock %t
// What speaks for and against a lock as the guard of a field (docs/evidence.md).
#include <array>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

// --- one function holds the lock, for nothing else ---
class PositiveTarget {
  std::mutex m;
  double speed = 0;
public:
  void change(double v) { std::scoped_lock l(m); speed = v; }
  bool isMoving() { return speed > 0; }
  // CHECK-MESSAGES: :[[@LINE-1]]:28: warning: possible data race: 'PositiveTarget::speed' is read without holding 'm', which 1 of its 2 accesses hold [ward-missing-lock]
};
template <class T> class PositiveSlot {
  std::mutex m;
  T content{};
public:
  T load() { std::lock_guard<std::mutex> l(m); return content; }
  void store(T t) { content = t; }
  // CHECK-MESSAGES: :[[@LINE-1]]:21: warning: possible data race: 'PositiveSlot::content' is written without holding 'm', which 1 of its 2 accesses hold [ward-missing-lock]
};
int useSlot() { PositiveSlot<int> *s = new PositiveSlot<int>; s->store(1); return s->load(); }
std::mutex titleLock;
std::string title;
void setTitle(const std::string &t) { std::lock_guard<std::mutex> l(titleLock); title = t; }
bool hasTitle() { return !title.empty(); }
// CHECK-MESSAGES: :[[@LINE-1]]:27: warning: possible data race: 'title' is read without holding 'titleLock', which 1 of its 2 accesses hold [ward-missing-lock]

// --- incidental: the lock is for the queue, and most of the code does without it ---
class NegativeIncidental {
  std::mutex m;
  std::deque<int> queue;
  bool verbose = false;
public:
  void push(int v) { std::lock_guard<std::mutex> l(m); queue.push_back(v); if (verbose) queue.push_back(0); }
  int pop() { std::lock_guard<std::mutex> l(m); int v = queue.front(); queue.pop_front(); return v; }
  void setVerbose(bool v) { verbose = v; }
  bool isVerbose() { return verbose; }
  void toggle() { verbose = !verbose; }
};

// --- what a wait looks at ---
class PositiveAwaited {
  std::mutex m;
  std::condition_variable c;
  int tokens = 0;
  int other = 0;
public:
  void take() { std::unique_lock<std::mutex> l(m); while (tokens == 0) c.wait(l); --tokens; ++other; }
  int left() { return tokens; }
  // CHECK-MESSAGES: :[[@LINE-1]]:23: warning: possible data race: 'PositiveAwaited::tokens' is read without holding 'm', which 2 of its 3 accesses hold [ward-missing-lock]
};

// --- a helper of which some callers hold the lock ---
class PositiveHelper {
  std::mutex m;
  std::map<int, int> table;
  int find(int k) { return table.count(k) ? table.at(k) : 0; }
  int findTwice(int k) { return find(k) + find(k); }
public:
  int get(int k) { std::lock_guard<std::mutex> l(m); return find(k); }
  void put(int k, int v) { std::lock_guard<std::mutex> l(m); table[k] = v; }
  int peek(int k) { return find(k); }
  // CHECK-MESSAGES: :[[@LINE-1]]:28: warning: possible data race: 'find' is called without holding 'm', which 3 of its 4 calls hold; it reads 'PositiveHelper::table' [ward-missing-lock]
  int both(int k) { std::lock_guard<std::mutex> l(m); return findTwice(k); }
};
class NegativeHelper {
  std::mutex m;
  std::map<int, int> table;
  int find(int k) { return table.count(k) ? table.at(k) : 0; }
public:
  NegativeHelper() { find(1); }
  int get(int k) { std::lock_guard<std::mutex> l(m); return find(k); }
  void put(int k, int v) { std::lock_guard<std::mutex> l(m); table[k] = v; }
};

// --- one finding in each function ---
class PositiveOnce {
  std::mutex m;
  int a = 0;
public:
  void up() { std::lock_guard<std::mutex> l(m); ++a; }
  int look() {
    int r = a;
    // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: possible data race: 'PositiveOnce::a' is read without holding 'm', which 1 of its 4 accesses hold [ward-missing-lock]
    r += a;
    return r + a;
  }
};

// --- thread roles: only the worker uses it; only the worker writes it ---
class NegativeWorker {
  std::mutex m;
  std::vector<int> inbox, batch;
  long done = 0;
  bool stop = false;
  std::thread t;
  void loop() {
    for (;;) {
      {
        std::lock_guard<std::mutex> l(m);
        if (stop)
          return;
        batch.swap(inbox);
        ++done;
      }
      handle();
      if (done > 100)
        batch.shrink_to_fit();
    }
  }
  void handle() { for (int &v : batch) ++v; batch.clear(); }
public:
  NegativeWorker() : t([this] { loop(); }) {}
  ~NegativeWorker() { { std::lock_guard<std::mutex> l(m); stop = true; } t.join(); }
  void post(int v) { std::lock_guard<std::mutex> l(m); inbox.push_back(v); }
  long finished() { std::lock_guard<std::mutex> l(m); return done; }
};
class PositiveWorker {
  std::mutex m;
  long done = 0;
  bool stop = false;
  std::thread t;
  void loop() {
    for (;;) {
      std::lock_guard<std::mutex> l(m);
      if (stop)
        return;
      ++done;
    }
  }
public:
  PositiveWorker() : t([this] { loop(); }) {}
  ~PositiveWorker() { { std::lock_guard<std::mutex> l(m); stop = true; } t.join(); }
  long finished() { return done; }
  // CHECK-MESSAGES: :[[@LINE-1]]:28: warning: possible data race: 'PositiveWorker::done' is read without holding 'm', which 1 of its 2 accesses hold [ward-missing-lock]
};

// --- not shared yet ---
class NegativeMade {
  std::mutex m;
  std::string name;
  int uses = 0;
  void fill(const char *n) { std::lock_guard<std::mutex> l(m); name = n; }
public:
  static std::unique_ptr<NegativeMade> make(const char *n) {
    auto made = std::make_unique<NegativeMade>();
    made->fill(n);
    return made;
  }
  const std::string &get() const { return name; }
  void use() { std::lock_guard<std::mutex> l(m); uses += int(name.size()); }
};

// --- published by a flag, or by call_once ---
class NegativePublished {
  std::mutex m;
  std::atomic<bool> ready{false};
  std::vector<int> primes;
public:
  void prepare() {
    if (ready)
      return;
    std::lock_guard<std::mutex> l(m);
    if (ready)
      return;
    primes.push_back(2);
    primes.push_back(3);
    ready = true;
  }
  int first() { return ready ? primes.front() : 0; }
};
class NegativeOnce {
  std::once_flag once;
  std::mutex m;
  std::map<int, int> squares;
  void compute() { std::lock_guard<std::mutex> l(m); for (int i = 0; i < 9; ++i) squares[i] = i * i; }
public:
  int square(int i) { std::call_once(once, [this] { compute(); }); return squares.at(i); }
};

// --- a lock of another object, and constants ---
struct Shared { std::mutex m; std::vector<int> data; };
class NegativeVisitor {
  Shared &shared;
  int count = 0;
public:
  explicit NegativeVisitor(Shared &s) : shared(s) {}
  void visit() { std::lock_guard<std::mutex> l(shared.m); for (int v : shared.data) count += v; }
  void reset() { count = 0; }
  int total() { return count; }
};
class NegativeConstant {
  std::mutex m;
  std::array<int, 4> cells{};
public:
  void set(unsigned i, int v) { std::lock_guard<std::mutex> l(m); cells[i % cells.size()] = v; }
  unsigned capacity() { return unsigned(cells.size()); }
};

// --- what a constant pointer points to ---
struct Stats { int hits = 0; void hit() { ++hits; } int all() const { return hits; } };
class PositivePointee {
  std::mutex m;
  const std::unique_ptr<Stats> stats = std::make_unique<Stats>();
public:
  void hit() { std::lock_guard<std::mutex> l(m); stats->hit(); }
  void more() { std::lock_guard<std::mutex> l(m); stats->hits += 2; }
  bool any() { return stats != nullptr; }
  int all() { return stats->all(); }
  // CHECK-MESSAGES: :[[@LINE-1]]:22: warning: possible data race: the data that 'PositivePointee::stats' points to is read without holding 'm', which 2 of its 3 accesses hold [ward-missing-lock]
};

// --- a guard that is thrown away is another check's finding ---
class NegativeThrownAway {
  std::mutex m;
  int n = 0;
public:
  void a() { std::lock_guard<std::mutex> l(m); ++n; }
  void b() { std::lock_guard<std::mutex>{m}; ++n; }
};
