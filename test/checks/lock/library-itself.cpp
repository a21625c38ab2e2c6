// RUN: %check_ward %s ward-relock %t -- -- -I%S/Inputs/library
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A file of a library that the catalog describes: its classes, in headers too, are code to analyse.
#include <part.h>

namespace boost {
class Whole {
public:
  void positive() {
    std::lock_guard<std::mutex> guard(part_.mutex);
    part_.add();
    // CHECK-MESSAGES: :[[@LINE-1]]:11: warning: deadlock: this call acquires 'part_.mutex', which this thread already holds; it is not reentrant [ward-relock]
  }
  void negative() { part_.add(); }

private:
  Part part_;
};
} // namespace boost
