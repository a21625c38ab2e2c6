#include <thread>

static int shared;

void start() {
  std::thread worker([] {
    ++shared;
  });
  ++shared;
  worker.join();
}
