#include "variety.h"

struct Impl {
  std::mutex mu;
  std::map<int, int> values;
};
void hitB() {
  std::lock_guard<std::mutex> guard(hitsMutex);
  ++hits;
}
void twoOne() {
  std::lock_guard<std::mutex> first(two);
  std::lock_guard<std::mutex> second(one);
}
std::mutex Pool::mu_;
int Pool::count_;
void Pool::remove() {
  std::lock_guard<std::mutex> guard(mu_);
  --count_;
}
int Cache::get(const std::string &key) const {
  std::shared_lock<std::shared_mutex> guard(mu_);
  auto found = map_.find(key);
  return found == map_.end() ? 0 : found->second;
}
void Cache::clear() {
  std::unique_lock<std::shared_mutex> guard(mu_);
  map_.clear();
}
void B::toA(A &a) {
  std::lock_guard<std::mutex> guard(mu_);
  ++n_;
  a.poke();
}
void B::poke() {
  std::lock_guard<std::mutex> guard(mu_);
  ++n_;
}
void addB(Plain &p) {
  std::lock_guard<std::mutex> guard(p.mu);
  ++p.value;
}
void helper(Plain &p) { ++p.value; }
void Worker::init() { state_ = 1; }
void Worker::run() {
  std::lock_guard<std::mutex> guard(mu_);
  if (state_ == 1)
    ++state_;
}
void Again::b() {
  std::lock_guard<std::recursive_mutex> guard(mu_);
  ++x_;
}
Store::Store() : impl_(new Impl) {}
Store::~Store() = default;
void Store::put(int key, int value) {
  std::lock_guard<std::mutex> guard(impl_->mu);
  impl_->values[key] = value;
}
int Store::get(int key) {
  std::lock_guard<std::mutex> guard(impl_->mu);
  return impl_->values[key];
}
int Store::size() { return static_cast<int>(impl_->values.size()); }
