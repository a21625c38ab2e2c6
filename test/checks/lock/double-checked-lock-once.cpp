// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-double-checked-lock %t -std=c++20
#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <queue>
#include <set>
#include <shared_mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>
void spawnWorker(); void log(const char *); int compute();
namespace found {
class Registry {
public:
  int idOf(const std::string &name) {
    auto it = ids_.find(name);
    // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: check-then-act race: 'ids_' is checked before the lock is acquired, and not again while it is held; two threads can both pass the check [ward-double-checked-lock]
    if (it != ids_.end())
      return it->second;
    std::unique_lock<std::shared_mutex> guard(mutex_);
    int id = next_++;
    ids_[name] = id;
    return id;
  }
  void start() {
    if (!running_) {
    // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: check-then-act race: 'running_' is checked before the lock is acquired, and not again while it is held; two threads can both pass the check [ward-double-checked-lock]
      std::lock_guard<std::mutex> l(m_);
      running_ = true;
      spawnWorker();
    }
  }
  void stop() { std::lock_guard<std::mutex> l(m_); running_ = false; }
  void startAtomic() {
    if (started_.load())
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: check-then-act race: 'started_' is checked before the lock is acquired, and not again while it is held; two threads can both pass the check [ward-double-checked-lock]
      return;
    std::lock_guard<std::mutex> l(m_);
    thread_ = std::thread(spawnWorker);
    started_ = true;
  }
  std::string next() {
    if (!queue_.empty()) {
    // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: check-then-act race: 'queue_' is checked before the lock is acquired, and not again while it is held; two threads can both pass the check [ward-double-checked-lock]
      std::lock_guard<std::mutex> l(m_);
      std::string s = queue_.front();
      queue_.pop();
      return s;
    }
    return "";
  }
  void put(std::string s) { std::lock_guard<std::mutex> l(m_); queue_.push(std::move(s)); }
  bool reserve() {
    if (used_ >= 10)
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: check-then-act race: 'used_' is checked before the lock is acquired, and not again while it is held; two threads can both pass the check [ward-double-checked-lock]
      return false;
    std::scoped_lock l(m_);
    ++used_;
    return true;
  }
  int size() {
    if (!size_.has_value()) {
    // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: check-then-act race: 'size_' is checked before the lock is acquired, and not again while it is held; two threads can both pass the check [ward-double-checked-lock]
      m_.lock();
      size_ = compute();
      m_.unlock();
    }
    return *size_;
  }
  bool isOpen() const { return handle_ != nullptr; }
  void use() { if (!isOpen()) openIt(); }
  // CHECK-MESSAGES: :[[@LINE-1]]:21: warning: check-then-act race: 'handle_' is checked before the lock is acquired, and not again while it is held; two threads can both pass the check [ward-double-checked-lock]
  std::shared_ptr<int> cached() {
    if (cache_) return cache_;
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: check-then-act race: 'cache_' is checked before the lock is acquired, and not again while it is held; two threads can both pass the check [ward-double-checked-lock]
    std::lock_guard<std::mutex> l(m_);
    cache_ = std::make_shared<int>(compute());
    return cache_;
  }
  static Registry *instance() {
    if (instance_ == nullptr) {
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: check-then-act race: 'instance_' is checked before the lock is acquired, and not again while it is held; two threads can both pass the check [ward-double-checked-lock]
      std::lock_guard<std::mutex> l(instanceMutex_);
      instance_ = new Registry;
    }
    return instance_;
  }
  void closeHandle() {
    if (handle_) {
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: check-then-act race: 'handle_' is checked before the lock is acquired, and not again while it is held; two threads can both pass the check [ward-double-checked-lock]
      std::lock_guard<std::mutex> l(m_);
      delete handle_;
      handle_ = nullptr;
    }
  }
private:
  void openIt() { std::lock_guard<std::mutex> l(m_); handle_ = new int(1); }
  std::shared_mutex mutex_;
  std::mutex m_;
  std::unordered_map<std::string, int> ids_;
  int next_ = 0, used_ = 0;
  bool running_ = false;
  std::atomic<bool> started_{false};
  std::thread thread_;
  std::queue<std::string> queue_;
  std::optional<int> size_;
  int *handle_ = nullptr;
  std::shared_ptr<int> cache_;
  static Registry *instance_;
  static std::mutex instanceMutex_;
};
struct Shared { std::mutex mutex; std::unique_ptr<int> value; };
void init(Shared &s) {
  if (!s.value) {
  // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: check-then-act race: 's.value' is checked before the lock is acquired, and not again while it is held; two threads can both pass the check [ward-double-checked-lock]
    std::lock_guard<std::mutex> l(s.mutex);
    s.value = std::make_unique<int>(2);
  }
}
std::set<int> seen; std::mutex seenMutex; std::vector<int> order;
void visit(int n) {
  if (!seen.count(n)) {
  // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: check-then-act race: 'seen' is checked before the lock is acquired, and not again while it is held; two threads can both pass the check [ward-double-checked-lock]
    std::lock_guard<std::mutex> l(seenMutex);
    seen.insert(n);
    order.push_back(n);
  }
}
void forget(int n) { std::lock_guard<std::mutex> l(seenMutex); seen.erase(n); }
}
namespace silent {
class Fine {
public:
  void recheckCall() {
    if (ready_) return;
    std::lock_guard<std::mutex> l(m_);
    if (isReady()) return;
    data_ = {1};
    ready_ = true;
  }
  void recheckInHelper() {
    if (ready_) return;
    std::lock_guard<std::mutex> l(m_);
    load();
  }
  void flush() {
    if (pending_.empty()) return;
    std::vector<int> mine;
    { std::lock_guard<std::mutex> l(m_); mine.swap(pending_); }
    for (int n : mine) log(n ? "a" : "b");
  }
  void setLevel(int n) {
    if (level_ == n) return;
    std::lock_guard<std::mutex> l(m_);
    level_ = n;
  }
  void waitFor() {
    if (done_) return;
    std::unique_lock<std::mutex> l(m_);
    cv_.wait(l, [this] { return done_.load(); });
    ++waits_;
  }
  void addOnce(int k) {
    if (known_.count(k)) return;
    std::lock_guard<std::mutex> l(m_);
    known_.insert(k);
  }
  int pop() {
    if (pending_.empty()) return 0;
    std::lock_guard<std::mutex> l(m_);
    while (!pending_.empty() && pending_.back() < 0) pending_.pop_back();
    return 1;
  }
  void onlyReads() {
    if (!ready_) return;
    std::lock_guard<std::mutex> l(m_);
    data_.push_back(1);
  }
  void close() {
    if (closed_) return;
    { std::lock_guard<std::mutex> l(m_); closed_ = true; }
    cv_.notify_all();
  }
private:
  bool isReady() const { return ready_; }
  void load() { if (!ready_) { data_ = {2}; ready_ = true; } }
  std::mutex m_;
  std::condition_variable cv_;
  std::atomic<bool> ready_{false}, done_{false};
  bool closed_ = false;
  int level_ = 0, waits_ = 0;
  std::vector<int> data_, pending_;
  std::set<int> known_;
};
struct Node { Node *next = nullptr; int n = 0; };
std::mutex listMutex; Node *head;
void remove(Node *node) {
  if (!node) return;
  std::lock_guard<std::mutex> l(listMutex);
  node->next = head; head = node;
}
int local() {
  std::vector<int> out;
  if (out.empty()) {
    std::lock_guard<std::mutex> l(listMutex);
    out.push_back(head ? head->n : 0);
  }
  return out[0];
}
class Worker {
public:
  Worker() : t_([this] { run(); }) {}
  ~Worker() { t_.join(); }
private:
  void run() noexcept {
    for (int i = 0; i < 10; ++i) {
      if (batch_.size() < 4) { batch_.push_back(i); continue; }
      std::lock_guard<std::mutex> l(m_);
      all_.insert(all_.end(), batch_.begin(), batch_.end());
      batch_.pop_back();
    }
  }
  std::mutex m_; std::vector<int> all_, batch_; std::thread t_;
};
}

// --- the state of a guard, which is that of the code that has it ---
class NegativeOwnGuard {
  std::mutex &mutex_;
  int state_ = -1;
public:
  explicit NegativeOwnGuard(std::mutex &mutex) : mutex_(mutex) { lock(); }
  ~NegativeOwnGuard() {
    if (state_ != -1)
      unlock();
  }
  NegativeOwnGuard(const NegativeOwnGuard &) = delete;
  void lock() {
    if (state_ != -1)
      throw 1;
    mutex_.lock();
    state_ = 0;
  }
  void unlock() {
    if (state_ != 0)
      throw 2;
    state_ = -1;
    mutex_.unlock();
  }
};
