// State that files share in various forms: globals, static members, pimpl, templates, references, threads.
#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <thread>

extern int hits;
extern std::mutex hitsMutex, one, two;
void hitA();
void hitB();
int hitsNow();
void oneTwo();
void twoOne();

class Pool {
public:
  static void add();
  static void remove();
  static int count();

private:
  static std::mutex mu_;
  static int count_;
};

struct Impl;
class Store {
public:
  Store();
  ~Store();
  void put(int key, int value);
  int get(int key);
  int size();

private:
  std::unique_ptr<Impl> impl_;
};

class Cache {
public:
  void put(const std::string &key, int value);
  int get(const std::string &key) const;
  void clear();
  void drop(const std::string &key);

private:
  mutable std::shared_mutex mu_;
  std::map<std::string, int> map_;
};

class B;
class A {
public:
  void toB(B &b);
  void poke();

private:
  std::mutex mu_;
  int n_ = 0;
};
class B {
public:
  void toA(A &a);
  void poke();

private:
  std::mutex mu_;
  int n_ = 0;
};

// Free functions with a reference parameter. The callers of helper(), in other files, hold the lock.
struct Plain {
  std::mutex mu;
  int value = 0;
};
void addA(Plain &p);
void addB(Plain &p);
void withLock(Plain &p);
void helper(Plain &p);
void reset(Plain *p);

// Another file calls init() before it starts the thread.
class Worker {
public:
  void start();
  void init();
  void run();
  void stop();

private:
  std::thread thread_;
  std::mutex mu_;
  int state_ = 0;
};

class Again {
public:
  void a();
  void b();

private:
  std::recursive_mutex mu_;
  int x_ = 0;
};

// dispatch(), in another file than the handlers, calls them while holding the lock.
class Source {
public:
  virtual ~Source() = default;
  void dispatch(int event);
  virtual void onEvent(int event) = 0;

protected:
  std::mutex mu_;
};
class Counter : public Source {
public:
  void onEvent(int event) override;
  void clear();
  int total();

private:
  int total_ = 0;
};
