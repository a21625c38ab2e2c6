// RUN: %check_ward %s ward-blocking-under-lock %t -std=c++20

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <future>
#include <iostream>
#include <latch>
#include <memory>
#include <mutex>
#include <semaphore>
#include <shared_mutex>
#include <string>
#include <sys/socket.h>
#include <sys/wait.h>
#include <sys/select.h>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace std::chrono_literals;

std::mutex global;
std::condition_variable someone;
int counter;

struct Worker {
  std::mutex mu_, other_;
  std::condition_variable wake_;
  std::thread thread_;
  std::future<int> result_;
  std::FILE *file_ = nullptr;
  bool ready_ = false;

  void positiveSleep() {
    std::lock_guard<std::mutex> guard(mu_);
    std::this_thread::sleep_for(10ms);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'sleep_for' sleeps while holding 'mu_'; other threads that need the lock are blocked meanwhile [ward-blocking-under-lock]
  }
  void positiveOnOnePath(bool careful) {
    std::unique_lock<std::mutex> guard(mu_, std::defer_lock);
    if (careful)
      guard.lock();
    ::usleep(10);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'usleep' sleeps while holding 'mu_'; other threads that need the lock are blocked meanwhile
  }
  void positiveRawLock() {
    mu_.lock();
    thread_.join();
    // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: 'join' waits for a thread to finish while holding 'mu_'; other threads that need the lock are blocked meanwhile
    mu_.unlock();
  }
  int positiveFuture() {
    std::scoped_lock guard(mu_);
    return result_.get();
    // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: 'get' waits for a result while holding 'mu_'; other threads that need the lock are blocked meanwhile
  }
  void positiveSockets(int fd, char *buffer) {
    std::lock_guard guard(mu_);
    ::recv(fd, buffer, 10, 0);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'recv' may block on the network while holding 'mu_'; other threads that need the lock are blocked meanwhile
    ::read(fd, buffer, 10);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'read' performs I/O while holding 'mu_'; other threads that need the lock are blocked meanwhile
  }
  void positiveStdio(const char *text) {
    std::lock_guard guard(mu_);
    std::fputs(text, file_);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'fputs' performs I/O while holding 'mu_'; other threads that need the lock are blocked meanwhile
    std::fputs("\n", file_); // a second call under the same lock is not reported
  }
  void positiveProcess() {
    std::lock_guard guard(mu_);
    std::system("ls");
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'system' waits for another process while holding 'mu_'; other threads that need the lock are blocked meanwhile
    int status;
    ::waitpid(-1, &status, 0);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'waitpid' waits for another process while holding 'mu_'; other threads that need the lock are blocked meanwhile
  }
  void positiveTerminal() {
    std::lock_guard guard(mu_);
    std::string line;
    std::getline(std::cin, line);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'getline' performs I/O while holding 'mu_'; other threads that need the lock are blocked meanwhile
    std::cin >> counter;
    // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: 'operator>>' performs I/O while holding 'mu_'; other threads that need the lock are blocked meanwhile
  }
  void positiveNewWaits(std::binary_semaphore &semaphore, std::latch &latch, std::atomic<int> &atomic) {
    std::lock_guard guard(mu_);
    semaphore.acquire();
    // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: 'acquire' waits for another thread while holding 'mu_'; other threads that need the lock are blocked meanwhile
    latch.arrive_and_wait();
    // CHECK-MESSAGES: :[[@LINE-1]]:11: warning: 'arrive_and_wait' waits for another thread while holding 'mu_'; other threads that need the lock are blocked meanwhile
    atomic.wait(0);
    // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 'wait' waits for another thread while holding 'mu_'; other threads that need the lock are blocked meanwhile
  }
  void positiveWaitWithAnotherLock() {
    std::lock_guard outer(other_);
    std::unique_lock<std::mutex> guard(mu_);
    wake_.wait(guard, [this] { return ready_; });
    // CHECK-MESSAGES: :[[@LINE-1]]:11: warning: 'wait' waits for another thread while holding 'other_'; other threads that need the lock are blocked meanwhile
  }
  void positiveAsyncTemporary() {
    std::lock_guard guard(mu_);
    (void)std::async(std::launch::async, [] { ++counter; });
    // CHECK-MESSAGES: :[[@LINE-1]]:11: warning: the thread started here is joined at the end of the statement, while holding 'mu_'; other threads that need the lock are blocked meanwhile
  }
  void positiveHandleDestroyedUnderTheLock() {
    std::lock_guard guard(mu_);
    std::jthread helper([] { ++counter; });
    // CHECK-MESSAGES: :[[@LINE-1]]:18: warning: the thread started here is joined when its handle goes out of scope, while holding 'mu_'; other threads that need the lock are blocked meanwhile
  }
  void positiveShared(std::shared_mutex &shared) {
    std::shared_lock reader(shared);
    std::this_thread::sleep_until(std::chrono::steady_clock::now() + 1s);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'sleep_until' sleeps while holding 'shared'; other threads that need the lock are blocked meanwhile
  }
  void positiveTemporaryGuard() {
    std::lock_guard<std::mutex>{mu_}, std::this_thread::sleep_for(1s);
    // CHECK-MESSAGES: :[[@LINE-1]]:39: warning: 'sleep_for' sleeps while holding 'mu_'; other threads that need the lock are blocked meanwhile
  }
  void positiveInLambdaInPlace(std::vector<int> &all) {
    std::lock_guard guard(mu_);
    std::for_each(all.begin(), all.end(), [](int n) { std::this_thread::sleep_for(n * 1ms); });
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'for_each' may block while holding 'mu_'; other threads that need the lock are blocked meanwhile
    [&] { ::sleep(all[0]); }();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: the lambda may block while holding 'mu_'; other threads that need the lock are blocked meanwhile
  }

  // The lock that the wait releases is the only one.
  void negativeWait() {
    std::unique_lock<std::mutex> guard(mu_);
    while (!ready_)
      wake_.wait(guard);
    wake_.wait_for(guard, 1s, [this] { return ready_; });
  }
  void negativeUnlocked() {
    std::unique_lock guard(mu_);
    ready_ = true;
    guard.unlock();
    std::this_thread::sleep_for(1s);
    guard.lock();
  }
  void negativeScope() {
    {
      std::lock_guard guard(mu_);
      ready_ = true;
    }
    thread_.join();
  }
  void negativeRawUnlocked() {
    mu_.lock();
    mu_.unlock();
    ::sleep(1);
  }
  void negativePoll() {
    std::lock_guard guard(mu_);
    if (result_.wait_for(0s) == std::future_status::ready)
      counter = result_.get();
  }
  void negativeWaitedBefore() {
    std::unique_lock guard(mu_);
    guard.unlock();
    result_.wait();
    guard.lock();
    counter = result_.get();
  }
  void negativeDoesNotWait(int fd, char *buffer) {
    std::lock_guard guard(mu_);
    ::recv(fd, buffer, 10, MSG_DONTWAIT);
    int status;
    ::waitpid(-1, &status, WNOHANG);
    ::sleep(0);
    std::this_thread::sleep_for(std::chrono::milliseconds(0));
    std::this_thread::sleep_for(std::chrono::seconds::zero());
    std::this_thread::yield();
  }
  // Runs on another thread.
  void negativeStarted() {
    std::lock_guard guard(mu_);
    thread_ = std::thread([] { std::this_thread::sleep_for(1s); });
    auto later = [] { std::this_thread::sleep_for(1s); };
    (void)later;
  }
  void negativeFileStreamsAndConsole(std::ofstream &file) {
    std::lock_guard guard(mu_);
    file << counter;
    std::printf("%d\n", counter);
    std::fprintf(stderr, "%d\n", counter);
    std::cout << counter << std::endl;
  }
  void negativeNotified() {
    std::lock_guard guard(mu_);
    wake_.notify_all();
  }
  void negativeMovedHandle() {
    std::lock_guard guard(mu_);
    std::jthread helper([] { ++counter; });
    keep(std::move(helper));
  }
  void keep(std::jthread);
  std::future<int> negativeReturned() {
    std::lock_guard guard(mu_);
    auto result = std::async(std::launch::async, [] { return 1; });
    return result;
  }
  void negativeHandleBeforeTheLock() {
    std::jthread helper([] { ++counter; });
    std::lock_guard guard(mu_);
    ++counter;
  }
};

// Other functions of the same names.
namespace mine {
void sleep(int);
int read(int, char *, int);
struct Socket {
  int recv(char *, int);
};
struct Cache {
  int get(int);
  void wait();
};
} // namespace mine

void negativeLookAlikes(mine::Socket &socket, mine::Cache &cache) {
  std::lock_guard guard(global);
  char buffer[4];
  mine::sleep(1);
  mine::read(0, buffer, 4);
  socket.recv(buffer, 4);
  cache.get(1);
  cache.wait();
  std::unique_ptr<int> pointer;
  pointer.get();
}

template <class Mutex> void positiveTemplate(Mutex &mutex) {
  std::lock_guard<Mutex> guard(mutex);
  std::this_thread::sleep_for(1s);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'sleep_for' sleeps while holding 'mutex'; other threads that need the lock are blocked meanwhile
}
template void positiveTemplate<std::mutex>(std::mutex &);
template void positiveTemplate<std::recursive_mutex>(std::recursive_mutex &);

#define LOCKED(m) std::lock_guard<std::mutex> locked_(m)
void positiveMacro() {
  LOCKED(global);
  ::sleep(1);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'sleep' sleeps while holding 'global'; other threads that need the lock are blocked meanwhile
}

// A user-defined guard that releases the lock while it lives.
class Unlocked {
  std::mutex &mutex_;

public:
  explicit Unlocked(std::mutex &m) : mutex_(m) { mutex_.unlock(); }
  ~Unlocked() { mutex_.lock(); }
};
class Relocker {
  std::unique_lock<std::mutex> &lock_;

public:
  explicit Relocker(std::unique_lock<std::mutex> &lock) : lock_(lock) { lock_.unlock(); }
  ~Relocker() { lock_.lock(); }
};
void negativeUnlockedTemporarily() {
  std::lock_guard<std::mutex> guard(global);
  ++counter;
  {
    Unlocked now(global);
    std::this_thread::sleep_for(1ms);
  }
  ++counter;
}
void negativeRelocked() {
  std::unique_lock<std::mutex> guard(global);
  {
    Relocker now(guard);
    std::this_thread::sleep_for(1ms);
  }
  ++counter;
}
void positiveLockedAgain() {
  std::unique_lock<std::mutex> guard(global);
  {
    Relocker now(guard);
    ++counter;
  }
  std::this_thread::sleep_for(1ms);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'sleep_for' sleeps while holding 'global'
}

struct Connects {
  Connects() { ::sleep(1); }
};
void positiveDefaultConstructor() {
  std::lock_guard<std::mutex> guard(global);
  Connects now;
  // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 'Connects' may block while holding 'global'
}
#include <sys/file.h>
void fileLocks(int fd) {
  std::lock_guard<std::mutex> guard(global);
  ::flock(fd, LOCK_EX | LOCK_NB);
  ::flock(fd, LOCK_UN);
  ::flock(fd, LOCK_EX);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'flock' performs I/O while holding 'global'
}
namespace folly { // the guard is a nested class of the lock
template <class T> class Synchronized {
public:
  struct LockedPtr {
    T *operator->();
    ~LockedPtr();
    void unlock();
  };
  LockedPtr wlock();
};
} // namespace folly
void nestedGuard(folly::Synchronized<std::vector<int>> &list) {
  auto locked = list.wlock();
  ::sleep(1);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'sleep' sleeps while holding 'list'
  locked.unlock();
  ::sleep(1);
}

#define GUARDED(m) std::lock_guard<std::mutex> guarded_(m)
void negativeLeftByException() { // unwinding destroys the guard before the handler runs
  try {
    std::lock_guard<std::mutex> guard(global);
    if (counter)
      throw 1;
  } catch (int) {
    ::sleep(1);
  }
  try {
    try {
      GUARDED(global);
      throw 1;
    } catch (char) {
    }
  } catch (int) {
    ::sleep(1);
  }
}
void positiveThrownInside() {
  std::lock_guard<std::mutex> guard(global);
  try {
    if (counter)
      throw 1;
  } catch (int) {
    ::sleep(1);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'sleep' sleeps while holding 'global'
  }
}

// Handlers of exceptions that a call throws.
void mayThrow();
void positiveHandler() {
  std::lock_guard<std::mutex> guard(global);
  try {
    mayThrow();
  } catch (int) {
    ::sleep(1);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'sleep' sleeps while holding 'global'
  }
}
void negativeHandlers() {
  try {
    std::lock_guard<std::mutex> guard(global);
    mayThrow();
  } catch (int) {
    ::sleep(1);
  }
  std::unique_lock<std::mutex> guard(global);
  try {
    guard.unlock();
    mayThrow();
    guard.lock();
  } catch (int) {
    ::sleep(1);
    guard.lock();
  }
}

void negativeOwnedGuardDestroyed() {
  auto guard = std::make_unique<std::lock_guard<std::mutex>>(global);
  guard.reset();
  ::sleep(1);
}

void negativeZeroBehindPointer(fd_set *set) {
  std::lock_guard<std::mutex> guard(global);
  timeval none{0, 0};
  ::select(3, set, nullptr, nullptr, &none);
  timeval assigned;
  assigned.tv_sec = 0;
  assigned.tv_usec = 0;
  ::select(3, set, nullptr, nullptr, &assigned);
}
void positiveNoLimit(fd_set *set, timeval limit) {
  std::lock_guard<std::mutex> guard(global);
  ::select(3, set, nullptr, nullptr, nullptr);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'select' may block on the network while holding 'global'
}
void positiveSomeLimit(fd_set *set) {
  std::lock_guard<std::mutex> guard(global);
  timeval some{0, 0};
  some.tv_sec = 1;
  ::select(3, set, nullptr, nullptr, &some);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'select' may block on the network while holding 'global'
}
