// RUN: %check_ward %s ward-aliased-exclusive %t
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Iterators, references and views into containers, followed through members: rebound, not used again, or used after invalidation.
#include <algorithm>
#include <cstring>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>
template <class... Ts> void use(const Ts &...); bool cond();
struct V3 { float x, y, z; V3 &operator+=(const V3 &o) { x += o.x; y += o.y; z += o.z; return *this; } V3 &operator*=(const V3 &o) { x = y * o.z; y = z * o.x; return *this; } void add(const V3 &o); V3 &operator=(const V3 &o) { x = o.x; y = o.y; z = o.z; return *this; } };
void cross(const V3 &a, const V3 &b, V3 &out);
void crossB(const V3 &a, const V3 &b, V3 &out) { out.x = a.y * b.z - a.z * b.y; out.y = a.z * b.x - a.x * b.z; out.z = a.x * b.y - a.y * b.x; }
void crossS(const V3 &a, const V3 &b, V3 &out) { V3 r; r.x = a.y * b.z - a.z * b.y; r.y = a.z * b.x - a.x * b.z; r.z = a.x * b.y - a.y * b.x; out = r; }
extern "C" void c_add(const V3 *a, V3 *out);
void addN(const float *a, float *b, int n); void addR(const float *__restrict a, float *__restrict b, int n);
struct Str { char *p; int n; Str &operator=(const Str &o) { delete[] p; p = new char[o.n]; memcpy(p, o.p, o.n); n = o.n; return *this; } };
void ops(V3 a, V3 b, float *f, Str s) {
  a += a; b *= b;
// CHECK-MESSAGES: :[[@LINE-1]]:13: warning: aliased arguments: 'b' is passed to 'operator*=' twice, to be read and to be modified; 'operator*=' reads it after modifying it [ward-aliased-exclusive]
  a.add(a); a = a;
  s = s;
// CHECK-MESSAGES: :[[@LINE-1]]:5: warning: aliased arguments: 's' is passed to 'operator=' twice, to be read and to be modified; 'operator=' reads it after modifying it [ward-aliased-exclusive]
  cross(a, b, a);
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: aliased arguments: 'a' is passed to 'cross' twice, to be read and to be modified; 'cross' may read it after modifying it [ward-aliased-exclusive]
  crossB(a, b, a);
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: aliased arguments: 'a' is passed to 'crossB' twice, to be read and to be modified; 'crossB' reads it after modifying it [ward-aliased-exclusive]
  crossS(a, b, a);
  c_add(&a, &a); addN(f, f, 3);
  addR(f, f, 3);
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: aliased arguments: 'f' is passed to 'addR' twice, to be read and to be modified; 'addR' may read it after modifying it [ward-aliased-exclusive]
  std::swap(a, a); std::exchange(a, a); memmove(f, f, 3);
}
template <class T> void tcopy(const T &in, T &out) { out.clear(); for (auto &x : in) out.push_back(x); }
void tm(std::vector<int> v, std::vector<int> w, std::list<std::string> l) { tcopy(v, v);
// CHECK-MESSAGES: :[[@LINE-1]]:77: warning: aliased arguments: 'v' is passed to 'tcopy<std::vector<int>>' twice, to be read and to be modified; 'tcopy<std::vector<int>>' reads it after modifying it [ward-aliased-exclusive]
  tcopy(v, w); tcopy(l, l);
// CHECK-MESSAGES: :[[@LINE-1]]:16: warning: aliased arguments: 'l' is passed to 'tcopy<std::list<std::basic_string<char>>>' twice, to be read and to be modified; 'tcopy<std::list<std::basic_string<char>>>' reads it after modifying it [ward-aliased-exclusive]
}
struct Graph { std::vector<int> nodes; std::map<int, std::vector<int>> adj; std::unordered_map<int, std::string> names; std::vector<std::function<void()>> cbs; int cur = 0;
  void addTo(const std::vector<int> &src) { for (int n : src) nodes.push_back(n); }
  void dup() { addTo(nodes); }
// CHECK-MESSAGES: :[[@LINE-1]]:16: warning: aliased arguments: '*this' is passed to 'addTo' twice, to be read and to be modified; 'addTo' reads it after modifying it [ward-aliased-exclusive]
  void run() { for (auto &c : cbs) c(); }
  void walk() { for (auto &[k, vs] : adj) for (int x : vs) if (x) adj[x].push_back(k); }
  void walk2() { for (auto &[k, vs] : adj) for (int x : vs) vs.push_back(x); }
// CHECK-MESSAGES: :[[@LINE-1]]:64: warning: iterator invalidation: 'push_back' modifies 'vs' inside a loop over it, which continues with invalid iterators [ward-aliased-exclusive]
  void erase() { for (auto it = names.begin(); it != names.end();) { if (it->second.empty()) it = names.erase(it); else ++it; } }
  void eraseBad() { for (auto &p : names) if (p.second.empty()) names.erase(p.first); }
// CHECK-MESSAGES: :[[@LINE-1]]:71: warning: iterator invalidation: 'erase' modifies 'names' inside a loop over it, which continues with invalid iterators [ward-aliased-exclusive]
  void eraseCopy() { auto copy = names; for (auto &p : copy) if (p.second.empty()) names.erase(p.first); }
  void eraseLater() { std::vector<int> dead; for (auto &p : names) if (p.second.empty()) dead.push_back(p.first); for (int d : dead) names.erase(d); }
  void findErase(int k) { auto it = names.find(k); if (it != names.end()) { names.erase(it); } }
  void findEraseUse(int k) { auto it = names.find(k); if (it != names.end()) { names.erase(it); use(it->second); } }
// CHECK-MESSAGES: :[[@LINE-1]]:86: warning: use-after-invalidation: 'erase' on 'names' invalidates 'it', which is used afterwards [ward-aliased-exclusive]
  std::string take(int k) { auto it = names.find(k); std::string s = std::move(it->second); names.erase(it); return s; }
  int &get(int i) { return nodes[i]; }
  void viaAccessor() { int &r = nodes.at(0); nodes.emplace_back(2); ++r; }
// CHECK-MESSAGES: :[[@LINE-1]]:52: warning: use-after-invalidation: 'emplace_back' on 'nodes' invalidates 'r', which is used afterwards [ward-aliased-exclusive]
  void index() { for (size_t i = 0; i < nodes.size(); ++i) if (nodes[i]) nodes.push_back(nodes[i]); }
  void eraseRemove() { nodes.erase(std::remove(nodes.begin(), nodes.end(), 1), nodes.end()); }
  void iterAfterRemove() { auto it = std::remove(nodes.begin(), nodes.end(), 1); nodes.erase(it, nodes.end()); }
  void lookup(int k) { auto [it, fresh] = names.try_emplace(k); if (fresh) it->second = "x"; }
  void ptr() { int *p = nodes.data(); nodes.resize(100); *p = 1; }
// CHECK-MESSAGES: :[[@LINE-1]]:45: warning: use-after-invalidation: 'resize' on 'nodes' invalidates 'p', which is used afterwards [ward-aliased-exclusive]
  void ptrRefetch() { int *p = nodes.data(); nodes.resize(100); p = nodes.data(); *p = 1; }
  void backLoop() { while (!nodes.empty()) { int x = nodes.back(); nodes.pop_back(); use(x); } }
  void refLoop() { while (!nodes.empty()) { int &x = nodes.back(); use(x); nodes.pop_back(); } }
  void condClear() { for (int x : nodes) { if (x == cur) { nodes.clear(); break; } } }
  void gotoOut() { for (int x : nodes) { if (x) { nodes.push_back(1); goto out; } } out:; }
  bool inner() { for (int x : nodes) { if (x) { nodes.push_back(x); return true; } } return false; }
  void throwOut() { for (int x : nodes) { if (x) { nodes.push_back(x); throw 1; } } }
  void contin() { for (int x : nodes) { if (x) { nodes.push_back(x); continue; } } }
// CHECK-MESSAGES: :[[@LINE-1]]:56: warning: iterator invalidation: 'push_back' modifies 'nodes' inside a loop over it, which continues with invalid iterators [ward-aliased-exclusive]
  void lambda() { for (int x : nodes) { auto f = [&] { nodes.push_back(x); }; f(); } }
// CHECK-MESSAGES: :[[@LINE-1]]:79: warning: iterator invalidation: 'push_back' modifies 'nodes' inside a loop over it, which continues with invalid iterators [ward-aliased-exclusive]
  void lambdaNot() { for (int x : nodes) { cbs.push_back([this, x] { nodes.push_back(x); }); } }
  void other(Graph &g) { for (int x : g.nodes) nodes.push_back(x); }
  void endCached() { auto end = nodes.end(); for (auto it = nodes.begin(); it != end; ++it) nodes.push_back(*it); }
// CHECK-MESSAGES: :[[@LINE-1]]:99: warning: use-after-invalidation: 'push_back' on 'nodes' invalidates 'it', which is used afterwards [ward-aliased-exclusive]
  void insertIt() { auto it = nodes.begin(); nodes.insert(it, 1); use(*it); }
// CHECK-MESSAGES: :[[@LINE-1]]:52: warning: use-after-invalidation: 'insert' on 'nodes' invalidates 'it', which is used afterwards [ward-aliased-exclusive]
  void insertAssign() { auto it = nodes.begin(); it = nodes.insert(it, 1); use(*it); }
  void swapIt() { auto it = nodes.begin(); std::vector<int> o; nodes.swap(o); use(*it); }
  void listErase(std::list<int> &l) { for (auto it = l.begin(); it != l.end(); ++it) if (*it) it = l.erase(it); }
  void listErase2(std::list<int> &l) { for (auto it = l.begin(); it != l.end();) { auto cur = it++; if (*cur) l.erase(cur); } }
  void listInsert(std::list<int> &l) { for (auto it = l.begin(); it != l.end(); ++it) l.insert(it, 3); }
  void setInsert(std::set<int> &s) { for (int x : s) s.insert(x + 1); }
  void usetInsert(std::unordered_set<int> &s) { for (int x : s) s.insert(x + 1); }
// CHECK-MESSAGES: :[[@LINE-1]]:67: warning: iterator invalidation: 'insert' modifies 's' inside a loop over it, which continues with invalid iterators [ward-aliased-exclusive]
  void strview(std::string &s) { std::string_view a = s; std::string b(a); s.append("x"); use(b); }
  void strview2(std::string &s) { std::string_view a(s); s.append("x"); use(a.size()); }
// CHECK-MESSAGES: :[[@LINE-1]]:60: warning: use-after-invalidation: 'append' on 's' invalidates 'a', which is used afterwards [ward-aliased-exclusive]
  void substr(std::string s) { std::string_view a = std::string_view(s).substr(1); s = "y"; use(a); }
// CHECK-MESSAGES: :[[@LINE-1]]:86: warning: use-after-invalidation: 'operator=' on 's' invalidates 'a', which is used afterwards [ward-aliased-exclusive]
  void nestedVec(std::vector<std::vector<int>> &g) { auto &row = g[0]; g[1].push_back(2); use(row); }
  void nestedVec2(std::vector<std::vector<int>> &g) { auto &row = g[0]; g.push_back({}); use(row); }
// CHECK-MESSAGES: :[[@LINE-1]]:75: warning: use-after-invalidation: 'push_back' on 'g' invalidates 'row', which is used afterwards [ward-aliased-exclusive]
  void rowIter(std::vector<std::vector<int>> &g) { for (auto &row : g) row.push_back(1); }
  void sameRow(std::vector<std::vector<int>> &g) { for (auto &row : g) for (int x : row) row.push_back(x); }
// CHECK-MESSAGES: :[[@LINE-1]]:94: warning: iterator invalidation: 'push_back' modifies 'row' inside a loop over it, which continues with invalid iterators [ward-aliased-exclusive]
  void ptrElems(std::vector<Graph *> &v) { Graph *g = v[0]; v.push_back(nullptr); use(g->cur); }
  void ptrElems2(std::vector<Graph *> &v) { for (Graph *g : v) { g->nodes.push_back(1); } }
  void member(std::vector<Graph> &v) { auto &g = v[0]; v.push_back({}); g.run(); }
// CHECK-MESSAGES: :[[@LINE-1]]:58: warning: use-after-invalidation: 'push_back' on 'v' invalidates 'g', which is used afterwards [ward-aliased-exclusive]
  void copyElem(std::vector<Graph> &v) { auto g = v[0]; v.push_back({}); g.run(); }
  void sizeUse() { auto it = nodes.begin(); auto n = it - nodes.begin(); nodes.push_back(1); use(n); }
  void constIter() const { for (int x : nodes) use(x); }
  void assignInLoop() { for (int x : nodes) { nodes = {x}; } }
// CHECK-MESSAGES: :[[@LINE-1]]:53: warning: iterator invalidation: 'operator=' modifies 'nodes' inside a loop over it, which continues with invalid iterators [ward-aliased-exclusive]
  void assignOther() { for (int x : nodes) { cur = x; } nodes = {}; }
  void revErase() { for (auto it = nodes.rbegin(); it != nodes.rend(); ++it) if (*it) nodes.erase(std::next(it).base()); }
  void dq(std::deque<int> &d) { int &f = d.front(); d.push_back(1); use(f); auto it = d.begin(); d.push_back(1); use(*it); }
// CHECK-MESSAGES: :[[@LINE-1]]:100: warning: use-after-invalidation: 'push_back' on 'd' invalidates 'it', which is used afterwards [ward-aliased-exclusive]
  void um(std::unordered_map<int, int> &m) { int &f = m[1]; m[2] = 3; use(f); }
  void umIt(std::unordered_map<int, int> &m) { auto f = m.find(1); m[2] = 3; use(f->second); }
// CHECK-MESSAGES: :[[@LINE-1]]:68: warning: use-after-invalidation: 'operator[]' on 'm' invalidates 'f', which is used afterwards [ward-aliased-exclusive]
  void opt(std::optional<int> &o) { int &x = *o; o.reset(); use(x); }
  void mtx() { static std::vector<int> g; for (int x : g) { if (x) g.push_back(1); } }
// CHECK-MESSAGES: :[[@LINE-1]]:70: warning: iterator invalidation: 'push_back' modifies 'g' inside a loop over it, which continues with invalid iterators [ward-aliased-exclusive]
};
// A closure, and a thread that runs one, holds the reference that it captured.
class Keeps {
  struct {
    std::vector<int> items;
  } queue;

  void positiveClosure() {
    auto &first = queue.items.front();
    auto show = [&first] { use(first); };
    queue.items.emplace_back(3);
    // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: use-after-invalidation: 'emplace_back' on 'queue.items' invalidates 'show', which is used afterwards [ward-aliased-exclusive]
    show();
  }
  void positiveIterator(std::vector<int> &v) {
    auto it = v.begin();
    std::function<void()> show = [it] { use(*it); };
    v.push_back(3);
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: use-after-invalidation: 'push_back' on 'v' invalidates 'show', which is used afterwards [ward-aliased-exclusive]
    show();
  }
  void positiveThread() {
    auto &first = queue.items.front();
    std::thread shows([&] { use(first); });
    queue.items.emplace_back(3);
    // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: use-after-invalidation: 'emplace_back' on 'queue.items' invalidates 'shows', which is used afterwards [ward-aliased-exclusive]
    shows.join();
  }
  void negativeCopied() {
    auto &first = queue.items.front();
    auto show = [first] { use(first); };
    queue.items.emplace_back(3);
    show();
  }
  void negativeOver() {
    auto &first = queue.items.front();
    auto show = [&first] { use(first); };
    std::thread shows([&] { use(first); });
    show();
    shows.join();
    queue.items.emplace_back(3);
    use(shows.joinable());
  }
};

// An assignment to a reference writes to its referent.
void positiveWrittenThrough(std::vector<int> &v) {
  int &first = v.front();
  v.push_back(1);
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: use-after-invalidation: 'push_back' on 'v' invalidates 'first', which is used afterwards [ward-aliased-exclusive]
  first = 2;
}
void negativePointerAnew(std::vector<int> &v) {
  int *first = &v.front();
  *first = 1;
  v.push_back(1);
  first = &v.front();
  *first = 2;
}
