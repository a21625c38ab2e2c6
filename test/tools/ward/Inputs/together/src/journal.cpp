#include "bank.h"

std::mutex registryMutex;
Journal journal;

void Journal::append(const std::string &line) {
  std::lock_guard<std::mutex> guard(mu_);
  lines_.push_back(line);
}

void Journal::flush() {
  std::lock_guard<std::mutex> guard(mu_);
  lines_.clear();
  registerAll();
}

void touch(Inner &inner) {
  std::lock_guard<std::mutex> guard(inner.inner);
  ++inner.value;
}
