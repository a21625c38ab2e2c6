// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "locks.h"

void Account::deposit(int n) {
  LOCK(mu_);
  balance_ += n;
}
void Account::withdraw(int n) {
  LOCK(mu_);
  balance_ -= n;
}
int Account::balance() const { return balance_; }

void leftFirst() {
  LOCK(left);
  LOCK(right);
}
void rightFirst() {
  LOCK(right);
  LOCK(left);
}
void once() { TEMPORARY(left); }
void twice() { TEMPORARY(right); }
