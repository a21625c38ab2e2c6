#pragma once
#include <mutex>
#if defined(__clang__)
#define GUARDED_BY(x) __attribute__((guarded_by(x)))
#else
#define GUARDED_BY(x)
#endif

class Account {
public:
  void deposit(long amount);
  void withdraw(long amount);
  long balance();

private:
  std::mutex mu_, other_;
  long balance_ = 0;
  int changes_[2]{}, refusals_ = 0;
  long limit_ GUARDED_BY(mu_) = 0;
  long rate_ GUARDED_BY(other_) = 0;
  unsigned dirty_ : 1;
};
