// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The process ends while detached threads lock, park and print: no crash, no hang.
#include <ward/ward.h>

int main() {
  static ward::Mutex<int> shared(0);
  const auto counter = ward::Static<ward::Mutex<int>>::of<shared>();
  for (int i = 0; i < 3; ++i)
    ward::spawn([](ward::Static<ward::Mutex<int>> m) {
      for (;;)
        *m->lock() += 1;
    }, counter);
  ward::spawn([] {
    for (;;)
      ward::park();
  });
  ward::sleep(std::chrono::milliseconds(10));
  const int seen = *shared.lock();
  ward::println("counted {}", seen);
}
