#include "variety.h"

int hitsNow() { return hits; }
int Pool::count() { return count_; }
void Cache::drop(const std::string &key) {
  std::shared_lock<std::shared_mutex> guard(mu_);
  map_.erase(key);
}
void reset(Plain *p) { p->value = 0; }
void Counter::onEvent(int event) { total_ += event; }
void Counter::clear() {
  std::lock_guard<std::mutex> guard(mu_);
  total_ = 0;
}
int Counter::total() {
  std::lock_guard<std::mutex> guard(mu_);
  return total_;
}
