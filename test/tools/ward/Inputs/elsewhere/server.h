// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// main() sets up the server before its threads start, and looks at it after they are joined.
#pragma once
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

class Server {
public:
  void configure(int limit);
  void addRoute(const std::string &path);
  void start();
  void stop();
  int report() const;
  void hit(const std::string &path);
  int total() const;

private:
  void loop();
  mutable std::mutex mutex_;
  int limit_ = 0, total_ = 0;
  bool quit_ = false;
  std::map<std::string, int> routes_;
  std::vector<std::thread> threads_;
};
