// RUN: %check_ward %s ward-aliased-exclusive %t -- -- -I%runtime_include
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Aliased arguments, containers that are modified while something refers to their elements, cells borrowed twice.
#include <ward/annotations.h>
#include <ward/ref_cell.h>
#include <ward/rc.h>
#include <ward/drop.h>
#include <algorithm>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <queue>
#include <set>
#include <span>
#include <stack>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>
template <class... Ts> void use(const Ts &...); bool cond();
struct Buf { std::vector<int> data; int n = 0; };
void merge(const Buf &from, Buf &to);
void mergeP(const Buf *from, Buf *to);
void append(std::vector<int> &to, const std::vector<int> &from) { for (int x : from) to.push_back(x); }
void appendSafe(std::vector<int> &to, const std::vector<int> &from) { if (&to == &from) return; for (int x : from) to.push_back(x); }
void readOnly(const Buf &a, Buf &b) { use(a.n, b.n); }
void copyOver(const Buf &a, Buf &b) { b.n = a.n; }
void clearFirst(const std::string &in, std::string &out) { out.clear(); out += in; }
void twice(const int &by, int &value) { value += by; value += by; }
void once(const int &by, int &value) { value += by; }
void scale(const std::vector<int> &in, std::vector<int> &out) { for (size_t i = 0; i < in.size(); ++i) out[i] = in[i] * 2; }
void blur(const std::vector<int> &in, std::vector<int> &out) { for (size_t i = 1; i + 1 < in.size(); ++i) out[i] = in[i - 1] + in[i + 1]; }
void viewIn(std::string_view in, std::string &out) { out.clear(); out.append(in); }
void inOut(WARD_SHARED const int &a, WARD_EXCLUSIVE int &b);
void ex2(WARD_EXCLUSIVE Buf &a, Buf &b);
void pass(const std::string &in, std::string &out) { clearFirst(in, out); }

void aliased(Buf b, Buf c, std::vector<int> v, std::string s, int i, Buf arr[2], std::vector<Buf> bs) {
  merge(b, b);
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: aliased arguments: 'b' is passed to 'merge' twice, to be read and to be modified; 'merge' may read it after modifying it [ward-aliased-exclusive]
  mergeP(&b, &b);
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: aliased arguments: 'b' is passed to 'mergeP' twice, to be read and to be modified; 'mergeP' may read it after modifying it [ward-aliased-exclusive]
  merge(b, c);
  append(v, v);
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: aliased arguments: 'v' is passed to 'append' twice, to be read and to be modified; 'append' reads it after modifying it [ward-aliased-exclusive]
  appendSafe(v, v);
  readOnly(b, b);
  copyOver(b, b);
  clearFirst(s, s);
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: aliased arguments: 's' is passed to 'clearFirst' twice, to be read and to be modified; 'clearFirst' reads it after modifying it [ward-aliased-exclusive]
  twice(i, i);
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: aliased arguments: 'i' is passed to 'twice' twice, to be read and to be modified; 'twice' reads it after modifying it [ward-aliased-exclusive]
  once(i, i);
  scale(v, v);
  blur(v, v);
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: aliased arguments: 'v' is passed to 'blur' twice, to be read and to be modified; 'blur' reads it after modifying it [ward-aliased-exclusive]
  viewIn(s, s);
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: aliased arguments: 's' is passed to 'viewIn' twice, to be read and to be modified; 'viewIn' reads it after modifying it [ward-aliased-exclusive]
  inOut(i, i);
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: aliased arguments: 'i' is passed to 'inOut' twice, to be read and to be modified; 'inOut' may read it after modifying it [ward-aliased-exclusive]
  ex2(b, b);
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: aliased arguments: 'b' is passed to 'ex2' twice, to be read and to be modified; 'ex2' may read it after modifying it [ward-aliased-exclusive]
  pass(s, s);
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: aliased arguments: 's' is passed to 'pass' twice, to be read and to be modified; 'pass' reads it after modifying it [ward-aliased-exclusive]
  merge(arr[0], arr[1]);
  merge(arr[0], arr[0]);
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: aliased arguments: 'arr[0]' is passed to 'merge' twice, to be read and to be modified; 'merge' may read it after modifying it [ward-aliased-exclusive]
  merge(bs[i], bs[i + 1]);
  merge(bs[i], bs[i]);
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: aliased arguments: 'bs[i]' is passed to 'merge' twice, to be read and to be modified; 'merge' may read it after modifying it [ward-aliased-exclusive]
  Buf &r = b;
  merge(r, b);
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: aliased arguments: 'b' is passed to 'merge' twice, to be read and to be modified; 'merge' may read it after modifying it [ward-aliased-exclusive]
  std::swap(b, b);
  std::copy(v.begin(), v.end(), v.begin());
  v.push_back(v[0]);
  v.insert(v.end(), v.begin(), v.end());
// CHECK-MESSAGES: :[[@LINE-1]]:5: warning: iterator invalidation: 'insert' modifies 'v' while reading a range of 'v' itself, whose iterators become invalid [ward-aliased-exclusive]
  s += s;
}
struct Pair { Buf a, b; int x, y; };
void f2(const int &, int &); void wholeAndPart(const int &x, Pair &p);
void sub(Pair &p, Pair *q) {
  merge(p.a, p.b); f2(p.x, p.y); f2(p.x, q->x);
  f2(p.x, p.x);
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: aliased arguments: 'p.x' is passed to 'f2' twice, to be read and to be modified; 'f2' may read it after modifying it [ward-aliased-exclusive]
  wholeAndPart(p.x, p);
}
struct Node { Node *next; int v; void link(const Node &o) { next = o.next; v = o.v; } void bad(const Node &o) { v = 0; v += o.v; } };
void fn(const Node &, Node &);
void nodes(Node *n, Node m) { fn(*n, *n->next); m.link(m); m.bad(m);
// CHECK-MESSAGES: :[[@LINE-1]]:62: warning: aliased arguments: 'm' is passed to 'bad' twice, to be read and to be modified; 'bad' reads it after modifying it [ward-aliased-exclusive]
 }

void loops(std::vector<int> v, std::list<int> l, std::map<int, int> m, std::set<int> st, std::unordered_map<int, int> um, std::deque<int> dq, std::string s) {
  for (int x : v) if (x) v.push_back(x);
// CHECK-MESSAGES: :[[@LINE-1]]:28: warning: iterator invalidation: 'push_back' modifies 'v' inside a loop over it, which continues with invalid iterators [ward-aliased-exclusive]
  for (int x : v) if (x) { v.push_back(x); break; }
  for (int x : v) { if (x) { v.erase(v.begin()); return; } }
  for (auto &x : l) l.push_back(x);
  for (auto &[k, val] : m) m.erase(k);
// CHECK-MESSAGES: :[[@LINE-1]]:30: warning: iterator invalidation: 'erase' modifies 'm' inside a loop over it, which continues with invalid iterators [ward-aliased-exclusive]
  for (auto &[k, val] : m) m[k + 1] = 2;
  for (auto &[k, val] : um) um[k + 1] = 2;
// CHECK-MESSAGES: :[[@LINE-1]]:29: warning: iterator invalidation: 'operator[]' modifies 'um' inside a loop over it, which continues with invalid iterators [ward-aliased-exclusive]
  for (auto &[k, val] : um) um.erase(k);
// CHECK-MESSAGES: :[[@LINE-1]]:32: warning: iterator invalidation: 'erase' modifies 'um' inside a loop over it, which continues with invalid iterators [ward-aliased-exclusive]
  for (auto k : st) st.erase(k);
// CHECK-MESSAGES: :[[@LINE-1]]:24: warning: iterator invalidation: 'erase' modifies 'st' inside a loop over it, which continues with invalid iterators [ward-aliased-exclusive]
  for (auto x : dq) dq.push_front(x);
// CHECK-MESSAGES: :[[@LINE-1]]:24: warning: iterator invalidation: 'push_front' modifies 'dq' inside a loop over it, which continues with invalid iterators [ward-aliased-exclusive]
  for (char c : s) s += c;
// CHECK-MESSAGES: :[[@LINE-1]]:22: warning: iterator invalidation: 'operator+=' modifies 's' inside a loop over it, which continues with invalid iterators [ward-aliased-exclusive]
  for (auto it = v.begin(); it != v.end(); ++it) if (*it) v.erase(it);
// CHECK-MESSAGES: :[[@LINE-1]]:61: warning: use-after-invalidation: 'erase' on 'v' invalidates 'it', which is used afterwards [ward-aliased-exclusive]
  for (auto it = v.begin(); it != v.end();) if (*it) it = v.erase(it); else ++it;
  for (auto it = m.begin(); it != m.end();) if (it->second) m.erase(it++); else ++it;
  for (auto it = m.begin(); it != m.end(); ++it) if (it->second) m.erase(it);
// CHECK-MESSAGES: :[[@LINE-1]]:68: warning: use-after-invalidation: 'erase' on 'm' invalidates 'it', which is used afterwards [ward-aliased-exclusive]
  for (auto it = m.begin(); it != m.end(); ++it) if (it->second) m.erase(it->first);
// CHECK-MESSAGES: :[[@LINE-1]]:68: warning: use-after-invalidation: 'erase' on 'm' invalidates 'it', which is used afterwards [ward-aliased-exclusive]
  for (auto it = m.begin(), e = m.end(); it != e;) if (it->second) it = m.erase(it); else ++it;
  for (auto it = v.begin(), e = v.end(); it != e;) if (*it) it = v.erase(it); else ++it;
// CHECK-MESSAGES: :[[@LINE-1]]:68: warning: use-after-invalidation: 'erase' on 'v' invalidates 'e', which is used afterwards [ward-aliased-exclusive]
  for (size_t i = 0; i < v.size(); ++i) v.push_back(v[i]);
}
void refs(std::vector<int> v, std::string s, std::map<int, std::string> m, std::stack<int> stk, std::vector<std::unique_ptr<Buf>> ps, std::vector<Buf> bs) {
  int &a = v[0]; v.push_back(1); use(a);
// CHECK-MESSAGES: :[[@LINE-1]]:20: warning: use-after-invalidation: 'push_back' on 'v' invalidates 'a', which is used afterwards [ward-aliased-exclusive]
  { int &b = v[0]; use(b); v.push_back(1); }
  { v.reserve(100); }
  { auto it = v.begin(); v.insert(v.end(), 3); use(*it); } // reserved
  { std::string_view sv = s; s += "x"; use(sv); }
// CHECK-MESSAGES: :[[@LINE-1]]:32: warning: use-after-invalidation: 'operator+=' on 's' invalidates 'sv', which is used afterwards [ward-aliased-exclusive]
  { const char *c = s.c_str(); s.clear(); use(c); }
// CHECK-MESSAGES: :[[@LINE-1]]:34: warning: use-after-invalidation: 'clear' on 's' invalidates 'c', which is used afterwards [ward-aliased-exclusive]
  { auto &t = m[1]; m[2] = "x"; use(t); }
  { auto &t = m[1]; m.erase(1); use(t); }
// CHECK-MESSAGES: :[[@LINE-1]]:23: warning: use-after-invalidation: 'erase' on 'm' invalidates 't', which is used afterwards [ward-aliased-exclusive]
  { auto it = m.find(3); m.erase(3); use(it->second); }
// CHECK-MESSAGES: :[[@LINE-1]]:28: warning: use-after-invalidation: 'erase' on 'm' invalidates 'it', which is used afterwards [ward-aliased-exclusive]
  { auto &t = stk.top(); stk.pop(); use(t); }
// CHECK-MESSAGES: :[[@LINE-1]]:30: warning: use-after-invalidation: 'pop' on 'stk' invalidates 't', which is used afterwards [ward-aliased-exclusive]
  { auto t = stk.top(); stk.pop(); use(t); }
  { Buf &p = *ps[0]; ps.push_back(nullptr); use(p); }
  { auto &n = bs[0].n; bs.emplace_back(); use(n); }
// CHECK-MESSAGES: :[[@LINE-1]]:27: warning: use-after-invalidation: 'emplace_back' on 'bs' invalidates 'n', which is used afterwards [ward-aliased-exclusive]
  { Buf *p = &bs.back(); bs.resize(3); use(p->n); }
// CHECK-MESSAGES: :[[@LINE-1]]:29: warning: use-after-invalidation: 'resize' on 'bs' invalidates 'p', which is used afterwards [ward-aliased-exclusive]
  { auto it = bs.begin() + 1; bs.erase(it); use(it->n); }
// CHECK-MESSAGES: :[[@LINE-1]]:34: warning: use-after-invalidation: 'erase' on 'bs' invalidates 'it', which is used afterwards [ward-aliased-exclusive]
  { auto it = bs.begin(); it = bs.erase(it); use(it->n); }
  { auto it = bs.begin(); bs.clear(); it = bs.begin(); use(it->n); }
  { auto it = std::find_if(bs.begin(), bs.end(), [](const Buf &x) { return x.n; }); if (it == bs.end()) { bs.push_back({}); it = bs.end() - 1; } use(it->n); }
  { auto &x = bs.back(); bs.pop_back(); use(x.n); }
// CHECK-MESSAGES: :[[@LINE-1]]:29: warning: use-after-invalidation: 'pop_back' on 'bs' invalidates 'x', which is used afterwards [ward-aliased-exclusive]
  { auto &x = bs.front(); bs.pop_back(); use(x.n); }
  { std::span<int> sp(v); v.clear(); use(sp); }
// CHECK-MESSAGES: :[[@LINE-1]]:29: warning: use-after-invalidation: 'clear' on 'v' invalidates 'sp', which is used afterwards [ward-aliased-exclusive]
}
struct Obs { std::vector<int> items; void add(int x) { items.push_back(x); } void run() { for (auto x : items) add(x); }
// CHECK-MESSAGES: :[[@LINE-1]]:112: warning: iterator invalidation: 'push_back' modifies 'items' inside a loop over it, which continues with invalid iterators [ward-aliased-exclusive]
  void maybe(int x) { if (x) items.push_back(x); } void run2() { for (auto x : items) maybe(x); } 
  void loopOther(Obs &o) { for (auto x : items) o.items.push_back(x); } };
struct Holder { ward::RefCell<int> cell{1}; void inc() { *cell.borrow_mut() += 1; } void bad() { auto b = cell.borrow(); inc(); }
// CHECK-MESSAGES: :[[@LINE-1]]:122: warning: 'cell' is borrowed exclusively while a shared borrow of it is alive; this fails at run time [ward-aliased-exclusive]
 void good() { { auto b = cell.borrow(); use(*b); } inc(); } };
void take2(const ward::Ref<int> &, const ward::RefMut<int> &);
void cells(ward::RefCell<int> c, ward::RefCell<int> d, ward::Rc<ward::RefCell<int>> rc) {
  { auto a = c.borrow(); auto b = c.borrow_mut(); }
// CHECK-MESSAGES: :[[@LINE-1]]:37: warning: 'c' is borrowed exclusively while a shared borrow of it is alive; this fails at run time [ward-aliased-exclusive]
  { auto a = c.borrow(); auto b = c.borrow(); }
  { auto a = c.borrow_mut(); auto b = c.borrow(); }
// CHECK-MESSAGES: :[[@LINE-1]]:41: warning: 'c' is borrowed while an exclusive borrow of it is alive; this fails at run time [ward-aliased-exclusive]
  { auto a = c.borrow(); auto b = d.borrow_mut(); }
  { { auto a = c.borrow(); } auto b = c.borrow_mut(); }
  { auto a = c.borrow(); ward::drop(std::move(a)); auto b = c.borrow_mut(); }
  { auto a = c.borrow(); auto b = c.try_borrow_mut(); }
  take2(c.borrow(), c.borrow_mut());
// CHECK-MESSAGES: :[[@LINE-1]]:23: warning: 'c' is borrowed exclusively while a shared borrow of it is alive; this fails at run time [ward-aliased-exclusive]
  *c.borrow_mut() = *c.borrow() + 1;
// CHECK-MESSAGES: :[[@LINE-1]]:6: warning: 'c' is borrowed exclusively while a shared borrow of it is alive; this fails at run time [ward-aliased-exclusive]
  { int t = *c.borrow(); *c.borrow_mut() = t; }
  { auto a = rc->borrow(); c.replace(3); rc->replace(3); }
// CHECK-MESSAGES: :[[@LINE-1]]:46: warning: 'rc' is borrowed exclusively while a shared borrow of it is alive; this fails at run time [ward-aliased-exclusive]
  { const auto &a = c.borrow(); c.borrow_mut(); }
// CHECK-MESSAGES: :[[@LINE-1]]:35: warning: 'c' is borrowed exclusively while a shared borrow of it is alive; this fails at run time [ward-aliased-exclusive]
  if (auto a = c.try_borrow()) { c.borrow_mut(); }
// CHECK-MESSAGES: :[[@LINE-1]]:36: warning: 'c' is borrowed exclusively while a shared borrow of it is alive; this fails at run time [ward-aliased-exclusive]
}

// The function modifies other parts of the object than those that it reads.
struct File {
  std::string name;
  int fd = 0;
  void close() { fd = -1; }
  void open(const std::string &n) { close(); name = n; }
  void reopen() { open(name); }
  void (*filter)(File &) = nullptr;
  void get(const std::string &n) { filter(*this); use(n); }
  void again() { get(name); }
};
struct Headers { int lines = 0; };
void print(const Headers &);
struct Message : Headers {
  int encoding = 0;
  void part(const Headers &h) { encoding = 1; print(h); }
  void read() { part(*this); }
};
struct Renamed {
  std::string name;
  void clear() { name.clear(); }
  void rename(const std::string &n) { clear(); use(n); }
  void again() { rename(name); }
  // CHECK-MESSAGES: :[[@LINE-1]]:18: warning: aliased arguments: '*this' is passed to 'rename' twice, to be read and to be modified; 'rename' reads it after modifying it [ward-aliased-exclusive]
};
struct Reopened {
  std::string name;
  void open(const std::string &n) { name = n; use(n); }
  void reopen() { open(name); } // a self-assignment changes nothing
};
