// RUN: %check_ward %s ward-guard-in-condition %t -std=c++17 -check-suffixes=,17
// RUN: %check_ward %s ward-guard-in-condition %t -std=c++20 -check-suffixes=,20
// Before C++23 a temporary guard in the range expression is destroyed before the first iteration.
#include "libraries.h"
#include <map>
#include <string>
#include <vector>

void process(int);
void process(const std::string &);

struct Store {
  std::vector<int> items;
  std::map<std::string, std::vector<int>> by_name;
  const std::vector<int> &all() const;
  std::vector<int> copy() const;
  int *begin() const;
  int *end() const;
};
folly::Synchronized<Store> store;
folly::Synchronized<std::vector<int>> numbers;

void PositiveItself() {
  for (int i : *numbers.rlock())
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: possible data race: the lock acquired here is released before the first iteration, and the loop accesses what it protects; keep the guard in a variable [ward-guard-in-condition]
  // CHECK-FIXES-20: for (auto guard = numbers.rlock(); int i : *guard)
    process(i);
}
void PositiveField() {
  for (int i : store.rlock()->items)
  // CHECK-MESSAGES: :[[@LINE-1]]:16: warning: possible data race: the lock acquired here is released before the first iteration, and the loop accesses what it protects; keep the guard in a variable [ward-guard-in-condition]
  // CHECK-FIXES-20: for (auto guard = store.rlock(); int i : guard->items)
    process(i);
}
void PositiveReferenceFromAMember() {
  for (int i : store.rlock()->all())
  // CHECK-MESSAGES: :[[@LINE-1]]:16: warning: possible data race: the lock acquired here is released before the first iteration, and the loop accesses what it protects; keep the guard in a variable [ward-guard-in-condition]
  // CHECK-FIXES-20: for (auto guard = store.rlock(); int i : guard->all())
    process(i);
}
void PositiveElement() {
  for (int i : store.rlock()->by_name["x"])
  // CHECK-MESSAGES: :[[@LINE-1]]:16: warning: possible data race: the lock acquired here is released before the first iteration, and the loop accesses what it protects; keep the guard in a variable [ward-guard-in-condition]
  // CHECK-FIXES-20: for (auto guard = store.rlock(); int i : guard->by_name["x"])
    process(i);
  for (int i : store.rlock()->by_name.at("x"))
  // CHECK-MESSAGES: :[[@LINE-1]]:16: warning: possible data race: the lock acquired here is released before the first iteration, and the loop accesses what it protects; keep the guard in a variable [ward-guard-in-condition]
  // CHECK-FIXES-20: for (auto guard = store.rlock(); int i : guard->by_name.at("x"))
    process(i);
}
void PositiveOwnIterators() {
  for (auto &i : *store.rlock())
  // CHECK-MESSAGES: :[[@LINE-1]]:19: warning: possible data race: the lock acquired here is released before the first iteration, and the loop accesses what it protects; keep the guard in a variable [ward-guard-in-condition]
  // CHECK-FIXES-20: for (auto guard = store.rlock(); auto &i : *guard)
    process(i);
}

void NegativeCopy() {
  for (int i : store.rlock()->copy())
    process(i);
  for (int i : std::vector<int>(*numbers.rlock()))
    process(i);
  for (int i : numbers.copy())
    process(i);
}
void NegativeNamedGuard() {
  auto guard = numbers.rlock();
  for (int i : *guard)
    process(i);
}
std::vector<int> make(std::size_t);
const std::vector<int> &lookup(std::size_t);
void NegativeOnlyTheSizeIsRead() {
  for (int i : make(numbers.rlock()->size()))
    process(i);
  for (int i : lookup(numbers.rlock()->size()))
    process(i);
}
void NegativeNoLock(std::vector<Store> &stores) {
  for (int i : stores.front().all())
    process(i);
}
