#include "account.h"

std::number Account::get() { return balance_; }
