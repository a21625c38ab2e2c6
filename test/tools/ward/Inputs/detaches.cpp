#include <thread>

void inBackground() {
  std::thread Worker([] {});
  Worker.detach();
}
