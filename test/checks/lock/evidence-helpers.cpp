// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-missing-lock %t
// Helpers that leave the lock to their callers: the calls are the evidence.
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

// --- only the helper accesses the data ---
static std::mutex journalLock;
static std::vector<std::string> journal;
static void append(const std::string &line) { journal.push_back(line); }
void enter(const std::string &line) { std::lock_guard<std::mutex> l(journalLock); append(line); }
void enterAll(const std::vector<std::string> &lines) {
  std::lock_guard<std::mutex> l(journalLock);
  for (const std::string &line : lines)
    append(line);
}
void positiveEnterQuickly(const std::string &line) { append(line); }
// CHECK-MESSAGES: :[[@LINE-1]]:54: warning: possible data race: 'append' is called without holding 'journalLock', which 2 of its 3 calls hold; it writes 'journal' [ward-missing-lock]

class PositiveTally {
  std::mutex m;
  std::map<std::string, int> votes;
  void count(const std::string &name) { ++votes[name]; }
public:
  void vote(const std::string &name) { std::lock_guard<std::mutex> l(m); count(name); }
  void positiveVoteTwice(const std::string &name) { count(name); count(name); }
  // CHECK-MESSAGES: :[[@LINE-1]]:53: warning: possible data race: 'count' is called without holding 'm', which 1 of its 3 calls hold; it writes 'PositiveTally::votes' [ward-missing-lock]
};

class NegativeTally {
  std::mutex m;
  std::map<std::string, int> votes;
  void count(const std::string &name) { ++votes[name]; }
  void prepare() { count("nobody"); }
public:
  NegativeTally() { prepare(); }
  void vote(const std::string &name) { std::lock_guard<std::mutex> l(m); count(name); }
  void voteTwice(const std::string &name) { std::lock_guard<std::mutex> l(m); count(name); count(name); }
};

// --- the lock is held at a few calls, for something else ---
class NegativeFewCalls {
  std::mutex m;
  std::vector<int> waiting;
  int steps = 0;
  void note() { ++steps; }
public:
  void add(int n) { std::lock_guard<std::mutex> l(m); waiting.push_back(n); note(); }
  int first() { std::lock_guard<std::mutex> l(m); return waiting.front(); }
  void walk() { note(); }
  void run() { note(); }
  void jump() { note(); }
};

// --- few calls hold it, but the data has this guard: what the helper does is wrong, once ---
class PositiveFewCalls {
  std::mutex m;
  int limit = 0;
  void send(int n) { last = n < limit ? n : limit; }
  // CHECK-MESSAGES: :[[@LINE-1]]:33: warning: possible data race: 'PositiveFewCalls::limit' is read without holding 'm', which 3 of its 4 accesses hold [ward-missing-lock]
  thread_local static int last;
public:
  void setLimit(int n) { std::lock_guard<std::mutex> l(m); limit = n; }
  void raise() { std::lock_guard<std::mutex> l(m); ++limit; }
  int get() { std::lock_guard<std::mutex> l(m); return limit; }
  void connect() { std::lock_guard<std::mutex> l(m); send(0); }
  void ping() { send(1); }
  void pong() { send(2); }
  void data() { send(3); }
};

// --- an object that the function has just made, whichever way the pointer got it ---
class Core {
  std::mutex m;
public:
  int id = 0, cache = 0, mode = 0;
  void set(int n) { std::lock_guard<std::mutex> l(m); id = cache = mode = n; }
  int get() { std::lock_guard<std::mutex> l(m); return id + cache + mode; }
};
class Socket {
  Core c;
public:
  Core &core() { return c; }
};
class NegativeSockets {
  std::mutex m;
  std::map<int, std::shared_ptr<Socket>> sockets;
public:
  Socket *open(int n) {
    Socket *fresh = nullptr;
    try {
      fresh = new Socket;
    } catch (...) {
      delete fresh;
      return nullptr;
    }
    fresh->core().id = n;
    return fresh;
  }
  void connect(int n) {
    std::shared_ptr<Socket> fresh;
    if (n > 0)
      fresh = std::make_shared<Socket>();
    else
      fresh.reset(new Socket);
    fresh->core().cache = n;
    std::lock_guard<std::mutex> l(m);
    sockets[n] = fresh;
  }
};
class PositiveSockets {
  std::mutex m;
  std::map<int, std::shared_ptr<Socket>> sockets;
public:
  void reopen(int n) {
    std::shared_ptr<Socket> known;
    {
      std::lock_guard<std::mutex> l(m);
      known = sockets[n];
    }
    if (!known)
      known = std::make_shared<Socket>();
    known->core().mode = n;
    // CHECK-MESSAGES: :[[@LINE-1]]:19: warning: possible data race: 'Core::mode' is written without holding 'm', which 2 of its 3 accesses hold [ward-missing-lock]
  }
};
