#include "section.h"
#include <thread>

class Account {
public:
  void add() { Entered e(section_, "add"); ++sum_; }
  void take() { Entered e(section_, "take"); --sum_; }
  int get() { Entered e(section_, "get"); return sum_; }
  int peek() const { return sum_; }
  int negativeWatched() { Entered e(section_, "watched"); Watched w(section_); return sum_; }
  void positiveLeft() {
    Entered e(section_, "left");
    Left meanwhile(section_);
    sum_ = 0;
  }
  void negativeLeftBefore() {
    Entered e(section_, "before");
    { Left meanwhile(section_); }
    sum_ = 1;
  }
  void positiveAgain() {
    Entered e(section_, "again");
    add();
  }
  void negativeAgain() {
    Entered e(section_, "released");
    Left meanwhile(section_);
    add();
  }
  void positiveUnnamed() {
    Entered{section_, "unnamed"};
    add();
  }
  void negativeUnnamed() {
    Watched{section_};
    add();
  }

private:
  Section section_;
  int sum_ = 0;
};
class Nested {
public:
  void inner() { Entered e(section_, "inner"); ++n_; }
  void negativeOuter() {
    Entered e(section_, "outer");
    inner();
  }

private:
  Reentrant section_;
  int n_ = 0;
};

void negativePut(Channel &channel) {
  {
    std::lock_guard<std::mutex> lock(channel.mutex);
    channel.items.push_back(1);
  }
  channel.filled.notify_one();
}
void positiveClose(Channel &channel) {
  channel.closed = true;
  channel.filled.notify_all();
}
void negativeLockedAfter(Channel &channel) {
  channel.closed = true;
  { std::lock_guard<std::mutex> lock(channel.mutex); }
  channel.filled.notify_all();
}

static Account account;
static Nested nested;
static void work() {
  account.add();
  account.take();
  account.positiveLeft();
  account.negativeLeftBefore();
  account.positiveAgain();
  account.negativeAgain();
  account.positiveUnnamed();
  account.negativeUnnamed();
  nested.negativeOuter();
  account.negativeWatched();
  if (account.get() + account.peek() == 0)
    nested.inner();
}
int main() {
  std::thread a(work), b(work);
  a.join();
  b.join();
}
