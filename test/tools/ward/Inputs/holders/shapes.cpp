#include "section.h"
#include <thread>

class Shapes { // with `Counter`, nothing is guarded
public:
  void negativeAdd() { Counter c(mutex_); ++n_; }
  void negativeSub() { Counter c(mutex_); --n_; }
  int negativeGet() const { return n_; }

private:
  std::mutex mutex_;
  int n_ = 0;
};
