// RUN: %check_ward %s ward-blocking-under-lock %t -std=c++20
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// How messages name a lock whose place is unknown.
#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <thread>

struct Entry {
  std::mutex mutex;
};
struct Cache {
  Entry *find(const std::string &key);
};

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)
#define LOCK(m) std::lock_guard<std::mutex> JOIN(guard_, __LINE__)(m)
#define LOCK_BOTH(m) LOCK(m)

void positiveMacro(Cache &cache, const std::string &key) {
  LOCK(cache.find(key)->mutex);
  std::this_thread::sleep_for(std::chrono::seconds(1));
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'sleep_for' sleeps while holding 'cache.find(key)->mutex'; other threads
  // CHECK-MESSAGES: :[[@LINE-3]]:3: note: 'cache.find(key)->mutex' is acquired here
}
void positiveMacroInMacro(Cache &cache, const std::string &key) {
  LOCK_BOTH(cache.find(key)->mutex);
  std::this_thread::sleep_for(std::chrono::seconds(1));
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'sleep_for' sleeps while holding 'cache.find(key)->mutex'; other threads
}
void positiveLong(Cache &cache, const std::string &key) {
  LOCK(cache.find("a text that is too long " + key + " to be the name of a lock")->mutex);
  std::this_thread::sleep_for(std::chrono::seconds(1));
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'sleep_for' sleeps while holding a lock; other threads
}
void positiveVariable(Cache &cache, const std::string &key) {
  std::lock_guard<std::mutex> guard(cache.find(key)->mutex);
  std::this_thread::sleep_for(std::chrono::seconds(1));
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'sleep_for' sleeps while holding 'guard'; other threads
}

void negativeReleased(Cache &cache, const std::string &key) {
  { LOCK(cache.find(key)->mutex); }
  std::this_thread::sleep_for(std::chrono::seconds(1));
}
