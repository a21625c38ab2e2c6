// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-lock-lifetime %t -std=c++17,c++20,c++23
#include <mutex>
#include <pthread.h>
#include <shared_mutex>
#include <thread>

struct Account {
  std::mutex mutex;
  std::shared_mutex table;
  int balance = 0;
};

void positiveDeletedWhileHeld(Account *account) {
  account->mutex.lock();
  delete account;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: lock 'account->mutex' is destroyed while it is held; this is undefined behaviour [ward-lock-lifetime]
}

void positiveWriterReleasedAsReader(Account &account) {
  account.table.lock();
  account.balance = 1;
  account.table.unlock_shared();
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'account.table' is released in shared mode, but held in exclusive mode; this is undefined behaviour
}

int positiveReaderReleasedAsWriter(Account &account) {
  account.table.lock_shared();
  int balance = account.balance;
  account.table.unlock();
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'account.table' is released in exclusive mode, but held in shared mode; this
  return balance;
}

void positiveReleasedByAnotherThread(Account &account) {
  account.mutex.lock();
  std::thread other([&account] {
    account.mutex.unlock();
    // CHECK-MESSAGES: :[[@LINE-1]]:19: warning: 'account.mutex' is released by a thread that does not hold it; this
  });
  other.join();
}

class Handle {
public:
  ~Handle() { pthread_mutex_destroy(&mutex_); }
  void close() {
    pthread_mutex_destroy(&mutex_);
    pthread_mutex_lock(&mutex_);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: lock 'mutex_' is used after it was destroyed; this
    pthread_mutex_unlock(&mutex_);
  }

private:
  pthread_mutex_t mutex_ = PTHREAD_MUTEX_INITIALIZER;
};

struct Plain {
  pthread_mutex_t mutex;
  int value;
};

void positiveUninitialised() {
  Plain plain;
  pthread_mutex_lock(&plain.mutex);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: lock 'plain.mutex' is used before it is initialised; this
  pthread_mutex_unlock(&plain.mutex);
}

void positiveCopy(Plain &to, Plain &from) {
  to = from;
  // CHECK-MESSAGES: :[[@LINE-1]]:6: warning: this assignment copies an object with the lock 'mutex'; the copy
}

// ---- none of these ----

void negativeModes(Account &account) {
  account.table.lock();
  account.table.unlock();
  account.table.lock_shared();
  account.table.unlock_shared();
}

void negativeGuards(Account &account) {
  std::shared_lock reading(account.table);
  std::lock_guard<std::mutex> lock(account.mutex);
}

void negativeConstructed() {
  std::mutex own;
  own.lock();
  own.unlock();
}

void negativeValueInitialised() {
  Plain plain{};
  pthread_mutex_lock(&plain.mutex);
  pthread_mutex_unlock(&plain.mutex);
}

void negativeDeletedAfterUnlock(Account *account) {
  account->mutex.lock();
  account->mutex.unlock();
  delete account;
}

void negativeThreadLocksItself(Account &account) {
  std::thread other([&account] {
    account.mutex.lock();
    account.mutex.unlock();
  });
  other.join();
}

template <class Lock> void negativeTemplate(Lock &lock) {
  lock.lock();
  lock.unlock();
}
template void negativeTemplate(std::mutex &);
