#include "counter.h"

int one(Counter &counter) {
  std::unique_lock<std::mutex>(counter.mutex);
  return counter.value;
}
