// A lock and what holds and releases it, without bodies here.
#pragma once
#include <condition_variable>
#include <deque>
#include <mutex>
#include <pthread.h>

class Section {
public:
  Section();
  Section(const Section &) = delete;
  void enter();
  void leave();

private:
  pthread_mutex_t raw_;
};
class Reentrant {
public:
  Reentrant();
  void enter();
  void leave();

private:
  pthread_mutex_t raw_;
};
class Entered { // has more than a guard has: its shape says nothing
public:
  Entered(Section &section, const char *where);
  Entered(Reentrant &section, const char *where);
  ~Entered();
  void report(int verbosity) const;

private:
  Section *section_ = nullptr;
  Reentrant *reentrant_ = nullptr;
  const char *where_;
};
class Left {
public:
  explicit Left(Section &section);
  ~Left();

private:
  Section &section_;
};
class Watched { // does nothing to the lock
public:
  explicit Watched(Section &section);
  ~Watched();

private:
  Section &section_;
};

struct Channel {
  std::mutex mutex;
  std::condition_variable filled;
  std::deque<int> items;
  bool closed = false;
};
int take(Channel &channel);

// These have the shape of a guard. What they are, section.cpp says.
class Paused {
public:
  explicit Paused(std::mutex &mutex);
  ~Paused();
  Paused(const Paused &) = delete;

private:
  std::mutex &mutex_;
};
class Counter {
public:
  explicit Counter(std::mutex &mutex);
  ~Counter();
  Counter(const Counter &) = delete;

private:
  std::mutex &mutex_;
};
