// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-guarded-reference-escape %t -std=c++17,c++20
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
namespace escape {
class Timers {
public:
  using Id = std::multimap<long, std::function<void()>>::iterator;
  Id add(long when, std::function<void()> f) { std::lock_guard<std::mutex> l(m_); return timers_.emplace(when, std::move(f)); }
  void cancel(Id id) { std::lock_guard<std::mutex> l(m_); timers_.erase(id); }
private:
  std::mutex m_; std::multimap<long, std::function<void()>> timers_;
};
class Slots {
public:
  std::list<int>::iterator add(int n) { std::lock_guard<std::mutex> l(m_); slots_.push_front(n); return slots_.begin(); }
  // CHECK-MESSAGES: :[[@LINE-1]]:98: warning: possible data race: returns a value that refers to 'slots_', which 'm_' protects, but the lock is released on return; return a copy [ward-guarded-reference-escape]
  void remove(std::list<int>::iterator at) { std::lock_guard<std::mutex> l(m_); slots_.erase(at); }
private:
  std::mutex m_; std::list<int> slots_;
};
int look(Slots &s) { auto it = s.add(1); return *it; }
class Handles {
public:
  std::pair<int, void *> get(int id) { std::lock_guard<std::mutex> l(m_); return std::make_pair(id, map_[id]); }
  std::optional<void *> find(int id) { std::lock_guard<std::mutex> l(m_); auto it = map_.find(id); if (it == map_.end()) return {}; return it->second; }
  std::optional<std::string_view> name(int id) { std::lock_guard<std::mutex> l(m_); return std::make_optional<std::string_view>(names_[id]); }
  // CHECK-MESSAGES: :[[@LINE-1]]:85: warning: possible data race: returns a value that refers to 'names_', which 'm_' protects, but the lock is released on return; return a copy [ward-guarded-reference-escape]
private:
  std::mutex m_; std::map<int, void *> map_; std::map<int, std::string> names_;
};
}
