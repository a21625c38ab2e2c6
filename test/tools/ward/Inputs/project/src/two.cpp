#include "counter.h"

static std::mutex mutex;
static int calls;

int two(Counter &counter) {
  std::unique_lock<std::mutex>(mutex);
  ++calls;
  counter.add();
  return calls;
}
