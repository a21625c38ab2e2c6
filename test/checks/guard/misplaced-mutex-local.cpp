// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-misplaced-mutex %t -std=c++17,c++20
#include <algorithm>
#include <condition_variable>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>
namespace mutexes {
int total;
void perThread() { static thread_local std::mutex m; std::scoped_lock l(m); ++total; }
// CHECK-MESSAGES: :[[@LINE-1]]:51: warning: mutex 'm' is thread_local; each thread locks its own mutex, which excludes no other thread [ward-misplaced-mutex]
thread_local std::mutex global;
// CHECK-MESSAGES: :[[@LINE-1]]:25: warning: mutex 'global' is thread_local; each thread locks its own mutex, which excludes no other thread [ward-misplaced-mutex]
void useGlobal() { std::lock_guard<std::mutex> l(global); ++total; }
struct State { std::mutex m; std::vector<int> v; };
void local() { State s; std::lock_guard<std::mutex> l(s.m); s.v.push_back(++total); }
// CHECK-MESSAGES: :[[@LINE-1]]:22: warning: mutex 's' is a local variable; each call locks its own mutex, which excludes no other thread [ward-misplaced-mutex]
void localShared() { State s; std::thread t([&s] { std::lock_guard<std::mutex> l(s.m); s.v.push_back(1); }); { std::lock_guard<std::mutex> l(s.m); s.v.clear(); } t.join(); }
void fill(State &s); void localPassed() { State s; fill(s); std::lock_guard<std::mutex> l(s.m); ++total; }
void heapRaw() { auto *m = new std::mutex; m->lock(); ++total; m->unlock(); delete m; }
// CHECK-MESSAGES: :[[@LINE-1]]:24: warning: mutex 'm' is a local variable; each call locks its own mutex, which excludes no other thread [ward-misplaced-mutex]
void heapStruct() { auto s = std::make_unique<State>(); std::lock_guard<std::mutex> l(s->m); ++total; }
// CHECK-MESSAGES: :[[@LINE-1]]:26: warning: mutex 's' is a local variable; each call locks its own mutex, which excludes no other thread [ward-misplaced-mutex]
std::vector<std::unique_ptr<State>> states;
void heapKept() { auto s = std::make_unique<State>(); { std::lock_guard<std::mutex> l(s->m); ++total; } states.push_back(std::move(s)); }
void forEach(std::vector<int> &v) { std::mutex m; std::for_each(v.begin(), v.end(), [&](int n) { std::lock_guard<std::mutex> l(m); total += n; }); }
// CHECK-MESSAGES: :[[@LINE-1]]:48: warning: mutex 'm' is a local variable; each call locks its own mutex, which excludes no other thread [ward-misplaced-mutex]
std::function<void()> stored;
void keepsClosure() { std::mutex m; stored = [&m] { std::lock_guard<std::mutex> l(m); ++total; }; stored(); }
void storedLater() { std::mutex m; auto f = [&m] { std::lock_guard<std::mutex> l(m); ++total; }; std::function<void()> g = f; std::thread t(g); f(); t.join(); }
}
