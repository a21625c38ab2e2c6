// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %python %S/check_page.py %s %src %t -- %clang_tidy

#include <mutex>
#include <thread>
#include <vector>

// EXAMPLE 1:1-5
void read(Connection &connection) {
  std::lock_guard guard(connection.readMutex);
  connection.reading = true;
}
void write(Connection &connection) {
  std::lock_guard guard(connection.writeMutex);
  connection.writing = true;
}
void set(int workers) {
  // EXAMPLE 1:7-7
  std::thread first([&] { done[0] = true; }), second([&] { done[1] = true; });
  first.join();
  second.join();
}
// EXAMPLE 1:9-9
void watch() {
  std::thread watcher([] { while (!stop) {} });
  stop = true;
  watcher.join();
}
