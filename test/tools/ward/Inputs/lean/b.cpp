#include "account.h"

void b(Account &account) { account.add(1); }
