// RUN: %check_ward %s ward-discarded-guard %t -- -- -I%runtime_include -Wno-unused-result
// Ward's own runtime, with its real headers.
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
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the guard returned by 'lock' is discarded and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
  mutex.try_lock();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the guard returned by 'try_lock' is discarded and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
  (void)mutex.lock_result();
  // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: the guard returned by 'lock_result' is discarded and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
  mutex.lock_result().unwrap();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the guard returned by 'unwrap' is discarded and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
  rw.read();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the guard returned by 'read' is discarded and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
  rw.write();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the guard returned by 'write' is discarded and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
  rw.try_write();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the guard returned by 'try_write' is discarded and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
  // CHECK-FIXES: auto guard = rw.try_write();
  std::ignore = mutex.lock();
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: the guard returned by 'lock' is discarded and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
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
