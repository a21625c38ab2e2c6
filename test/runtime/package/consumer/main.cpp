// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Uses headers and library: a thread, a lock, stdout.
#include <ward/ward.h>

#include <string>

int main() {
  ward::Mutex<int> count(0);
  ward::scope([&](ward::Scope &s) {
    for (int i = 0; i < 3; ++i)
      s.spawn([&] { *count.lock() += 1; });
  });
  auto name = ward::Builder().name("worker").spawn([] { return ward::current().name().value_or("none"); }).unwrap();
  ward::println("consumer: {} from a thread named \"{}\"", *count.lock(), std::move(name).join().unwrap());
}
