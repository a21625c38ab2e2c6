// RUN: %check_ward %s ward-missing-lock,ward-exclusive-lock-for-reads %t -std=c++20
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Shared mode: of locks that a project makes itself, beside another lock, and in a helper that some callers call with the writer's lock.
#include <map>
#include <mutex>
#include <pthread.h>
#include <shared_mutex>

namespace own_reader_lock {
class Latch {
public:
  void beginRead() { pthread_rwlock_rdlock(&raw_); }
  void beginWrite() { pthread_rwlock_wrlock(&raw_); }
  void end() { pthread_rwlock_unlock(&raw_); }

private:
  pthread_rwlock_t raw_ = PTHREAD_RWLOCK_INITIALIZER;
};
class Reading {
public:
  explicit Reading(Latch *latch);
  ~Reading();

private:
  Latch *const latch_;
};
Reading::Reading(Latch *latch) : latch_(latch) { this->latch_->beginRead(); }
Reading::~Reading() { this->latch_->end(); }
class Writing {
public:
  explicit Writing(Latch *latch) : latch_(latch) { latch_->beginWrite(); }
  ~Writing() { latch_->end(); }

private:
  Latch *const latch_;
};
class Prices {
public:
  void set(int item, int price) { Writing w(&latch_); prices_[item] = price; }
  int get(int item) { Reading r(&latch_); auto found = prices_.find(item); return found == prices_.end() ? 0 : found->second; }
  void drop(int item) { Reading r(&latch_); prices_.erase(item); }
// CHECK-MESSAGES: :[[@LINE-1]]:45: warning: possible data race: 'Prices::prices_' is written while 'latch_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  std::size_t count() { Writing w(&latch_); return prices_.size(); }
// CHECK-MESSAGES: :[[@LINE-1]]:33: warning: 'latch_' is acquired exclusively, but the critical section only reads; a shared lock lets readers run in parallel [ward-exclusive-lock-for-reads]
  void swap(std::map<int, int> &other) { Writing w(&latch_); other.swap(prices_); }
  std::size_t byHand() noexcept { latch_.beginWrite(); auto n = prices_.size(); latch_.end(); return n; }
// CHECK-MESSAGES: :[[@LINE-1]]:42: warning: 'latch_' is acquired exclusively, but the critical section only reads; a shared lock lets readers run in parallel [ward-exclusive-lock-for-reads]
  std::size_t readByHand() noexcept { latch_.beginRead(); auto n = prices_.size(); latch_.end(); return n; }

private:
  Latch latch_;
  std::map<int, int> prices_;
};
} // namespace own_reader_lock

// Whether a guard without a body here reads or writes is unknown.
namespace bodies_elsewhere {
class ReadHold {
public:
  explicit ReadHold(std::shared_mutex &m);
  ~ReadHold();
  ReadHold(const ReadHold &) = delete;

private:
  std::shared_mutex &m_;
};
class Names {
public:
  int negativeSize() { ReadHold h(m_); return int(names_.size()); }
  void add(int k) { std::unique_lock l(m_); names_[k] = 1; }

private:
  std::shared_mutex m_;
  std::map<int, int> names_;
};
} // namespace bodies_elsewhere

// Another lock, held in exclusive mode at every access, already excludes the others.
namespace beside_another_lock {
std::shared_mutex settings;
std::mutex cache;
int setting, cached, unguarded;
int negativeLoad() { std::shared_lock s(settings); std::lock_guard c(cache); return setting + ++cached; }
void store() { std::lock_guard c(cache); std::unique_lock s(settings); setting = cached; }
void touch() { std::shared_lock s(settings); ++unguarded; }
// CHECK-MESSAGES: :[[@LINE-1]]:48: warning: possible data race: 'unguarded' is written while 'settings' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
void clear() { std::unique_lock s(settings); unguarded = 0; }
} // namespace beside_another_lock

// A helper writes; one caller has the reader's lock only.
namespace helper {
class Meter {
public:
  void reset() { std::unique_lock l(m_); assign(0); }
  void set(int v) { std::unique_lock l(m_); assign(v); }
  int negativeGet() const { std::shared_lock l(m_); return value_; }
  void wrong(int v) { std::shared_lock l(m_); assign(v); }
// CHECK-MESSAGES: :[[@LINE-1]]:47: warning: possible data race: 'assign' is called while 'm_' is held in shared mode only; it writes 'Meter::value_' [ward-missing-lock]

private:
  void assign(int v) { value_ = v; }
  mutable std::shared_mutex m_;
  int value_ = 0;
};
} // namespace helper
