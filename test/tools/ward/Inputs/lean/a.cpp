#include "account.h"

void a(Account &account) { account.add(1); }
