// What no file of this program shows by itself: a counter that one file forgets to lock, locks in two orders, a lock taken twice.
#pragma once
#include <mutex>
#include <string>
#include <vector>

extern std::mutex registryMutex;

class Account {
public:
  Account(long opening);
  void deposit(long amount);
  void withdraw(long amount);
  long balance() const;      // forgets the lock, in another file
  void audit();              // holds mu_ and calls report(), which takes it again
  void report();
  void moveTo(Account &other);
  void rename(const std::string &name);

private:
  void apply(long amount);   // called with mu_ held, from other files only
  mutable std::mutex mu_;
  long balance_;
  long changes_ = 0;
  std::string name_;         // set once, then read
  int limit_ = 10;           // only ever read
};

class Journal {
public:
  void append(const std::string &line);
  void flush();
  void closeBooks();

private:
  std::mutex mu_;
  std::vector<std::string> lines_;
};

extern Journal journal;
void lockRegistryAndWrite();
void registerAll();

// In one order everywhere.
struct Outer {
  std::mutex outer;
  int value = 0;
};
struct Inner {
  std::mutex inner;
  int value = 0;
};
void touch(Inner &inner);
void touchBoth(Outer &outer, Inner &inner);
void touchBothAgain(Outer &outer, Inner &inner);

// In two, but never at once.
extern std::mutex gate, left, right;
void leftThenRight();
void rightThenLeft();
void takeLeft();
void takeRight();

// Who only points to a mutex of somebody else's has none of his own: these two, in two orders, are one.
struct Borrower {
  std::mutex *borrowed;
  void work();
  void look();
};
void lend(Borrower &borrower);
