#include <mutex>
std::mutex m;
int n;
void f() {
  std::lock_guard<std::mutex>{m};
  ++n;
}
