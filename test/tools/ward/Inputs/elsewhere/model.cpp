// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "bus.h"

Model::Model(Bus &bus) : bus_(bus) {
  bus_.subscribe([this](int value) { changed(value); });
}
void Model::changed(int value) { std::lock_guard g(mutex_); value_ = value; }
void Model::set(int value) {
  std::lock_guard g(mutex_);
  value_ = value + bus_.count();
}

Desk desk;
void Desk::clear() {
  std::lock_guard g(mutex_);
  used_ = 0;
  Diary::instance().turn();
}
int Desk::used() { std::lock_guard g(mutex_); return used_; }
