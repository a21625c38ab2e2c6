// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Without exceptions a panic prints its message, with the thread's name, and terminates.
#include <ward/ward.h>

#include <cstdlib>
#include <exception>

int main() {
  std::set_terminate([] { std::_Exit(0); }); // the test checks the message
  auto handle = ward::Builder().name("io").spawn([] {
    const ward::RefCell<int> cell(1);
    auto reader = cell.borrow();
    auto writer = cell.borrow_mut();
    *writer = *reader;
  });
  std::move(handle).unwrap().join().unwrap();
}
