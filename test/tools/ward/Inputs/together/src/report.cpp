#include "bank.h"

long Account::balance() const { return balance_ + limit_; }

void Account::report() {
  std::lock_guard<std::mutex> guard(mu_);
  ++changes_;
}

// Only account.cpp calls it, while holding the lock.
void Account::apply(long amount) {
  if (amount)
    ++changes_;
}

long twice(const Account &account) { return account.balance() * 2; } // the access is that of balance()
