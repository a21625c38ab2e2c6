// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-split-critical-section %t -std=c++17,c++20
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
namespace split {
class Builder {
public:
  Builder() : t_(&Builder::work, this) {}
  ~Builder() { t_.join(); }
  int size() { std::lock_guard<std::mutex> l(m_); return int(rows_.size()); }
private:
  void work() noexcept {
    std::size_t n;
    { std::lock_guard<std::mutex> l(m_); n = rows_.size(); }
    if (n < 10) { std::lock_guard<std::mutex> l(m_); rows_.push_back(int(n)); }
  }
  std::mutex m_; std::vector<int> rows_; std::thread t_;
};
class Two {
public:
  Two() : a_(&Two::work, this), b_(&Two::work, this) {}
  ~Two() { a_.join(); b_.join(); }
private:
  void work() noexcept {
    std::size_t n;
    { std::lock_guard<std::mutex> l(m_); n = rows_.size(); }
    if (n < 10) { std::lock_guard<std::mutex> l(m_); rows_.push_back(int(n)); }
    // CHECK-MESSAGES: :[[@LINE-1]]:54: warning: atomicity violation: this relies on a check of 'rows_' in an earlier critical section of 'm_'; another thread may have changed it in between [ward-split-critical-section]
  }
  std::mutex m_; std::vector<int> rows_; std::thread a_, b_;
};
}
