#include "counter.h"

void clean(Counter &counter) {
  std::lock_guard<std::mutex> guard(counter.mutex);
  ++counter.value;
}
