// The headers mean something else here.
#define WIDE
#include "account.h"

static_assert(sizeof(std::number) == sizeof(long), "");
void wide(Account &account) { account.set(2L); }
