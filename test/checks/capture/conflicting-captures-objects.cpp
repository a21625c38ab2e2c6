// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-conflicting-captures %t
// What an object of a class with a thread was given, where the object is used; and what a function gave to another that starts the thread.
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <pthread.h>
#include <thread>
#include <vector>
void use(int);
struct Score {
  int points = 0;
};

class Referee { // starts when it is told to
public:
  explicit Referee(Score *score) : score_(score) {}
  void start() { thread_ = std::thread([this] { ++score_->points; }); }
  void stop() { thread_.join(); }

private:
  Score *score_;
  std::thread thread_;
};
class Judge { // starts at once; its destructor joins
public:
  explicit Judge(Score &score) : score_(score), thread_(&Judge::run, this) {}
  ~Judge() { thread_.join(); }

private:
  void run() { ++score_.points; }
  Score &score_;
  std::thread thread_;
};
class Clerk { // the thread has the parameter itself
public:
  explicit Clerk(int &entries) : thread_([&entries] { ++entries; }) {}
  ~Clerk() { thread_.join(); }

private:
  std::thread thread_;
};
class Posix {
public:
  explicit Posix(Score *score) { score_ = score; pthread_create(&thread_, nullptr, run, this); }
  ~Posix() { pthread_join(thread_, nullptr); }

private:
  static void *run(void *self) { ++static_cast<Posix *>(self)->score_->points; return nullptr; }
  Score *score_;
  pthread_t thread_;
};

int PositiveStarted() {
  Score score;
  Referee referee(&score);
// CHECK-MESSAGES: :[[@LINE-1]]:19: warning: possible data race: 'score' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
  referee.start();
  use(score.points);
  referee.stop();
  return score.points;
}
int PositiveConstructed() {
  Score score;
  Judge judge(score);
// CHECK-MESSAGES: :[[@LINE-1]]:15: warning: possible data race: 'score' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
  return score.points;
}
void PositiveTwoObjects() {
  Score score;
  Judge first(score);
  Judge second(score);
// CHECK-MESSAGES: :[[@LINE-1]]:16: warning: possible data race: 'score' is written by this thread while another thread that runs the same code may access it, with no common lock [ward-conflicting-captures]
}
int PositivePosix() {
  Score score;
  Posix posix(&score);
// CHECK-MESSAGES: :[[@LINE-1]]:15: warning: possible data race: 'score' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
  return score.points;
}
int NegativeStopped() {
  Score score;
  Referee referee(&score);
  score.points = 3;
  referee.start();
  referee.stop();
  return score.points;
}
int NegativeDestroyed() {
  Score score;
  { Judge judge(score); }
  { Judge judge(score); }
  return score.points;
}
void NegativeApart() {
  Score first, second;
  Judge a(first);
  Judge b(second);
}
int NegativeNeverStarted() {
  Score score;
  Referee referee(&score);
  return score.points;
}
int NegativeParameter() {
  int entries = 0;
  { Clerk clerk(entries); }
  return entries;
}
class Locked {
public:
  Locked(Score &score, std::mutex &mutex) : score_(score), mutex_(mutex), thread_([this] { run(); }) {}
  ~Locked() { thread_.join(); }

private:
  void run() {
    std::lock_guard<std::mutex> guard(mutex_);
    ++score_.points;
  }
  Score &score_;
  std::mutex &mutex_;
  std::thread thread_;
};
int NegativeLocked() {
  Score score;
  std::mutex mutex;
  Locked worker(score, mutex);
  std::lock_guard<std::mutex> guard(mutex);
  return score.points;
}
class Copies {
public:
  explicit Copies(Score score) : score_(score), thread_([this] { ++score_.points; }) {}
  ~Copies() { thread_.join(); }

private:
  Score score_;
  std::thread thread_;
};
int NegativeCopies() {
  Score score;
  Copies copies(score);
  return score.points;
}
class Atomic {
public:
  explicit Atomic(std::atomic<int> &n) : n_(n), thread_([this] { ++n_; }) {}
  ~Atomic() { thread_.join(); }

private:
  std::atomic<int> &n_;
  std::thread thread_;
};
int NegativeAtomic() {
  std::atomic<int> n{0};
  Atomic a(n), b(n);
  return ++n;
}

// A member that has a thread and is given another member.
class Match {
public:
  void begin() { referee_.start(); }
  void end() {
    referee_.stop();
    use(score_.points);
  }
  int points() const { return score_.points; }
// CHECK-MESSAGES: :[[@LINE-1]]:31: warning: possible data race: 'Match::score_' is read here while the thread that the object has started may write it, with no common lock [ward-conflicting-captures]
  int round() const { return round_; }

private:
  Score score_;
  int round_ = 0;
  Referee referee_{&score_};
};
class MatchOnHeap {
public:
  MatchOnHeap() : referee_(std::make_unique<Referee>(&score_)) {}
  void begin() { referee_->start(); }
  void add() { ++score_.points; }
// CHECK-MESSAGES: :[[@LINE-1]]:18: warning: possible data race: 'MatchOnHeap::score_' is written here while the thread that the object has started may write it, with no common lock [ward-conflicting-captures]

private:
  Score score_;
  std::unique_ptr<Referee> referee_;
};
class NegativeMatch { // nobody starts it
public:
  int points() const { return score_.points; }

private:
  Score score_;
  Referee referee_{&score_};
};
class NegativeMatchInOrder {
public:
  int play() {
    referee_.start();
    referee_.stop();
    return score_.points;
  }

private:
  Score score_;
  Referee referee_{&score_};
};

// Arguments in a structure.
struct Task {
  int number;
  int *sum;
};
void *add(void *p) {
  auto *task = static_cast<Task *>(p);
  *task->sum += task->number;
  return nullptr;
}
void PositiveStructures() {
  int sum = 0;
  Task one{1, &sum}, two{2, &sum};
  pthread_t a, b;
  pthread_create(&a, nullptr, add, &one);
  pthread_create(&b, nullptr, add, &two);
// CHECK-MESSAGES: :[[@LINE-1]]:31: warning: possible data race: 'sum' is written by this thread while another thread that runs the same code may access it, with no common lock [ward-conflicting-captures]
  pthread_join(a, nullptr);
  pthread_join(b, nullptr);
}
int PositiveAssigned() {
  int sum = 0;
  Task task;
  task.number = 1;
  task.sum = &sum;
  pthread_t a;
  pthread_create(&a, nullptr, add, &task);
// CHECK-MESSAGES: :[[@LINE-1]]:31: warning: possible data race: 'sum' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
  use(sum);
  pthread_join(a, nullptr);
  return sum;
}
int NegativeStructures() {
  int first = 0, second = 0;
  Task one{1, &first}, two{2, &second};
  pthread_t a, b;
  pthread_create(&a, nullptr, add, &one);
  pthread_create(&b, nullptr, add, &two);
  pthread_join(a, nullptr);
  pthread_join(b, nullptr);
  return first + second;
}
int NegativeElements() {
  int sums[2] = {};
  Task tasks[2];
  pthread_t threads[2];
  for (int i = 0; i < 2; ++i) {
    tasks[i].number = i;
    tasks[i].sum = &sums[i];
    pthread_create(&threads[i], nullptr, add, &tasks[i]);
  }
  for (pthread_t thread : threads)
    pthread_join(thread, nullptr);
  return sums[0];
}

// Through a layer of the user's own around pthread_create.
class Raw {
public:
  void launch(void *(*code)(void *), void *argument) { pthread_create(&thread_, nullptr, code, argument); }
  void wait() { pthread_join(thread_, nullptr); }

private:
  pthread_t thread_{};
};
class Layered {
public:
  explicit Layered(std::function<void()> code) : code_(std::move(code)) { raw_.launch(&Layered::enter, this); }
  ~Layered() { raw_.wait(); }

private:
  static void *enter(void *self) {
    static_cast<Layered *>(self)->code_();
    return nullptr;
  }
  std::function<void()> code_;
  Raw raw_;
};
int PositiveLayers() {
  int n = 0;
  Layered layered([&n] { ++n; });
// CHECK-MESSAGES: :[[@LINE-1]]:19: warning: possible data race: 'n' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
  return ++n;
}
int NegativeLayers() {
  int n = 0;
  { Layered layered([&n] { ++n; }); }
  return ++n;
}

// By whatever name the thread has the object.
class PositiveSelf {
public:
  void start() {
    thread_ = std::jthread([self = this] { self->turns_ += 1; });
  }
  long turns() const { return turns_; }
// CHECK-MESSAGES: :[[@LINE-1]]:31: warning: possible data race: 'PositiveSelf::turns_' is read here while the thread that the object has started may write it, with no common lock [ward-conflicting-captures]

private:
  long turns_ = 0;
  std::jthread thread_;
};
class PositiveShared : public std::enable_shared_from_this<PositiveShared> {
public:
  void start() {
    auto self = shared_from_this();
    thread_ = std::jthread([self] { self->turns_ += 1; });
  }
  long turns() const { return turns_; }
// CHECK-MESSAGES: :[[@LINE-1]]:31: warning: possible data race: 'PositiveShared::turns_' is read here while the thread that the object has started may write it, with no common lock [ward-conflicting-captures]

private:
  long turns_ = 0;
  std::jthread thread_;
};
