// RUN: %check_ward %s ward-discarded-guard %t -- -- -I%runtime_include -Wno-unused-result
// Ward's own runtime, by its real headers.
#include <ward/drop.h>
#include <ward/mutex.h>
#include <ward/rw_lock.h>

#include <tuple>

struct Data {
  int n = 0;
};
ward::Mutex<Data> mutex;
ward::RwLock<Data> rw;

void PositiveDropped() {
  mutex.lock();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the guard that 'lock' returns is thrown away: its lock is released at the end of this statement, and what follows runs without it [ward-discarded-guard]
  mutex.try_lock();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the guard that 'try_lock' returns is thrown away: its lock is released at the end of this statement, and what follows runs without it [ward-discarded-guard]
  (void)mutex.lock_result();
  // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: the guard that 'lock_result' returns is thrown away: its lock is released at the end of this statement, and what follows runs without it [ward-discarded-guard]
  mutex.lock_result().unwrap();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the guard that 'unwrap' returns is thrown away: its lock is released at the end of this statement, and what follows runs without it [ward-discarded-guard]
  rw.read();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the guard that 'read' returns is thrown away: its lock is released at the end of this statement, and what follows runs without it [ward-discarded-guard]
  rw.write();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the guard that 'write' returns is thrown away: its lock is released at the end of this statement, and what follows runs without it [ward-discarded-guard]
  rw.try_write();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the guard that 'try_write' returns is thrown away: its lock is released at the end of this statement, and what follows runs without it [ward-discarded-guard]
  // CHECK-FIXES: auto guard = rw.try_write();
  std::ignore = mutex.lock();
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: the guard that 'lock' returns is thrown away: its lock is released at the end of this statement, and what follows runs without it [ward-discarded-guard]
}

void NegativeKept() {
  auto guard = mutex.lock();
  auto _ = rw.read();
}
void NegativeUsed() {
  mutex.lock()->n = 3;
  mutex.lock().unlock();
  ward::drop(mutex.lock());
  mutex.with([](Data &data) { ++data.n; });
  mutex.is_poisoned();
}
