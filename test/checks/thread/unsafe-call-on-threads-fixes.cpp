// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-unsafe-call-on-threads %t
// The fix: the form that takes the result or the state as an argument; only where the result does not live longer.
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <thread>
void use(int);
int hour() {
  std::time_t now = std::time(nullptr);
  return std::localtime(&now)->tm_hour;
// CHECK-MESSAGES: :[[@LINE-1]]:10: warning: possible data race: 'localtime' uses the static result of localtime and gmtime, and another thread may call it at the same time, with no common lock [ward-unsafe-call-on-threads]
// CHECK-FIXES: struct tm result = {};
// CHECK-FIXES-NEXT: return localtime_r(&now, &result)->tm_hour;
}
int both(std::time_t now) {
  std::tm *parts = localtime(&now);
// CHECK-MESSAGES: :[[@LINE-1]]:20: warning: possible data race: 'localtime' uses the static result of localtime and gmtime, and another thread may call it at the same time, with no common lock [ward-unsafe-call-on-threads]
// CHECK-FIXES: struct tm result = {};
// CHECK-FIXES-NEXT: std::tm *parts = localtime_r(&now, &result);
  if (parts->tm_hour > 3)
    return std::gmtime(&now)->tm_year;
// CHECK-FIXES: struct tm result2 = {};
// CHECK-FIXES-NEXT: if (parts->tm_hour > 3)
// CHECK-FIXES-NEXT: return gmtime_r(&now, &result2)->tm_year;
  return parts->tm_mday + int(std::mktime(parts));
}
std::tm *leaks(std::time_t now) { return std::gmtime(&now); }
// CHECK-MESSAGES: :[[@LINE-1]]:42: warning: possible data race: 'gmtime' uses the static result of localtime and gmtime, and another thread may call it at the same time, with no common lock [ward-unsafe-call-on-threads]
// CHECK-FIXES: std::tm *leaks(std::time_t now) { return std::gmtime(&now); }
std::tm copied(std::time_t now) { return *std::gmtime(&now); }
// CHECK-MESSAGES: :[[@LINE-1]]:43: warning: possible data race: 'gmtime' uses the static result of localtime and gmtime, and another thread may call it at the same time, with no common lock [ward-unsafe-call-on-threads]
// CHECK-FIXES: { struct tm result = {}; return *gmtime_r(&now, &result); }
int first(char *t) {
  char *w = std::strtok(t, ",");
// CHECK-MESSAGES: :[[@LINE-1]]:13: warning: possible data race: 'strtok' uses the position of strtok, and another thread may call it at the same time, with no common lock [ward-unsafe-call-on-threads]
// CHECK-FIXES: char *result = nullptr;
// CHECK-FIXES-NEXT: char *w = strtok_r(t, ",", &result);
  return w ? std::atoi(w) : 0;
}
int words(char *t) {
  int n = 0;
  for (char *w = std::strtok(t, ","); w; w = std::strtok(nullptr, ","))
// CHECK-MESSAGES: :[[@LINE-1]]:18: warning: possible data race: 'strtok' uses the position of strtok, and another thread may call it at the same time, with no common lock [ward-unsafe-call-on-threads]
// CHECK-FIXES: char *result = nullptr;
// CHECK-FIXES-NEXT: for (char *w = strtok_r(t, ",", &result); w; w = strtok_r(nullptr, ",", &result))
    ++n;
  return n;
}
void go(char *a, char *b) {
  std::thread t([=] { use(hour() + both(1) + first(a) + words(a)); use(leaks(1)->tm_hour + copied(2).tm_hour); });
  use(hour() + both(2) + first(b) + words(b));
  use(leaks(2)->tm_hour + copied(2).tm_hour);
  t.join();
}
