#include "account.h"

namespace bank {

void Account::deposit(long amount) {
  std::lock_guard<std::mutex> lock(mu_);
  balance_ += amount;
  record(amount);
}

bool Account::withdraw(long amount) {
  std::unique_lock<std::mutex> lock(mu_);
  if (!enough(amount))
    return false;
  balance_ -= amount;
  record(-amount);
  lock.unlock();
  return true;
}

void Account::record(long amount) { history_.push_back(amount); }

bool Account::enough(long amount) const { return balance_ >= amount; }

std::string Account::owner() const {
  std::lock_guard<std::mutex> lock(mu_);
  return owner_;
}

void Account::rename(std::string name) {
  std::lock_guard<std::mutex> lock(mu_);
  owner_ = std::move(name);
}

} // namespace bank
