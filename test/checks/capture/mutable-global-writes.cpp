// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-mutable-global %t
// Globals that are written in other ways than by assignment; members that threads keep apart; atomic operations.
#include <algorithm>
#include <atomic>
#include <cstring>
#include <list>
#include <map>
#include <string>
#include <thread>
#include <utility>
#include <vector>

struct Range { int from = 0, to = 0; };
struct Event { int words[4]; };
extern "C" void event_wait(Event *e);
void use(int);

std::list<int> reversed;
void reverse() { std::reverse(reversed.begin(), reversed.end()); }
// CHECK-MESSAGES: :[[@LINE-1]]:31: warning: possible data race: 'reversed' is written without a lock, and another thread may access it at the same time [ward-mutable-global]
char buffer[32];
void format(int i) { std::memset(buffer, i, sizeof buffer); }
// CHECK-MESSAGES: :[[@LINE-1]]:34: warning: possible data race: 'buffer' is written without a lock, and another thread may access it at the same time [ward-mutable-global]
Range limits;
void narrow() { Range *r = &limits; *r = Range{1, 2}; }
// CHECK-MESSAGES: :[[@LINE-1]]:37: warning: possible data race: 'limits' is written without a lock, and another thread may access it at the same time [ward-mutable-global]
std::map<std::string, int> ages;
void birthday() { for (auto &[name, age] : ages) ++age; }
// CHECK-MESSAGES: :[[@LINE-1]]:44: warning: possible data race: 'ages' is read without a lock, and another thread may write it at the same time [ward-mutable-global]
Range shared;
void from() { shared.from = 1; }
// CHECK-MESSAGES: :[[@LINE-1]]:22: warning: possible data race: 'shared' is written without a lock, and another thread may access it at the same time [ward-mutable-global]
int plain;
void increments() { ++plain; }
// CHECK-MESSAGES: :[[@LINE-1]]:23: warning: possible data race: 'plain' is written without a lock, and another thread may access it at the same time [ward-mutable-global]
void incrementsAtomically() { __sync_add_and_fetch(&plain, 1); }

struct { long reads = 0; std::pair<long, long> writes; } statistics;
void reader() { ++statistics.reads; }
void writer() { statistics.writes.first = 1; }
int counter, referred;
void counts() { __sync_fetch_and_add(&counter, 1); }
void adds() { __atomic_fetch_add(&counter, 2, __ATOMIC_SEQ_CST); }
void refers() { std::atomic_ref<int> r(referred); ++r; }
Event done;
void waits() { event_wait(&done); }
std::vector<int> looked(8);
void looks() { use(int(std::count(looked.begin(), looked.end(), 1)) + *std::max_element(looked.begin(), looked.end())); }
void start() {
  std::thread all[] = {std::thread(reverse), std::thread(format, 1), std::thread(narrow), std::thread(birthday), std::thread(increments), std::thread(incrementsAtomically),
                       std::thread(reverse), std::thread(format, 2), std::thread(narrow), std::thread(birthday),
                       std::thread(reader), std::thread(writer), std::thread(counts), std::thread(counts), std::thread(adds), std::thread(refers), std::thread(refers),
                       std::thread(waits), std::thread(waits), std::thread(looks), std::thread(looks)};
  for (auto &t : all)
    t.join();
  std::thread a(from), b(from);
  a.join();
  b.join();
}
