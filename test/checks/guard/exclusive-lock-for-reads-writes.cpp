// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-exclusive-lock-for-reads %t
// A reader's lock is never recommended over a write, however that is made, nor where something may write; over code that only reads
// it is, whatever that does with its own.
#include <algorithm>
#include <cstring>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <numeric>
#include <optional>
#include <set>
#include <shared_mutex>
#include <span>
#include <string>
#include <utility>
#include <vector>

using Writer = std::unique_lock<std::shared_mutex>;

struct Item { int key = 0; std::string text; };
class Elsewhere { public: int look() const; int get(); private: int n_ = 0; };
class Here { public: int get() { return n_; } int &ref() { return n_; } void put(int i) { n_ = i; } private: int n_ = 0; };
int measure(const std::vector<int> &v);
int measure(int *first, int *last);
void fill(std::vector<int> &v);
void keep(std::vector<int>::iterator at);
bool matches(const Item &item);
extern "C" int c_sum(const int *values, int n);
extern "C" int c_use(int *values, int n);
inline int add(std::vector<int> &v) { int s = 0; for (int &x : v) s += x; return s; }
inline int addAndClear(std::vector<int> &v) { int s = add(v); v.clear(); return s; }

class NegativeWrites {
  std::shared_mutex mu_;
  std::vector<int> v_, w_;
  std::map<int, Item> items_;
  std::list<int> list_;
  std::set<int> set_;
  std::optional<Item> maybe_;
  std::unique_ptr<Item> owned_;
  std::function<void()> callback_;
  char name_[8] = {};
  Item item_;
  Elsewhere e_;
  Here h_;
  int a_ = 0, b_ = 0, *p_ = nullptr;
public:
  void sort() { Writer l(mu_); std::ranges::stable_sort(v_); }
  void sortByPointers() { Writer l(mu_); std::sort(v_.data(), v_.data() + v_.size()); }
  void unique() { Writer l(mu_); std::unique(v_.begin(), v_.end()); }
  void first(int x) { Writer l(mu_); *v_.begin() = x; }
  void lastOf(int x) { Writer l(mu_); v_.rbegin()[0] = x; }
  void either(bool b) { Writer l(mu_); (b ? a_ : b_) = 1; }
  void eitherPointer(bool b) { Writer l(mu_); *(b ? &a_ : &b_) += 1; }
  void pointer() { Writer l(mu_); int *p = &a_; ++*p; }
  void swapOut(std::vector<int> &out) { Writer l(mu_); out.swap(v_); }
  void swapOutFree(std::vector<int> &out) { Writer l(mu_); using std::swap; swap(out, v_); }
  void moveOut(std::vector<int> &out) { Writer l(mu_); out = std::move(v_); }
  std::vector<int> take() { Writer l(mu_); return std::exchange(v_, {}); }
  void spliceOut(std::list<int> &out) { Writer l(mu_); out.splice(out.begin(), list_); }
  void mergeOut(std::set<int> &out) { Writer l(mu_); out.merge(set_); }
  void found(int k) { Writer l(mu_); if (auto at = items_.find(k); at != items_.end()) at->second.text.clear(); }
  void all() { Writer l(mu_); for (auto &[k, item] : items_) item.key = k; }
  void each() { Writer l(mu_); std::for_each(v_.begin(), v_.end(), [](int &x) { ++x; }); }
  void eachByFunction() { Writer l(mu_); struct Local { static void up(int &x) { ++x; } }; std::for_each(v_.begin(), v_.end(), &Local::up); }
  void intoOther() { Writer l(mu_); std::copy(v_.begin(), v_.end(), w_.begin()); }
  void intoBack() { Writer l(mu_); std::copy(w_.begin(), w_.end(), std::back_inserter(v_)); }
  void whole(const Item &i) { Writer l(mu_); item_ = i; }
  void inside() { Writer l(mu_); if (maybe_) maybe_->key = 3; }
  void bytes(const char *s) { Writer l(mu_); std::memcpy(name_, s, 8); }
  void placed() { Writer l(mu_); new (&item_) Item; }
  int makes(int k) { Writer l(mu_); return items_[k].key; }
  void byReference() { Writer l(mu_); h_.ref() = 2; }
  int seenWriting() { Writer l(mu_); return addAndClear(v_); }
  void closure() { Writer l(mu_); auto clear = [this] { v_.clear(); }; clear(); }
  void span() { Writer l(mu_); for (int &x : std::span(v_)) x = 0; }
};
// What may write, or gives others the means to, or can't be told.
class NegativePerhaps {
  std::shared_mutex mu_;
  std::vector<int> v_;
  std::map<int, Item> items_;
  std::function<int()> callback_;
  Elsewhere e_;
  Here h_;
  int a_ = 0, *kept_ = nullptr;
  int values_[4] = {};
  int (*pointer_)() = nullptr;
public:
  bool unseenByReference() { Writer l(mu_); return matches(items_.begin()->second); } // it may write anything else
  int unseenMember() { Writer l(mu_); return e_.get() + a_; }
  void unseenReference() { Writer l(mu_); fill(v_); }
  int unseenPointers() { Writer l(mu_); return measure(v_.data(), v_.data() + v_.size()); }
  void unseenIterator() { Writer l(mu_); keep(v_.begin()); }
  int unseenAddress() { Writer l(mu_); return c_use(values_, 4); }
  int *address() { Writer l(mu_); return &a_; }
  int &reference() { Writer l(mu_); return v_[0]; }
  auto iterator(int k) { Writer l(mu_); return items_.find(k); }
  std::span<int> view() { Writer l(mu_); return v_; }
  void stored() { Writer l(mu_); kept_ = &values_[1]; }
  int called() { Writer l(mu_); return callback_() + a_; }
  int calledByPointer() { Writer l(mu_); return pointer_() + a_; }
  int escaped() { Writer l(mu_); static int *last = &a_; return *last; }
};
class PositiveReads {
  std::shared_mutex mu_;
  std::vector<int> v_;
  std::map<int, Item> items_;
  std::unique_ptr<Item> owned_;
  std::optional<Item> maybe_;
  Here h_;
  Elsewhere e_;
  Item item_;
  int a_ = 0, b_ = 0;
  int values_[4] = {};
public:
  int sum() { Writer l(mu_); return std::reduce(v_.begin(), v_.end()) + std::ranges::max(v_); }
  // CHECK-MESSAGES: :[[@LINE-1]]:22: warning: 'mu_' is acquired exclusively, but the critical section only reads; a shared lock lets readers run in parallel [ward-exclusive-lock-for-reads]
  int sorted() { Writer l(mu_); auto w = v_; std::sort(w.begin(), w.end()); w.erase(w.begin()); return w.front(); }
  // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: 'mu_' is acquired exclusively, but the critical section only reads; a shared lock lets readers run in parallel [ward-exclusive-lock-for-reads]
  bool any(int k) { Writer l(mu_); return std::ranges::any_of(v_, [&](int x) { return x == k; }); }
  // CHECK-MESSAGES: :[[@LINE-1]]:28: warning: 'mu_' is acquired exclusively, but the critical section only reads; a shared lock lets readers run in parallel [ward-exclusive-lock-for-reads]
  void copyOut(std::vector<int> &out) { Writer l(mu_); out.insert(out.end(), v_.begin(), v_.end()); }
  // CHECK-MESSAGES: :[[@LINE-1]]:48: warning: 'mu_' is acquired exclusively, but the critical section only reads; a shared lock lets readers run in parallel [ward-exclusive-lock-for-reads]
  int found(int k) { Writer l(mu_); auto at = items_.find(k); if (at == items_.end()) return 0; ++at; return at == items_.end() ? 1 : at->second.key; }
  // CHECK-MESSAGES: :[[@LINE-1]]:29: warning: 'mu_' is acquired exclusively, but the critical section only reads; a shared lock lets readers run in parallel [ward-exclusive-lock-for-reads]
  int chosen(bool b) { Writer l(mu_); int *p = b ? &a_ : &b_; const int &r = *p; return *p + r; }
  // CHECK-MESSAGES: :[[@LINE-1]]:31: warning: 'mu_' is acquired exclusively, but the critical section only reads; a shared lock lets readers run in parallel [ward-exclusive-lock-for-reads]
  int seenReading() { Writer l(mu_); return add(v_) + h_.get() + e_.look() + c_sum(values_, 4); }
  // CHECK-MESSAGES: :[[@LINE-1]]:30: warning: 'mu_' is acquired exclusively, but the critical section only reads; a shared lock lets readers run in parallel [ward-exclusive-lock-for-reads]
  bool passed() { Writer l(mu_); return item_.key == 2 && maybe_ && maybe_->key == 3 && owned_->key == 4; }
  // CHECK-MESSAGES: :[[@LINE-1]]:26: warning: 'mu_' is acquired exclusively, but the critical section only reads; a shared lock lets readers run in parallel [ward-exclusive-lock-for-reads]
  int own() { Writer l(mu_); int n = a_; Item i = item_; i.key = 3; i = {}; int *p = &n; *p = 4; return n + i.key; }
  // CHECK-MESSAGES: :[[@LINE-1]]:22: warning: 'mu_' is acquired exclusively, but the critical section only reads; a shared lock lets readers run in parallel [ward-exclusive-lock-for-reads]
};
