#pragma once
#include <mutex>
#include <utility>
#include <vector>

class Account {
public:
  void set(std::number n) { std::lock_guard<std::mutex> guard(mu_); balance_ = n; all_.clear(); }
  void add(std::number n) { std::lock_guard<std::mutex> guard(mu_); balance_ += n; all_.front() = n; }
  std::number get();

private:
  std::mutex mu_;
  std::number balance_ = 0;
  std::vector<std::number> all_;
};
