// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %python %S/check_page.py %s %src %t -- %clang_tidy

#include <memory>
#include <string>
#include <thread>

template <class T> class LocalRc {
  struct Box {
    T value;
    long count;
  };
  Box *box_;

public:
  LocalRc(const LocalRc &other) : box_(other.box_) { ++box_->count; }
  ~LocalRc() {
    if (--box_->count == 0)
      delete box_;
  }
  T &operator*() const { return box_->value; }
};

namespace before {
// EXAMPLE 1:1-2
void run(const Job &);
void refresh(Job &);
// EXAMPLE 1:4-8
} // namespace before
namespace after {
void run(int id, const std::string &name);
void start(before::Job job) {
  // EXAMPLE 2:1-1
  worker.join();
}
// EXAMPLE 2:2-2
void share(Config config) {
  std::thread worker([config] { (void)config; });
  worker.join();
}
} // namespace after
