// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-missing-lock %t
// What calls write: by their bodies, by the catalog, by their declarations.
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <functional>
#include <iterator>
#include <memory>
#include <mutex>
#include <numeric>
#include <queue>
#include <random>
#include <shared_mutex>
#include <sstream>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <variant>
#include <vector>

using Reader = std::shared_lock<std::shared_mutex>;
using Writer = std::unique_lock<std::shared_mutex>;

// --- functions of one's own ---
class Elsewhere {
public:
  int look() const;
  void change(int i);
  Elsewhere &operator+=(int i);
  void operator--(int);
  operator int() const;
private:
  int n_ = 0;
};
void operator<<(Elsewhere &to, const char *text);
void refill(Elsewhere &e);
void inspect(const Elsewhere &e);
struct Latch { long words[4]; };
extern "C" void latch_wait(Latch *latch);
class Here {
public:
  int get() { return n_; }
  void twice() { once(); once(); }
  template <class T> void apply(T f) { f(n_); }
  Here &self() { return *this; }
  int &cell(int i) { if (i > 0) return n_; return m_; }
private:
  void once() { ++n_; }
  int n_ = 0, m_ = 0;
};
inline int total(const int *from, const int *to) { int sum = 0; while (from != to) sum += *from++; return sum; }
inline void erase(int *from, int *to) { while (from != to) *from++ = 0; }
inline void eraseAll(std::vector<int> &v) { erase(v.data(), v.data() + v.size()); }
template <class It> void zero(It first, It last) { for (; first != last; ++first) *first = {}; }
template <class It> long sum(It first, It last) { long s = 0; for (; first != last; ++first) s += *first; return s; }
inline void lockedAdd(Here &h, std::mutex &m) { std::lock_guard g(m); h.twice(); }
inline int peek(Here &h) { return h.get(); }
inline void resetIf(bool really, int &n) { auto clear = [&] { n = 0; }; if (really) clear(); }
struct Keeper { explicit Keeper(int &n) : n_(n) {} int get() const { return n_; } int &n_; };

class PositiveOwn {
  std::shared_mutex mu_;
  std::mutex other_;
  Elsewhere changed_, added_, decremented_, shifted_, given_;
  Here twice_, applied_, self_, cell_;
  std::vector<int> erased_, zeroed_;
  int reset_ = 0, pointed_ = 0;
public:
  void set() {
    Writer l(mu_);
    changed_.change(1); added_ += 1; decremented_--; shifted_ << "x"; refill(given_);
    twice_.twice(); applied_.twice(); self_.twice(); cell_.twice();
    erased_.push_back(1); zeroed_.push_back(1);
    reset_ = pointed_ = 1;
  }
  void changed() { Reader l(mu_); changed_.change(2); }
  // CHECK-MESSAGES: :[[@LINE-1]]:35: warning: possible data race: 'PositiveOwn::changed_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  void added() { Reader l(mu_); added_ += 2; }
  // CHECK-MESSAGES: :[[@LINE-1]]:33: warning: possible data race: 'PositiveOwn::added_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  void decremented() { Reader l(mu_); decremented_--; }
  // CHECK-MESSAGES: :[[@LINE-1]]:39: warning: possible data race: 'PositiveOwn::decremented_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  void shifted() { Reader l(mu_); shifted_ << "y"; }
  // CHECK-MESSAGES: :[[@LINE-1]]:35: warning: possible data race: 'PositiveOwn::shifted_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  void given() { Reader l(mu_); refill(given_); }
  // CHECK-MESSAGES: :[[@LINE-1]]:40: warning: possible data race: 'PositiveOwn::given_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  void twice() { Reader l(mu_); twice_.twice(); }
  // CHECK-MESSAGES: :[[@LINE-1]]:33: warning: possible data race: 'PositiveOwn::twice_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  void self() { Reader l(mu_); self_.self().twice(); }
  // CHECK-MESSAGES: :[[@LINE-1]]:38: warning: possible data race: 'PositiveOwn::self_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  void cell() { Reader l(mu_); cell_.cell(1) = 4; }
  // CHECK-MESSAGES: :[[@LINE-1]]:38: warning: possible data race: 'PositiveOwn::cell_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  void erased() { Reader l(mu_); eraseAll(erased_); }
  // CHECK-MESSAGES: :[[@LINE-1]]:43: warning: possible data race: 'PositiveOwn::erased_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  void zeroed() { Reader l(mu_); zero(zeroed_.begin(), zeroed_.end()); }
  // CHECK-MESSAGES: :[[@LINE-1]]:39: warning: possible data race: 'PositiveOwn::zeroed_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  void reset(bool b) { Reader l(mu_); resetIf(b, reset_); }
  // CHECK-MESSAGES: :[[@LINE-1]]:50: warning: possible data race: 'PositiveOwn::reset_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  void pointed() { Reader l(mu_); int *p = &pointed_; erase(p, p + 1); }
  // CHECK-MESSAGES: :[[@LINE-1]]:61: warning: possible data race: 'PositiveOwn::pointed_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
};
class NegativeOwn {
  std::shared_mutex mu_;
  std::mutex other_;
  Elsewhere e_;
  Here h_, guarded_;
  std::vector<int> v_;
  int n_ = 0;
  Latch latch_{};
public:
  void set() { Writer l(mu_); e_.change(1); h_.twice(); guarded_.twice(); v_.push_back(1); n_ = 1; latch_.words[0] = 1; }
  long reads() {
    Reader l(mu_);
    inspect(e_);
    lockedAdd(guarded_, other_); // under a lock of its own
    latch_wait(&latch_);
    Keeper keeper(n_);
    return e_.look() + int(e_) + h_.get() + peek(h_) + total(v_.data(), v_.data() + v_.size()) + sum(v_.begin(), v_.end()) + keeper.get();
  }
};

// --- algorithms and other functions of the library ---
class PositiveLibrary {
  std::shared_mutex mu_;
  std::vector<int> sorted_, heap_, removed_, filled_, output_, scanned_, shuffled_, through_, generated_, replaced_, partial_, viewed_;
  std::vector<std::unique_ptr<int>> movedOut_;
  std::array<int, 4> reversed_{};
  std::string text_, line_;
  char name_[32] = {}, path_[64] = {};
  int parsed_ = 0, random_ = 0;
  long end_ = 0;
  std::tm time_{};
  struct stat status_{};
  std::variant<int, std::string> either_;
  std::ostringstream log_;
  std::mt19937 engine_;
  std::queue<int> queue_;
  alignas(std::string) unsigned char storage_[sizeof(std::string)];
public:
  void set(int i) {
    Writer l(mu_);
    for (auto *v : {&sorted_, &heap_, &removed_, &filled_, &output_, &scanned_, &shuffled_, &through_, &generated_, &replaced_, &partial_, &viewed_})
      v->push_back(i);
    movedOut_.push_back(nullptr);
    reversed_[0] = i;
    text_ = line_ = "x";
    name_[0] = path_[0] = 'x';
    parsed_ = random_ = i;
    end_ = i;
    time_.tm_sec = i;
    status_.st_mode = 0;
    either_ = i;
    log_.str("");
    engine_.seed(1);
    queue_.push(i);
    storage_[0] = 1;
  }
  void sorted() { Reader l(mu_); std::stable_sort(sorted_.rbegin(), sorted_.rend()); }
  // CHECK-MESSAGES: :[[@LINE-1]]:51: warning: possible data race: 'PositiveLibrary::sorted_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  void heap() { Reader l(mu_); std::ranges::push_heap(heap_); }
  // CHECK-MESSAGES: :[[@LINE-1]]:55: warning: possible data race: 'PositiveLibrary::heap_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  void removed() { Reader l(mu_); auto end = std::ranges::remove(removed_, 3); (void)end; }
  // CHECK-MESSAGES: :[[@LINE-1]]:66: warning: possible data race: 'PositiveLibrary::removed_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  void filled() { Reader l(mu_); std::fill_n(std::next(filled_.begin(), 2), 3, 1); }
  // CHECK-MESSAGES: :[[@LINE-1]]:56: warning: possible data race: 'PositiveLibrary::filled_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  void output(const std::vector<int> &in) { Reader l(mu_); std::merge(in.begin(), in.end(), in.begin(), in.end(), output_.begin()); }
  // CHECK-MESSAGES: :[[@LINE-1]]:115: warning: possible data race: 'PositiveLibrary::output_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  void scanned(const std::vector<int> &in) { Reader l(mu_); std::ranges::transform(in, scanned_.begin(), std::negate<int>()); }
  // CHECK-MESSAGES: :[[@LINE-1]]:88: warning: possible data race: 'PositiveLibrary::scanned_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  void shuffled(std::mt19937 &g) { Reader l(mu_); std::shuffle(begin(shuffled_), end(shuffled_), g); }
  // CHECK-MESSAGES: :[[@LINE-1]]:70: warning: possible data race: 'PositiveLibrary::shuffled_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  void through() { Reader l(mu_); auto back = std::back_inserter(through_); *back = 3; }
  // CHECK-MESSAGES: :[[@LINE-1]]:77: warning: possible data race: 'PositiveLibrary::through_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  void generated() { Reader l(mu_); int n = 0; std::ranges::generate(generated_, [&] { return n++; }); }
  // CHECK-MESSAGES: :[[@LINE-1]]:70: warning: possible data race: 'PositiveLibrary::generated_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  void replaced() { Reader l(mu_); auto from = replaced_.begin(), to = replaced_.end(); std::replace(from, to, 1, 2); }
  // CHECK-MESSAGES: :[[@LINE-1]]:102: warning: possible data race: 'PositiveLibrary::replaced_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  void partial() { Reader l(mu_); std::for_each_n(partial_.begin(), 2, [](auto &x) { x *= 2; }); }
  // CHECK-MESSAGES: :[[@LINE-1]]:51: warning: possible data race: 'PositiveLibrary::partial_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  void movedOut(std::vector<std::unique_ptr<int>> &out) {
    Reader l(mu_);
    out.insert(out.end(), std::make_move_iterator(movedOut_.begin()), std::make_move_iterator(movedOut_.end()));
    // CHECK-MESSAGES: :[[@LINE-1]]:51: warning: possible data race: 'PositiveLibrary::movedOut_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  }
  void reversed() { Reader l(mu_); std::reverse(std::begin(reversed_), std::end(reversed_)); }
  // CHECK-MESSAGES: :[[@LINE-1]]:60: warning: possible data race: 'PositiveLibrary::reversed_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  void text() { Reader l(mu_); std::transform(text_.begin(), text_.end(), text_.begin(), [](char c) { return char(c + 1); }); }
  // CHECK-MESSAGES: :[[@LINE-1]]:75: warning: possible data race: 'PositiveLibrary::text_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  void line(std::istream &in) { Reader l(mu_); while (std::getline(in, line_)) {} }
  // CHECK-MESSAGES: :[[@LINE-1]]:72: warning: possible data race: 'PositiveLibrary::line_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  void named(const char *n) { Reader l(mu_); strncpy(name_ + 1, n, sizeof name_ - 1); }
  // CHECK-MESSAGES: :[[@LINE-1]]:54: warning: possible data race: 'PositiveLibrary::name_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  void path() { Reader l(mu_); if (getcwd(path_, sizeof path_)) {} }
  // CHECK-MESSAGES: :[[@LINE-1]]:43: warning: possible data race: 'PositiveLibrary::path_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  int parsed(std::FILE *f) { Reader l(mu_); return std::fscanf(f, "%d", &parsed_); }
  // CHECK-MESSAGES: :[[@LINE-1]]:74: warning: possible data race: 'PositiveLibrary::parsed_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  void time(std::time_t t) { Reader l(mu_); localtime_r(&t, &time_); }
  // CHECK-MESSAGES: :[[@LINE-1]]:62: warning: possible data race: 'PositiveLibrary::time_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  int status(int fd) { Reader l(mu_); return fstat(fd, &status_); }
  // CHECK-MESSAGES: :[[@LINE-1]]:57: warning: possible data race: 'PositiveLibrary::status_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  void visited() { Reader l(mu_); std::visit([](auto &x) { x = {}; }, either_); }
  // CHECK-MESSAGES: :[[@LINE-1]]:71: warning: possible data race: 'PositiveLibrary::either_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  void logged(int i) { Reader l(mu_); log_ << "i = " << i << '\n'; }
  // CHECK-MESSAGES: :[[@LINE-1]]:39: warning: possible data race: 'PositiveLibrary::log_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  unsigned rolled() { Reader l(mu_); return engine_(); }
  // CHECK-MESSAGES: :[[@LINE-1]]:45: warning: possible data race: 'PositiveLibrary::engine_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  int random() { Reader l(mu_); return std::exchange(random_, 4); }
  // CHECK-MESSAGES: :[[@LINE-1]]:54: warning: possible data race: 'PositiveLibrary::random_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  void queued() { Reader l(mu_); queue_.pop(); }
  // CHECK-MESSAGES: :[[@LINE-1]]:34: warning: possible data race: 'PositiveLibrary::queue_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  void stored() { Reader l(mu_); ::new (static_cast<void *>(storage_)) std::string("x"); }
  // CHECK-MESSAGES: :[[@LINE-1]]:61: warning: possible data race: 'PositiveLibrary::storage_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  void viewed() { Reader l(mu_); std::string_view s("ab"); for (auto &x : viewed_) x = int(s.size()); }
  // CHECK-MESSAGES: :[[@LINE-1]]:84: warning: possible data race: 'PositiveLibrary::viewed_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
};
class NegativeLibrary {
  mutable std::shared_mutex mu_;
  std::vector<int> v_;
  std::vector<std::string> names_;
  std::string text_;
  char name_[32] = {};
  std::tm time_{};
  std::variant<int, std::string> either_;
  std::ostringstream log_;
  int n_ = 0;
public:
  void set(int i) {
    Writer l(mu_);
    v_.push_back(i);
    names_.push_back("x");
    text_ = "x";
    name_[0] = 'x';
    time_.tm_sec = i;
    either_ = i;
    log_.str("");
    n_ = i;
  }
  long reads() const {
    Reader l(mu_);
    auto lowest = std::min_element(v_.begin(), v_.end());
    long n = std::accumulate(v_.begin(), v_.end(), 0) + std::ranges::count_if(names_, [](const auto &s) { return s.empty(); });
    n += std::inner_product(v_.begin(), v_.end(), v_.begin(), 0) + std::distance(v_.begin(), lowest);
    return n + long(std::strlen(name_)) + std::memcmp(name_, "x", 1) + std::visit([](const auto &x) { return long(sizeof x); }, either_);
  }
  void notConst(std::vector<int> &out, char *to, std::FILE *f, std::time_t *t) {
    Reader l(mu_);
    std::copy_if(v_.begin(), v_.end(), std::back_inserter(out), [](int x) { return x > 0; });
    std::partial_sum(v_.begin(), v_.end(), out.begin());
    out.insert(out.end(), v_.begin(), v_.end());
    std::memmove(to, name_, sizeof name_);
    std::fprintf(f, "%s %d", name_, n_);
    std::fwrite(text_.data(), 1, text_.size(), f);
    std::snprintf(to, 8, "%s", text_.c_str());
    *t = std::mktime(&time_) + std::stoi(text_);
    // CHECK-MESSAGES: :[[@LINE-1]]:23: warning: possible data race: 'NegativeLibrary::time_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
    out.swap(out);
    std::vector<std::string> names(names_);
    std::sort(names.begin(), names.end());
    auto moved = std::move(names);
    int copy = std::move(n_);
    copy += std::exchange(copy, 3) + std::max(n_, copy);
    (void)std::as_const(v_).begin();
    std::string shown = log_.str();
  }
};
