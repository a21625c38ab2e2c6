// RUN: %check_ward %s ward-guard-in-condition %t -std=c++23
// Since C++23 a temporary guard in the range expression lives until the loop ends.
#include "libraries.h"
#include <vector>

void process(int);

struct Store {
  std::vector<int> items;
  const std::vector<int> &all() const;
  std::vector<int> copy() const;
};
folly::Synchronized<Store> store;
folly::Synchronized<std::vector<int>> numbers;
std::vector<int> make(std::size_t);

void PositiveCopy() {
  for (int i : store.rlock()->copy())
  // CHECK-MESSAGES: :[[@LINE-1]]:16: warning: the lock acquired here is held over the whole loop, which iterates over a copy that needs no lock; other threads are blocked meanwhile [ward-guard-in-condition]
  // CHECK-FIXES: for (int i : [&] { return store.rlock()->copy(); }())
    process(i);
}
void PositiveCopyByConstructor() {
  for (int i : std::vector<int>(*numbers.rlock()))
  // CHECK-MESSAGES: :[[@LINE-1]]:34: warning: the lock acquired here is held over the whole loop, which iterates over a copy that needs no lock; other threads are blocked meanwhile [ward-guard-in-condition]
  // CHECK-FIXES: for (int i : [&] { return std::vector<int>(*numbers.rlock()); }())
    process(i);
}
void PositiveOnlyTheSizeIsRead() {
  for (int i : make(numbers.rlock()->size()))
  // CHECK-MESSAGES: :[[@LINE-1]]:21: warning: the lock acquired here is held over the whole loop, which iterates over a copy that needs no lock; other threads are blocked meanwhile [ward-guard-in-condition]
  // CHECK-FIXES: for (int i : [&] { return make(numbers.rlock()->size()); }())
    process(i);
}

void NegativeTheDataItself() {
  for (int i : *numbers.rlock())
    process(i);
  for (int i : store.rlock()->items)
    process(i);
  for (int i : store.rlock()->all())
    process(i);
}
void NegativeNothingIsDone() {
  int sum = 0;
  for (int i : store.rlock()->copy())
    sum += i;
}
void NegativeTheLockIsMeant() {
  for (int i : store.rlock()->copy())
    store.wlock()->items.push_back(i);
}
