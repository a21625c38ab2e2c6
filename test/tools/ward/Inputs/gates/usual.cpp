#include "gate.h"
#include <condition_variable>
#include <mutex>

static std::mutex mutex;
struct Own {
  std::mutex first, second;
  std::condition_variable changed;
};
void lock() { std::lock_guard<std::mutex> guard(mutex); }
