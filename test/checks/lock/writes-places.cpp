// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-missing-lock %t
// Which expressions write: values, iterators, pointers, references, and what only looks like a write. Each class has a field for
// each way; its setter takes the writer's lock, so that a write under the reader's lock is a data race.
#include <array>
#include <bitset>
#include <deque>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <shared_mutex>
#include <span>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

using Reader = std::shared_lock<std::shared_mutex>;
using Writer = std::unique_lock<std::shared_mutex>;

// --- whole values and parts of them ---
struct Size { long w = 0, h = 0; };
struct Box { Size size; std::string label; int tags[3] = {}; };
class PositiveValues {
  mutable std::shared_mutex mu_;
  Box box_, nested_, braced_, array_[2], given_;
  std::array<Size, 3> sizes_;
  std::tuple<int, std::string> tuple_;
  std::bitset<8> bits_;
  std::optional<Size> maybe_;
  union { int i; float f; } number_{1};
public:
  void set(const Box &b) {
    Writer l(mu_);
    box_ = nested_ = braced_ = array_[0] = given_ = b;
    nested_.size.w = 1;
    array_[1].label = "x";
    sizes_[0] = b.size;
    std::get<0>(tuple_) = 1;
    bits_[1] = true;
    maybe_->w = 2;
    number_.f = 1;
  }
  void copy(const PositiveValues &o) { Reader l(mu_); box_ = o.box_; }
  // CHECK-MESSAGES: :[[@LINE-1]]:55: warning: possible data race: 'PositiveValues::box_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  void part(long w) { Reader l(mu_); nested_.size = {w, w}; }
  // CHECK-MESSAGES: :[[@LINE-1]]:46: warning: possible data race: 'PositiveValues::nested_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  void brace() { Reader l(mu_); braced_ = Box(); }
  // CHECK-MESSAGES: :[[@LINE-1]]:33: warning: possible data race: 'PositiveValues::braced_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  void element(int i, Box &&b) { Reader l(mu_); array_[i] = std::move(b); }
  // CHECK-MESSAGES: :[[@LINE-1]]:49: warning: possible data race: 'PositiveValues::array_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  void standard(unsigned i) { Reader l(mu_); sizes_.at(i) = Size{}; }
  // CHECK-MESSAGES: :[[@LINE-1]]:53: warning: possible data race: 'PositiveValues::sizes_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  void component() { Reader l(mu_); std::get<std::string>(tuple_).clear(); }
  // CHECK-MESSAGES: :[[@LINE-1]]:37: warning: possible data race: 'PositiveValues::tuple_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  void bit(int i) { Reader l(mu_); bits_[i] = false; }
  // CHECK-MESSAGES: :[[@LINE-1]]:36: warning: possible data race: 'PositiveValues::bits_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  void inside(long h) { Reader l(mu_); if (maybe_) maybe_->h = h; }
  // CHECK-MESSAGES: :[[@LINE-1]]:60: warning: possible data race: 'PositiveValues::maybe_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  void member(int i) { Reader l(mu_); number_.i = i; }
  // CHECK-MESSAGES: :[[@LINE-1]]:47: warning: possible data race: 'PositiveValues::number_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
};
class NegativeValues {
  mutable std::shared_mutex mu_;
  Box box_, other_;
  std::array<Size, 3> sizes_;
  std::tuple<int, std::string> tuple_;
  std::bitset<8> bits_;
  std::optional<Size> maybe_;
public:
  void set(const Box &b) {
    Writer l(mu_);
    box_ = other_ = b;
    sizes_ = {};
    tuple_ = {1, "x"};
    bits_.set(3);
    maybe_ = b.size;
  }
  long copies() const {
    Reader l(mu_);
    Box b = box_;
    b = other_;
    b.size.w += 2;
    b.tags[1] = 3;
    auto sizes = sizes_;
    sizes[1] = {};
    auto [number, text] = tuple_;
    text += "!";
    number++;
    auto bits = bits_;
    bits[2] = true;
    std::optional<Size> m = maybe_;
    m->w = 4;
    return b.size.w + number + long(text.size()) + bits.count();
  }
  bool compares(const Box &b) const {
    Reader l(mu_);
    return box_.size.w == b.size.w && std::get<0>(tuple_) == 1 && bits_[2] && bits_.test(1) && maybe_.has_value() && maybe_->w > 2;
  }
  void gives(Box &b, Size *s) const {
    Reader l(mu_);
    b = box_;
    b.size = other_.size;
    *s = sizes_[0];
  }
};

// --- iterators, references to elements, views, proxies ---
class PositiveElements {
  std::shared_mutex mu_;
  std::list<int> list_;
  std::deque<Size> deque_;
  std::unordered_map<int, Size> table_;
  std::map<std::string, std::vector<int>> groups_;
  std::vector<bool> flags_;
  std::vector<Size> rows_, loop_, span_, pairs_;
  std::multimap<int, int> many_;
  int raw_[4] = {};
public:
  void set(int i) {
    Writer l(mu_);
    list_.push_back(i);
    deque_.push_back({i, i});
    table_[i] = {};
    groups_["a"].push_back(i);
    flags_.push_back(true);
    rows_.resize(8);
    loop_.resize(8);
    span_.resize(8);
    many_.emplace(1, 2);
    raw_[0] = i;
  }
  void list() { Reader l(mu_); auto at = list_.end(); --at; *at = 4; }
  // CHECK-MESSAGES: :[[@LINE-1]]:61: warning: possible data race: 'PositiveElements::list_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  void deque() {
    Reader l(mu_);
    auto &last = deque_.back();
    last.w = 3;
    // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: possible data race: 'PositiveElements::deque_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  }
  void table(int k) {
    Reader l(mu_);
    if (const auto at = table_.find(k); at != table_.end())
      at->second = Size{1, 2};
    // CHECK-MESSAGES: :[[@LINE-1]]:11: warning: possible data race: 'PositiveElements::table_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  }
  void groups() {
    Reader l(mu_);
    for (auto &[name, group] : groups_)
      group.clear();
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: possible data race: 'PositiveElements::groups_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  }
  void flags() {
    Reader l(mu_);
    auto flag = flags_[2];
    flag = false;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: possible data race: 'PositiveElements::flags_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  }
  void rows() {
    Reader l(mu_);
    for (auto at = rows_.begin(), end = rows_.end(); at != end; ++at)
      at->h = 1;
    // CHECK-MESSAGES: :[[@LINE-1]]:11: warning: possible data race: 'PositiveElements::rows_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  }
  void loop() {
    Reader l(mu_);
    for (Size &s : loop_) {
      Size &same = s;
      same = {};
      // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: possible data race: 'PositiveElements::loop_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
    }
  }
  void span() {
    Reader l(mu_);
    std::span<Size> view(span_);
    auto half = view.subspan(2);
    half.front() = {};
    // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: possible data race: 'PositiveElements::span_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  }
  void many() {
    Reader l(mu_);
    auto range = many_.equal_range(1);
    for (auto at = range.first; at != range.second; ++at)
      at->second = 5;
    // CHECK-MESSAGES: :[[@LINE-1]]:11: warning: possible data race: 'PositiveElements::many_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  }
  void raw() {
    Reader l(mu_);
    for (int &x : raw_)
      x = 0;
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: possible data race: 'PositiveElements::raw_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  }
};
class NegativeElements {
  std::shared_mutex mu_;
  std::list<int> list_;
  std::unordered_map<int, Size> table_;
  std::vector<bool> flags_;
  std::vector<Size> rows_;
  std::set<int> keys_;
  std::vector<int *> pointers_;
  int raw_[4] = {};
public:
  void set(int i) {
    Writer l(mu_);
    list_.push_back(i);
    table_[i] = {};
    flags_.push_back(true);
    rows_.resize(8);
    keys_.insert(i);
    raw_[0] = i;
    pointers_.push_back(new int(3));
  }
  long reads(int k) {
    Reader l(mu_);
    long sum = 0;
    for (auto at = list_.begin(); at != list_.end(); ++at)
      sum += *at;
    for (auto row : rows_) {
      row.w = 3;
      row = {};
      sum += row.h;
    }
    for (auto &row : rows_)
      sum += row.w;
    for (auto [key, value] : table_) {
      value.w = key;
      sum += value.w;
    }
    for (bool flag : flags_) {
      flag = !flag;
      sum += flag;
    }
    bool flag = flags_[2];
    flag = false;
    auto at = table_.find(k);
    at = table_.begin();
    ++at;
    if (at != table_.end())
      sum += at->second.w;
    auto key = keys_.lower_bound(3);
    while (key != keys_.end())
      sum += *key++;
    const int *p = raw_;
    ++p;
    int *q = raw_ + 1;
    q += 2;
    for (int *each : pointers_) // what they point to is not the field's
      *each = 4;
    return sum + *p + *q + rows_.back().w + rows_.front().h + flag;
  }
};

// --- what a pointer or reference refers to is chosen, and may change on the way ---
class PositiveChosen {
  std::shared_mutex mu_;
  int a_ = 0, b_ = 0, c_ = 0, d_ = 0, e_ = 0, f_ = 0, g_ = 0, spare_ = 0;
  Size s_, t_;
public:
  void set(int i) { Writer l(mu_); a_ = b_ = c_ = d_ = e_ = f_ = g_ = spare_ = i; s_.w = t_.w = i; }
  void loopOfPointers(int i) {
    int own = 0;
    Reader l(mu_);
    int *all[] = {&a_, &own};
    for (int n = 0; n < 2; ++n)
      *all[n] = i;
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: possible data race: 'PositiveChosen::a_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  }
  void reassigned(bool x) {
    int own = 0, *p = &own;
    Reader l(mu_);
    if (x)
      p = &b_;
    *p = 1;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: possible data race: 'PositiveChosen::b_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  }
  void byLoop(int n) {
    int own = 0, *p = &own;
    Reader l(mu_);
    for (int i = 0; i < n; ++i) {
      *p = i;
      // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: possible data race: 'PositiveChosen::c_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
      p = &c_;
    }
  }
  void comma(int i) { Reader l(mu_); (void(i), d_) = i; }
  // CHECK-MESSAGES: :[[@LINE-1]]:46: warning: possible data race: 'PositiveChosen::d_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  int *address(bool x) {
    if (x)
      return &e_;
    return nullptr;
  }
  void returned(bool x) { Reader l(mu_); if (int *p = address(x)) *p = 2; }
  // CHECK-MESSAGES: :[[@LINE-1]]:67: warning: possible data race: 'PositiveChosen::e_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  void switched(int which) {
    int own = 0;
    int *p = nullptr;
    switch (which) {
    case 0:
      p = &f_;
      break;
    default:
      p = &own;
    }
    Reader l(mu_);
    ++*p;
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: possible data race: 'PositiveChosen::f_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  }
  void memberPointer(bool x) { Reader l(mu_); this->*(x ? &PositiveChosen::g_ : &PositiveChosen::g_) = 3; }
  void aggregate(long w) {
    struct { Size &to; long n; } job{t_, w};
    Reader l(mu_);
    job.to.w = w;
    // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: possible data race: 'PositiveChosen::t_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  }
};
class NegativeChosen {
  std::shared_mutex mu_;
  int a_ = 0, b_ = 0, own_ = 0;
  int *next_ = nullptr;
  Size s_;
public:
  void set(int i) { Writer l(mu_); a_ = b_ = i; s_.w = i; next_ = &b_; }
  int reads(bool x) {
    Reader l(mu_);
    int *p = &a_;
    int sum = *p;
    int own = 0;
    p = &own; // from here on it is another
    *p = 3;
    int *q = x ? &a_ : &b_;
    const int *r = q;
    sum += *r + (q == r);
    Size &s = s_;
    Size copy = s;
    copy.w = 4;
    int *all[] = {&a_, &b_};
    for (int *each : all)
      sum += *each;
    *next_ = 5; // the pointer is read
    return sum;
  }
  bool addresses(const int *p) const { return p == &a_ || p == &b_; }
};

// --- distinct members ---
class NegativeDistinct {
  std::mutex in_, out_;
  struct { long read = 0, written = 0; } bytes_;
  std::pair<int, int> ends_;
public:
  void in(long n) { std::lock_guard g(in_); bytes_.read += n; ends_.first = 1; }
  void inMore(long n) { std::lock_guard g(in_); bytes_.read -= n; ++ends_.first; }
  void inMost(long n) { std::lock_guard g(in_); bytes_.read = n; --ends_.first; }
  void inLast(long n) { std::lock_guard g(in_); bytes_.read = n; --ends_.first; }
  void out(long n) { std::lock_guard g(out_); bytes_.written += n; ends_.second = 2; }
  void outMore(long n) { std::lock_guard g(out_); bytes_.written -= n; ++ends_.second; }
};
class PositiveDistinct {
  std::mutex in_, out_;
  struct { long read = 0, written = 0; } bytes_;
public:
  void in(long n) { std::lock_guard g(in_); bytes_.read += n; }
  void inMore(long n) { std::lock_guard g(in_); bytes_.read -= n; }
  void out(long n) { std::lock_guard g(out_); bytes_.written += n; }
  void outMore(long n) { std::lock_guard g(out_); bytes_.written -= n; }
  long look() const { return bytes_.written; }
  // CHECK-MESSAGES: :[[@LINE-1]]:37: warning: possible data race: 'written' is read without holding 'out_', which 2 of its 3 accesses hold [ward-missing-lock]
};
