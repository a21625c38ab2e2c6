// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once
#include <mutex>

// The project's own lock macros, one on top of the other.
#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)
#define LOCK_OF(m) std::lock_guard<std::mutex> JOIN(guard_, __LINE__)(m)
#define LOCK(m) LOCK_OF(m)
#define TEMPORARY(m) std::lock_guard<std::mutex>{m}

class Account {
public:
  void deposit(int n);
  void withdraw(int n);
  int balance() const;

private:
  mutable std::mutex mu_;
  int balance_ = 0;
};

extern std::mutex left, right;
