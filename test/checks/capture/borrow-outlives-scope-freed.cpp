// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-borrow-outlives-scope %t
// Objects on the heap that one thread destroys while another still uses them.
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

void use(int) noexcept;
struct Session {
  void handle() {
    std::lock_guard<std::mutex> guard(mutex);
    use(++requests);
  }
  std::mutex mutex;
  int requests = 0;
  std::atomic<int> owners{2};
};

void positiveDeleted() {
  auto *session = new Session;
  std::thread worker([session] { session->handle(); });
  // CHECK-MESSAGES: :[[@LINE-1]]:22: warning: possible use-after-free: the object that 'session' points to may be destroyed by one thread while another one uses it [ward-borrow-outlives-scope]
  delete session;
  worker.join();
}
void positiveByArgument() {
  auto *session = new Session;
  std::thread worker(&Session::handle, session);
  // CHECK-MESSAGES: :[[@LINE-1]]:40: warning: possible use-after-free: the object that 'session' points to may be destroyed by one thread while another one uses it [ward-borrow-outlives-scope]
  delete session;
  worker.join();
}
void positiveReset() {
  auto session = std::make_unique<Session>();
  std::thread worker([raw = session.get()] { raw->handle(); });
  // CHECK-MESSAGES: :[[@LINE-1]]:22: warning: possible use-after-free: the object that 'session' points to may be destroyed by one thread while another one uses it [ward-borrow-outlives-scope]
  session.reset();
  worker.join();
}
void positiveByOneThread() {
  auto *session = new Session;
  std::thread first([session] { session->handle(); });
  std::thread second([session] { session->handle(); delete session; });
  // CHECK-MESSAGES: :[[@LINE-1]]:22: warning: possible use-after-free: the object that 'session' points to may be destroyed by one thread while another one uses it [ward-borrow-outlives-scope]
  first.join();
  second.join();
}
template <class T> void positiveTemplate() {
  T *object = new T;
  std::thread worker([object] { object->handle(); });
  // CHECK-MESSAGES: :[[@LINE-1]]:22: warning: possible use-after-free: the object that 'object' points to may be destroyed by one thread while another one uses it [ward-borrow-outlives-scope]
  delete object;
  worker.join();
}
void instantiate() { positiveTemplate<Session>(); }

void negativeDeletedAfterJoin() {
  auto *session = new Session;
  std::thread worker([session] { session->handle(); });
  worker.join();
  delete session;
}
void negativeDeletedByItsThread() {
  auto *session = new Session;
  std::thread worker([session] { session->handle(); delete session; });
  worker.join();
}
void negativeByTheLast() {
  auto *session = new Session;
  auto work = [session] {
    session->handle();
    if (session->owners.fetch_sub(1) == 1)
      delete session;
  };
  std::thread first(work), second(work);
  first.join();
  second.join();
}
void negativeShared() {
  auto session = std::make_shared<Session>();
  std::thread worker([session] { session->handle(); });
  session.reset();
  worker.join();
}
void negativeOther() {
  auto *session = new Session, *other = new Session;
  std::thread worker([session] { session->handle(); });
  delete other;
  worker.join();
  delete session;
}
void negativeMoved() {
  auto session = std::make_unique<Session>();
  std::thread worker([own = std::move(session)] { own->handle(); });
  session.reset();
  worker.join();
}
void serve(std::unique_ptr<Session> own) { own->handle(); }
void negativeMovedArgument() {
  auto session = std::make_unique<Session>();
  std::thread worker(serve, std::move(session));
  session = nullptr;
  worker.join();
}
void negativeJoiningHandle() {
  auto *session = new Session;
  {
    std::jthread worker([session] { session->handle(); });
  }
  delete session;
}
void negativeDroppedHandle() {
  auto *session = new Session;
  auto worker = std::make_unique<std::jthread>([session] { session->handle(); });
  worker.reset();
  delete session;
}
