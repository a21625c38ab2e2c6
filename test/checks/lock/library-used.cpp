// RUN: %check_ward %s ward-relock %t -- -- -I%S/Inputs/library
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A user of the same library, who only extends it: what its functions do the catalog says.
#include <part.h>

namespace boost {
inline void throw_exception() {}
template <class T> struct hash;
template <> struct hash<Part> {};
} // namespace boost
class Own {
public:
  void negative() {
    std::lock_guard<std::mutex> guard(part_.mutex);
    part_.add();
  }

private:
  boost::Part part_;
};
