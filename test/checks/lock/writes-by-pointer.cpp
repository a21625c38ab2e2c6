// RUN: %check_ward %s ward-missing-lock,ward-exclusive-lock-for-reads %t -std=c++20
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Writes through member functions by pointer, through what helpers find, and to streams.
#include <functional>
#include <iomanip>
#include <map>
#include <mutex>
#include <ostream>
#include <shared_mutex>
#include <sstream>
#include <string>
#include <vector>
using Reading = std::shared_lock<std::shared_mutex>;
using Writing = std::unique_lock<std::shared_mutex>;

struct Item {
  int n = 0;
  void raise() { ++n; }
  int get() const { return n; }
};
class Stock {
public:
  void invoke() { Writing l(m_); std::invoke(&Item::raise, invoked_); }
  void invokeShared() { Reading l(m_); std::invoke(&Item::raise, invoked_); }
// CHECK-MESSAGES: :[[@LINE-1]]:66: warning: possible data race: 'Stock::invoked_' is written while 'm_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  int negativeInvoke() { Reading l(m_); return std::invoke(&Item::get, invoked_); }
  void text() { Writing l(m_); text_.str(""); }
  void textShared() { Reading l(m_); text_.str(""); }
// CHECK-MESSAGES: :[[@LINE-1]]:38: warning: possible data race: 'Stock::text_' is written while 'm_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  std::string negativeText() { Reading l(m_); return text_.str(); }
  void found(int k) { Writing l(m_); if (Item *i = find(k)) i->raise(); }
  void foundShared(int k) { Reading l(m_); if (Item *i = find(k)) i->raise(); }
// CHECK-MESSAGES: :[[@LINE-1]]:67: warning: possible data race: 'Stock::items_' is written while 'm_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  int negativeFound(int k) { Reading l(m_); const Item *i = find(k); return i ? i->get() : 0; }
  void last(int k) { Writing l(m_); lastOf(k)->n = k; }
  void lastShared(int k) { Reading l(m_); lastOf(k)->n = k; }
// CHECK-MESSAGES: :[[@LINE-1]]:54: warning: possible data race: 'Stock::others_' is written while 'm_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  void fill() { Writing l(m_); bytes_[0] = 1; }
  void negativePrint(std::ostream &o) { Reading l(m_); o.write(bytes_, 8) << std::setw(3) << bytes_[0]; }

private:
  Item *find(int k) {
    for (Item &i : items_)
      if (i.n == k)
        return &i;
    return nullptr;
  }
  Item *lastOf(int k) {
    Item *result = nullptr;
    for (Item &i : others_)
      if (i.n < k)
        result = &i;
    return result;
  }
  std::shared_mutex m_;
  Item invoked_;
  std::ostringstream text_;
  std::vector<Item> items_, others_;
  char bytes_[8] = {};
};
