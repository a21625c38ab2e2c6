// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-thread-lifecycle %t -config="{CheckOptions: {ward-thread-lifecycle.ReportDetach: false}}" -- -- -I%S/../capture/Inputs
#include "boost_thread.h"
#include "qt.h"
#include <memory>
#include <pthread.h>
#include <thread>

void work();

void positiveBoost() {
  boost::thread t(work);
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 't' may still be joinable when it is destroyed, which lets its thread go [ward-thread-lifecycle]
}
void positiveBoostTwice() {
  boost::thread t(work);
  t.join();
  t.join();
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 't' has no thread to join or detach here: it was joined, detached or moved away before [ward-thread-lifecycle]
}
void positiveBoostOverwritten() {
  boost::thread t(work);
  t = boost::thread(work);
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 't' may still be joinable when it is assigned over, which lets its thread go [ward-thread-lifecycle]
  t.join();
}
void positiveBoostAsync() {
  boost::async(work);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the future that nobody takes waits here until the task is done: nothing runs at the same time [ward-thread-lifecycle]
}
void negativeBoost() {
  boost::thread t(work);
  if (t.joinable())
    t.join();
  boost::thread_group group;
  group.create_thread(work);
  group.join_all();
}
// Detaching is not asked about here.
void negativeDetach(pthread_t p) {
  std::thread t(work);
  t.detach();
  pthread_detach(p);
}

// Qt's threads are objects first, and started by hand; to wait twice is fine.
class Worker : public QThread {
protected:
  void run() override { work(); }
};
class Waits : public QThread {
public:
  ~Waits() {
    quit();
    wait();
  }
};
bool failed();
void keep(QThread *);
void positiveQt() {
  Worker worker;
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: 'worker' may still run when it is destroyed, which ends the program [ward-thread-lifecycle]
  worker.start();
}
void positiveQtPath() {
  QThread thread;
  // CHECK-MESSAGES: :[[@LINE-1]]:11: warning: 'thread' may still run when it is destroyed, which ends the program
  thread.start();
  if (failed())
    return;
  thread.wait();
}
void positiveQtOwned() {
  std::unique_ptr<QThread> thread(QThread::create([] { work(); }));
  // CHECK-MESSAGES: :[[@LINE-1]]:28: warning: 'thread' may still run when it is destroyed, which ends the program
  thread->start();
  thread->quit();
}
struct PositiveQtMember {
  QThread thread_;
  // CHECK-MESSAGES: :[[@LINE-1]]:11: warning: 'thread_' is destroyed with its object, and nothing joins its thread before: that ends the program
  void start() { thread_.start(); }
  void stop() { thread_.quit(); }
};
void negativeQt() {
  Worker worker, never;
  worker.start();
  worker.wait();
  worker.wait();
  Waits own;
  own.start();
  Worker asked;
  asked.start();
  if (asked.isRunning())
    asked.wait();
  Worker handedOut;
  keep(&handedOut);
  handedOut.start();
  auto *parented = new Worker;
  parented->start();
  auto owned = std::make_unique<Worker>();
  owned->start();
  owned->wait();
}
struct NegativeQtMember {
  QThread thread_;
  Waits own_;
  void start() {
    thread_.start();
    own_.start();
  }
  ~NegativeQtMember() {
    thread_.quit();
    thread_.wait();
  }
};
