// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "bus.h"

void Bus::subscribe(std::function<void(int)> callback) { std::lock_guard g(mutex_); callbacks_.push_back(std::move(callback)); }
void Bus::publish(int value) {
  std::lock_guard g(mutex_);
  for (auto &callback : callbacks_)
    callback(value);
}
int Bus::count() { std::lock_guard g(mutex_); return int(callbacks_.size()); }

Diary &Diary::instance() { static Diary diary; return diary; }
void Diary::write(int value) { std::lock_guard g(mutex_); lines_ += value + desk.used(); }
void Diary::turn() { std::lock_guard g(mutex_); lines_ = 0; }
