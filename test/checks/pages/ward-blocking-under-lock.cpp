// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %python %S/check_page.py %s %src %t -- %clang_tidy

#include <map>
#include <mutex>
#include <string>
#include <sys/socket.h>
#include <utility>

using Entries = std::map<std::string, std::string>;

namespace before {
struct Cache {
  void refresh();
  Entries load() {
    char buffer[64];
    recv(descriptor_, buffer, sizeof buffer, 0);
    return {};
  }
  std::mutex mutex_;
  Entries entries_;
  int descriptor_ = 0;
};
// EXAMPLE 1
} // namespace before

namespace after {
struct Cache {
  void refresh();
  Entries load() {
    char buffer[64];
    recv(descriptor_, buffer, sizeof buffer, 0);
    return {};
  }
  std::mutex mutex_;
  Entries entries_;
  int descriptor_ = 0;
};
// EXAMPLE 2
} // namespace after
