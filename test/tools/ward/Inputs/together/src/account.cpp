#include "bank.h"

Account::Account(long opening) : balance_(opening) { balance_ += 0; }

void Account::deposit(long amount) {
  std::lock_guard<std::mutex> guard(mu_);
  apply(amount);
  balance_ += amount;
}

void Account::withdraw(long amount) {
  std::lock_guard<std::mutex> guard(mu_);
  apply(-amount);
  balance_ -= amount;
}

void Account::audit() {
  std::lock_guard<std::mutex> guard(mu_);
  ++changes_;
  report();
}
