// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "server.h"

void Server::configure(int limit) { limit_ = limit; }
void Server::addRoute(const std::string &path) { std::lock_guard g(mutex_); routes_[path] = 1; }
void Server::start() {
  for (int i = 0; i < 2; ++i)
    threads_.emplace_back(&Server::loop, this);
}
void Server::stop() {
  {
    std::lock_guard g(mutex_);
    quit_ = true;
  }
  for (auto &thread : threads_)
    thread.join();
}
int Server::report() const { return total_; }
void Server::hit(const std::string &path) {
  if (routes_.find(path) == routes_.end())
    return;
  std::lock_guard g(mutex_);
  if (total_ < limit_)
    ++total_;
}
int Server::total() const { return total_; }
void Server::loop() {
  for (;;) {
    hit("/");
    std::lock_guard g(mutex_);
    if (quit_ || total_ > 100)
      return;
  }
}
