#include "sampler.h"

int Sampler::last() const { return last_; }
int Sampler::lastRight() const {
  std::lock_guard<std::mutex> guard(mutex_);
  return last_;
}
const std::string &Sampler::title() const { return title_; }
std::size_t Sampler::kept() const { return kept_.size(); }
long Clock::ticks() const { return ticks_; }
int Plain::sum() const { return sum_; }
