#include "account.h"

void c(Account &account) { account.add(1); }
