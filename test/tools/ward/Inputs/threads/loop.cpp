#include "sampler.h"

int read();

void Sampler::loop() {
  for (;;) {
    std::lock_guard<std::mutex> guard(mutex_);
    if (quit_)
      return;
    scratch_.push_back(read());
    last_ = scratch_.back() + int(title_.size());
    kept_.push_back(last_);
    ++turns_;
    measure();
  }
}
void Sampler::measure() {
  if (scratch_.size() > 100)
    scratch_.clear();
}
void Clock::tick() {
  for (;;) {
    std::lock_guard<std::mutex> guard(mutex_);
    if (quit_)
      return;
    ++ticks_;
  }
}
void Plain::add(int n) {
  std::lock_guard<std::mutex> guard(mutex_);
  sum_ += n;
}
