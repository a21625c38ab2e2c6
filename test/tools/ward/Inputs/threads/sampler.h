// Whose thread is started in start.cpp, runs in loop.cpp, and is used in use.cpp.
#pragma once
#include <mutex>
#include <string>
#include <thread>
#include <vector>

class Sampler {
public:
  void name(std::string text);
  void start();
  void stop();
  int last() const;
  int lastRight() const;
  const std::string &title() const;
  std::size_t kept() const;

private:
  void launch();
  void loop();
  void measure();

  mutable std::mutex mutex_;
  std::string title_;       // set before the start
  std::vector<int> scratch_; // of the thread alone
  std::vector<int> kept_;   // read when the thread is gone
  int last_ = 0, turns_ = 0;
  bool quit_ = false;
  std::thread thread_;
};

class Clock { // its constructor starts the thread
public:
  Clock();
  ~Clock();
  long ticks() const;

private:
  void tick();
  mutable std::mutex mutex_;
  long ticks_ = 0;
  bool quit_ = false;
  std::thread thread_;
};

// Locks, but has no thread.
class Plain {
public:
  void add(int n);
  int sum() const;

private:
  mutable std::mutex mutex_;
  int sum_ = 0;
};
