#include "account.h"

void Account::deposit(long amount) {
  std::lock_guard<std::mutex> guard(mu_);
  balance_ += amount;
  ++changes_[0];
  limit_ += amount;
  dirty_ = 1;
}

void Account::withdraw(long amount) {
  std::lock_guard<std::mutex> guard(mu_);
  if (amount > balance_ + limit_) {
    ++refusals_;
    rate_ = 2;
    return;
  }
  balance_ -= amount;
  ++changes_[1];
}

long Account::balance() {
  std::lock_guard<std::mutex> guard(mu_);
  return balance_;
}
