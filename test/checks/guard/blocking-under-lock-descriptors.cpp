// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-blocking-under-lock %t -std=c++17,c++20
#include <condition_variable>
#include <cstdint>
#include <fcntl.h>
#include <mutex>
#include <netdb.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <thread>
#include <unistd.h>
#include <vector>
std::mutex m; long total;
namespace b {
static int setNonBlocking(int fd, bool on) {
  int flags = fcntl(fd, F_GETFL, 0);
  if (flags == -1) return -1;
  if (on) flags |= O_NONBLOCK; else flags &= ~O_NONBLOCK;
  return fcntl(fd, F_SETFL, flags);
}
void makeNonBlocking(int fd) { fcntl(fd, F_SETFL, fcntl(fd, F_GETFL, 0) | O_NONBLOCK); }
int makeEvent() { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }
int makeSlowEvent() { return eventfd(0, EFD_CLOEXEC); }
void helper(int fd, char *to) { makeNonBlocking(fd); std::lock_guard g(m); total += read(fd, to, 8); }
void helperTrue(int fd, char *to) { setNonBlocking(fd, true); std::lock_guard g(m); total += read(fd, to, 8); }
void helperFalse(int fd, char *to) { setNonBlocking(fd, false); std::lock_guard g(m); total += read(fd, to, 8); }
// CHECK-MESSAGES: :[[@LINE-1]]:96: warning: 'read' performs I/O while holding 'm'; other threads that need the lock are blocked meanwhile [ward-blocking-under-lock]
void maker(char *to) { int fd = makeEvent(); std::lock_guard g(m); total += read(fd, to, 8); }
void slowMaker(char *to) { int fd = makeSlowEvent(); std::lock_guard g(m); total += read(fd, to, 8); }
// CHECK-MESSAGES: :[[@LINE-1]]:85: warning: 'read' performs I/O while holding 'm'; other threads that need the lock are blocked meanwhile [ward-blocking-under-lock]
class Fd {
public:
  explicit Fd(int fd) : fd_(fd) {}
  ~Fd() { close(fd_); }
  int get() const { return fd_; }
  operator int() const { return fd_; }
private:
  int fd_;
};
class Loop {
public:
  Loop() : wake_(eventfd(0, EFD_NONBLOCK)), timer_{timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK)}, slow_(timerfd_create(CLOCK_MONOTONIC, 0)) {
    if (pipe2(ends_, O_NONBLOCK | O_CLOEXEC) != 0) return;
    if (pipe(slowEnds_) != 0) return;
    watch_ = inotify_init1(IN_NONBLOCK);
  }
  void drain() {
    std::lock_guard g(mutex_);
    std::uint64_t n;
    read(wake_.get(), &n, sizeof n);
    read(timer_, &n, sizeof n);
    read(ends_[0], &n, sizeof n);
    write(ends_[1], &n, 1);
    read(watch_, &n, sizeof n);
    sum_ += n;
  }
  void drainSlow() { std::lock_guard g(mutex_); std::uint64_t n; read(slow_.get(), &n, sizeof n); sum_ += n; }
  // CHECK-MESSAGES: :[[@LINE-1]]:66: warning: 'read' performs I/O while holding 'mutex_'; other threads that need the lock are blocked meanwhile [ward-blocking-under-lock]
  void drainPipe() { std::lock_guard g(mutex_); std::uint64_t n; if (recv(slowEnds_[0], &n, sizeof n, 0) > 0) sum_ += n; }
  // CHECK-MESSAGES: :[[@LINE-1]]:70: warning: 'recv' may block on the network while holding 'mutex_'; other threads that need the lock are blocked meanwhile [ward-blocking-under-lock]
private:
  std::mutex mutex_;
  Fd wake_;
  const int timer_;
  Fd slow_;
  int ends_[2], slowEnds_[2];
  int watch_ = -1;
  std::uint64_t sum_ = 0;
};
class Connection {
public:
  explicit Connection(int fd) : fd_(fd) { int one = 1; ioctl(fd_, FIONBIO, &one); }
  void send(const char *s) { std::lock_guard g(mutex_); sent_ += ::send(fd_, s, 4, 0); }
private:
  std::mutex mutex_; int fd_; long sent_ = 0;
};
class SlowConnection {
public:
  explicit SlowConnection(int fd) : fd_(fd) {}
  void send(const char *s) { std::lock_guard g(mutex_); sent_ += ::send(fd_, s, 4, 0); }
  // CHECK-MESSAGES: :[[@LINE-1]]:66: warning: 'send' may block on the network while holding 'mutex_'; other threads that need the lock are blocked meanwhile [ward-blocking-under-lock]
private:
  std::mutex mutex_; int fd_; long sent_ = 0;
};
void listenAndAccept() {
  int s = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  listen(s, 5);
  std::lock_guard g(m);
  total += accept(s, nullptr, nullptr);
}
void reused(int other, char *to) {
  int fd = eventfd(0, EFD_NONBLOCK);
  fd = other;
  std::lock_guard g(m);
  total += read(fd, to, 8);
  // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 'read' performs I/O while holding 'm'; other threads that need the lock are blocked meanwhile [ward-blocking-under-lock]
}
void pollIt(int fd) { struct pollfd p = {fd, POLLIN, 0}; fcntl(fd, F_SETFL, O_NONBLOCK); std::lock_guard g(m); total += poll(&p, 1, 100); }
// CHECK-MESSAGES: :[[@LINE-1]]:121: warning: 'poll' may block on the network while holding 'm'; other threads that need the lock are blocked meanwhile [ward-blocking-under-lock]
void numericName(addrinfo **out) {
  addrinfo hints{};
  hints.ai_family = AF_INET;
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  std::lock_guard g(m);
  total += getaddrinfo("127.0.0.1", "80", &hints, out);
}
void name(addrinfo **out) {
  addrinfo hints{};
  hints.ai_flags = AI_PASSIVE;
  std::lock_guard g(m);
  total += getaddrinfo("example.org", "80", &hints, out);
  // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 'getaddrinfo' may block on the network while holding 'm'; other threads that need the lock are blocked meanwhile [ward-blocking-under-lock]
}
class Waits {
public:
  void a() { std::unique_lock<std::mutex> l(mutex_); sleepOn(l); ++n_; }
  void b() { std::unique_lock<std::mutex> l(mutex_); wrap(&l); ++n_; }
  void c() { std::lock_guard<std::mutex> o(m); std::unique_lock<std::mutex> l(mutex_); wrap(&l); ++n_; ++total; }
  // CHECK-MESSAGES: :[[@LINE-1]]:88: warning: 'wrap' may block while holding 'm'; other threads that need the lock are blocked meanwhile [ward-blocking-under-lock]
  void signal() { { std::lock_guard<std::mutex> l(mutex_); ready_ = true; } cv_.notify_all(); }
  void d() { std::lock_guard<std::mutex> l(mutex_); if (t_.joinable()) t_.join(); }
  // CHECK-MESSAGES: :[[@LINE-1]]:75: warning: 'join' waits for a thread to finish while holding 'mutex_'; other threads that need the lock are blocked meanwhile [ward-blocking-under-lock]
private:
  void sleepOn(std::unique_lock<std::mutex> &l) { while (!ready_) cv_.wait(l); }
  void wrap(std::unique_lock<std::mutex> *l) { sleepOn(*l); }
  std::mutex mutex_; std::condition_variable cv_; std::thread t_; bool ready_ = false; int n_ = 0;
};
}
