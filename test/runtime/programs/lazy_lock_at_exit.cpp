// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The process exits while a detached thread is in the function of a global LazyLock, and others wait on a global Condvar:
// the function is destroyed once, and exit waits for nobody.
#include <ward/ward.h>

#include <vector>

namespace {

struct Load {
  const std::vector<int> table = std::vector<int>(1000, 1); // const: moving it copies it
  int operator()() const {
    ward::sleep(std::chrono::milliseconds(200));
    return table[0];
  }
};
struct Slow {
  ~Slow() { ward::sleep(std::chrono::milliseconds(400)); }
};
const Slow slow; // stands for whatever else is destroyed after the others
const ward::LazyLock<int, Load> lazy{Load()};
const ward::Mutex<int> mutex(0);
const ward::Condvar changed;

} // namespace

int main() {
  ward::spawn([] { return *lazy; });
  ward::spawn([] { changed.wait(mutex.lock(), [](int &) { return false; }).unlock(); });
  ward::sleep(std::chrono::milliseconds(50));
  return 0;
}
