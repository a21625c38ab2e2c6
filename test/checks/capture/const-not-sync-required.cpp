// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-const-not-sync %t -std=c++17,c++20
#include <algorithm>
#include <condition_variable>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>
namespace cns {
struct __attribute__((capability("mutex"))) Mutex { void lock() __attribute__((acquire_capability())); void unlock() __attribute__((release_capability())); };
class Cache {
public:
  int get(int k) const { mutex_.lock(); int v = fill(k); mutex_.unlock(); return v; }
  int fill(int k) const __attribute__((requires_capability(mutex_))) { return last_ = k; }
  int peek(int k) const { return last_ = k; }
  // CHECK-MESSAGES: :[[@LINE-1]]:34: warning: possible data race: const member function 'peek' writes 'last_' without a lock, and several threads may call it at the same time [ward-const-not-sync]
private:
  mutable Mutex mutex_; mutable int last_ = 0;
};
}
