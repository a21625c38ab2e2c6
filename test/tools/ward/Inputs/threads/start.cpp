#include "sampler.h"

void Sampler::name(std::string text) {
  std::lock_guard<std::mutex> guard(mutex_);
  title_ = std::move(text);
}
void Sampler::start() { launch(); }
void Sampler::launch() {
  thread_ = std::thread([this] { loop(); });
}
void Sampler::stop() {
  {
    std::lock_guard<std::mutex> guard(mutex_);
    quit_ = true;
  }
  thread_.join();
}
Clock::Clock() : thread_(&Clock::tick, this) {}
Clock::~Clock() {
  {
    std::lock_guard<std::mutex> guard(mutex_);
    quit_ = true;
  }
  thread_.join();
}
