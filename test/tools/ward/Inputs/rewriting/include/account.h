#pragma once
#include <mutex>
#include <string>
#include <vector>

namespace bank {

/// An account.
class Account {
public:
  explicit Account(long initial) : balance_(initial) {}
  void deposit(long amount);
  bool withdraw(long amount);
  long balance() const {
    std::lock_guard<std::mutex> lock(mu_);
    return balance_;
  }
  std::string owner() const;
  void rename(std::string name);

private:
  void record(long amount);
  bool enough(long amount) const;

  mutable std::mutex mu_;
  long balance_; // in cents
  std::vector<long> history_;
  std::string owner_ = "nobody";
};

} // namespace bank
