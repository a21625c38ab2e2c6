// Defects that no single file shows: a counter accessed without its lock in one file, a lock-order cycle, a lock acquired twice.
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
  long balance() const;      // does not acquire the lock, in another file
  void audit();              // holds mu_ and calls report(), which acquires it again
  void report();
  void moveTo(Account &other);
  void rename(const std::string &name);

private:
  void apply(long amount);   // called while holding mu_, from other files only
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

// In two orders, but never concurrently.
extern std::mutex gate, left, right;
void leftThenRight();
void rightThenLeft();
void takeLeft();
void takeRight();

// A pointer to another object's mutex is not a mutex of its own: these two, in opposite orders, are one.
struct Borrower {
  std::mutex *borrowed;
  void work();
  void look();
};
void lend(Borrower &borrower);
