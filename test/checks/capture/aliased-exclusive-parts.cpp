// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-aliased-exclusive %t -std=c++17,c++20
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
namespace alias {
class Image {
public:
  void blur() { filter(back_, front_); std::swap(back_, front_); }
private:
  int width() const { return width_; }
  void filter(std::vector<int> &to, const std::vector<int> &from) const { to.clear(); for (int i = 0; i < width(); ++i) to.push_back(from[i]); }
  std::vector<int> front_, back_; int width_ = 0;
};
int lastGood(std::vector<int> &v) {
  bool found = false;
  std::vector<int>::iterator good;
  for (auto it = v.begin(); it != v.end();) {
    if (*it < 0) { v.erase(it); found = false; it = v.begin(); continue; }
    if (*it > 3) { good = it; found = true; }
    ++it;
  }
  if (!found) return -1;
  return *good;
}
int wrong(std::vector<int> &v) {
  bool found = false;
  auto good = v.begin();
  for (int n : std::vector<int>{1, 2}) {
    if (n > 1) { v.push_back(n); found = true; }
    // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: use-after-invalidation: 'push_back' on 'v' invalidates 'good', which is used afterwards [ward-aliased-exclusive]
  }
  return found ? *good : 0;
}
}
