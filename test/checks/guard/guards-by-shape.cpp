// RUN: %check_ward %s ward-discarded-guard %t -- -- -pthread
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Guards whose constructors and destructors are defined in other files: they are recognised by their shape.
#include <mutex>
#include <string>

void work();
std::mutex plain;

class AutoLock {
public:
  explicit AutoLock(std::mutex &m);
  ~AutoLock();
  AutoLock(const AutoLock &) = delete;
  AutoLock &operator=(const AutoLock &) = delete;
private:
  std::mutex &m_;
};
void positiveReference() {
  AutoLock{plain};
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this guard has no name and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
  // CHECK-FIXES: AutoLock guard{plain};
  work();
}
void negativeNamed() { AutoLock l(plain); work(); }

class Noncopyable {
protected:
  Noncopyable() = default;
  Noncopyable(const Noncopyable &) = delete;
};
class ByPointer : Noncopyable {
public:
  ByPointer(std::mutex *m, const char *where, int line);
  ~ByPointer();
  bool owns() const;
  void unlock();
private:
  std::mutex *m_;
  bool held_;
};
void positivePointer() {
  ByPointer(&plain, __FILE__, __LINE__);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this guard has no name and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
  work();
}

class Section : public std::recursive_mutex {
public:
  class Scope { // can be copied, but it is a part of the lock
  public:
    explicit Scope(Section &s);
    ~Scope();
  private:
    Section &s_;
  };
};
Section section;
void positiveNested() {
  Section::Scope{section};
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this guard has no name and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
  // CHECK-FIXES: Section::Scope guard{section};
  work();
}

// One releases what the other holds: no conclusion.
class Unlocker {
public:
  explicit Unlocker(std::mutex &m);
  ~Unlocker();
  Unlocker(const Unlocker &) = delete;
private:
  std::mutex &m_;
};
void negativeRelease() {
  std::lock_guard<std::mutex> l(plain);
  Unlocker{plain};
  Unlocker meanwhile(plain);
  work();
}
class Yielder {
public:
  explicit Yielder(std::mutex &m);
  ~Yielder();
  Yielder(const Yielder &) = delete;
private:
  std::mutex &m_;
};
void negativeByHand() {
  plain.lock();
  {
    Yielder y(plain);
    work();
  }
  plain.unlock();
}
void negativeYields() { Yielder{plain}; }

// Look-alikes.
class Meter { // can be copied
public:
  explicit Meter(std::mutex &m);
  ~Meter();
private:
  std::mutex *m_;
};
class Worker { // does more
public:
  explicit Worker(std::mutex &m);
  ~Worker();
  Worker(const Worker &) = delete;
  void run(int n);
private:
  std::mutex &m_;
};
class Session { // has more
public:
  explicit Session(std::mutex &m);
  ~Session();
  Session(const Session &) = delete;
private:
  std::mutex &m_;
  std::string name_;
};
class Stream;
class Writer { // for something else
public:
  Writer(std::mutex &m, Stream &out);
  ~Writer();
  Writer(const Writer &) = delete;
private:
  std::mutex &m_;
};
class Base {
public:
  explicit Base(std::mutex &m);
  virtual ~Base();
  Base(const Base &) = delete;
private:
  std::mutex &m_;
};
class NoDestructor {
public:
  explicit NoDestructor(std::mutex &m);
  NoDestructor(const NoDestructor &) = delete;
private:
  std::mutex &m_;
};
void negativeLookAlikes(Stream &out) {
  Meter{plain};
  Worker{plain};
  Session{plain};
  Writer(plain, out);
  Base{plain};
  NoDestructor{plain};
  work();
}
