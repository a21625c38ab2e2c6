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
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 't' may still be joinable when it is destroyed, which detaches its thread [ward-thread-lifecycle]
}
void positiveBoostTwice() {
  boost::thread t(work);
  t.join();
  t.join();
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 't' is not joinable here, since it was joined, detached or moved from before; joining or detaching it throws or is undefined behaviour [ward-thread-lifecycle]
}
void positiveBoostOverwritten() {
  boost::thread t(work);
  t = boost::thread(work);
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 't' may still be joinable when it is overwritten, which detaches its thread [ward-thread-lifecycle]
  t.join();
}
void positiveBoostAsync() {
  boost::async(work);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this future is discarded, and its destructor waits for the task; nothing runs concurrently [ward-thread-lifecycle]
}
void negativeBoost() {
  boost::thread t(work);
  if (t.joinable())
    t.join();
  boost::thread_group group;
  group.create_thread(work);
  group.join_all();
}
// detach() is not reported here.
void negativeDetach(pthread_t p) {
  std::thread t(work);
  t.detach();
  pthread_detach(p);
}

// A Qt thread is an object that is started by a call, and may be waited for twice.
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
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: 'worker' may still run when it is destroyed, which terminates the program [ward-thread-lifecycle]
  worker.start();
}
void positiveQtPath() {
  QThread thread;
  // CHECK-MESSAGES: :[[@LINE-1]]:11: warning: 'thread' may still run when it is destroyed, which terminates the program
  thread.start();
  if (failed())
    return;
  thread.wait();
}
void positiveQtOwned() {
  std::unique_ptr<QThread> thread(QThread::create([] { work(); }));
  // CHECK-MESSAGES: :[[@LINE-1]]:28: warning: 'thread' may still run when it is destroyed, which terminates the program
  thread->start();
  thread->quit();
}
struct PositiveQtMember {
  QThread thread_;
  // CHECK-MESSAGES: :[[@LINE-1]]:11: warning: 'thread_' is not joined before its object is destroyed, which terminates the program
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
