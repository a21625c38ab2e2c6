// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %python %S/check_page.py %s %src %t -- %clang_tidy

#include <mutex>
#include <shared_mutex>
#include <string>

struct Config {
  std::string name() const;
  void rename(std::string name) {
    std::unique_lock<std::shared_mutex> guard(mutex_);
    name_ = name;
  }
  mutable std::shared_mutex mutex_;
  std::string name_;
};
// EXAMPLE 1
