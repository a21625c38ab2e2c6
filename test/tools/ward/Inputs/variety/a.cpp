#include "variety.h"

int hits;
std::mutex hitsMutex, one, two;
void hitA() {
  std::lock_guard<std::mutex> guard(hitsMutex);
  ++hits;
}
void oneTwo() {
  std::lock_guard<std::mutex> first(one);
  std::lock_guard<std::mutex> second(two);
}
void Pool::add() {
  std::lock_guard<std::mutex> guard(mu_);
  ++count_;
}
void Cache::put(const std::string &key, int value) {
  std::unique_lock<std::shared_mutex> guard(mu_);
  map_[key] = value;
}
void A::toB(B &b) {
  std::lock_guard<std::mutex> guard(mu_);
  ++n_;
  b.poke();
}
void A::poke() {
  std::lock_guard<std::mutex> guard(mu_);
  ++n_;
}
void addA(Plain &p) {
  std::lock_guard<std::mutex> guard(p.mu);
  ++p.value;
}
void withLock(Plain &p) {
  std::lock_guard<std::mutex> guard(p.mu);
  helper(p);
}
void Worker::start() {
  init();
  thread_ = std::thread([this] { run(); });
}
void Worker::stop() {
  {
    std::lock_guard<std::mutex> guard(mu_);
    state_ = 2;
  }
  thread_.join();
}
void Again::a() {
  std::lock_guard<std::recursive_mutex> guard(mu_);
  ++x_;
  b();
}
void Source::dispatch(int event) {
  std::lock_guard<std::mutex> guard(mu_);
  onEvent(event);
}
