// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-double-checked-lock %t -std=c++17,c++20
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>
void work(); int *create(); 
namespace d3 {
class Ids {
public:
  int get(const std::string &s) {
    if (auto it = ids_.find(s); it != ids_.end()) return it->second;
    // CHECK-MESSAGES: :[[@LINE-1]]:19: warning: check-then-act race: 'ids_' is checked before the lock is acquired, and not again while it is held; two threads can both pass the check [ward-double-checked-lock]
    std::lock_guard<std::mutex> l(m_);
    return ids_[s] = int(ids_.size());
  }
  int getChecked(const std::string &s) {
    if (auto it = ids_.find(s); it != ids_.end()) return it->second;
    std::lock_guard<std::mutex> l(m_);
    auto [it, fresh] = ids_.try_emplace(s, 0);
    if (fresh) it->second = int(ids_.size());
    return it->second;
  }
private:
  std::mutex m_; std::unordered_map<std::string, int> ids_;
};
class Conn {
public:
  void send() {
    if (!isConnected()) connect();
    // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: check-then-act race: 'sock_' is checked before the lock is acquired, and not again while it is held; two threads can both pass the check [ward-double-checked-lock]
    work();
  }
  void sendChecked() { if (!isConnected()) connectChecked(); }
  void ensure() { if (sock_ < 0) reopen(); }
  // CHECK-MESSAGES: :[[@LINE-1]]:23: warning: check-then-act race: 'sock_' is checked before the lock is acquired, and not again while it is held; two threads can both pass the check [ward-double-checked-lock]
  void drop() { std::lock_guard<std::mutex> l(m_); sock_ = -1; }
private:
  bool isConnected() const { return sock_ >= 0; }
  void connect() { std::unique_lock<std::mutex> l(m_); doConnect(); }
  void connectChecked() { std::unique_lock<std::mutex> l(m_); if (sock_ >= 0) return; doConnect(); }
  void reopen() { m_.lock(); sock_ = open(); m_.unlock(); }
  void doConnect() { sock_ = open(); }
  static int open();
  std::mutex m_; int sock_ = -1;
};
int *shared; std::mutex gm;
int *instance() { int *p = shared; if (p != nullptr) return p; std::lock_guard<std::mutex> l(gm); p = create(); shared = p; return p; }
// CHECK-MESSAGES: :[[@LINE-1]]:28: warning: check-then-act race: 'shared' is checked before the lock is acquired, and not again while it is held; two threads can both pass the check [ward-double-checked-lock]
struct Tree { std::mutex m; std::map<int, int> nodes; int depth = 0; };
bool add(Tree &t, int k) {
  if (t.nodes.size() >= 100) return false;
  // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: check-then-act race: 't.nodes' is checked before the lock is acquired, and not again while it is held; two threads can both pass the check [ward-double-checked-lock]
  std::lock_guard<std::mutex> l(t.m);
  t.nodes[k] = k;
  return true;
}
class Private {
  std::unique_ptr<Tree> t_ = std::make_unique<Tree>();
public:
  void put(int k) { if (t_->depth > 3) return; std::lock_guard<std::mutex> l(t_->m); ++t_->depth; }
  // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: check-then-act race: 't_->depth' is checked before the lock is acquired, and not again while it is held; two threads can both pass the check [ward-double-checked-lock]
};
void own() { Tree t; if (t.depth > 3) return; std::lock_guard<std::mutex> l(t.m); ++t.depth; }
void parameter(std::vector<int> v, Tree &t) { if (v.empty()) return; std::lock_guard<std::mutex> l(t.m); t.depth += v.back(); v.pop_back(); }
void out(std::vector<int> &v, Tree &t) { if (!v.empty()) return; std::lock_guard<std::mutex> l(t.m); for (auto &p : t.nodes) v.push_back(p.second); }
void pointerOut(int **p, Tree &t) { if (*p) return; std::lock_guard<std::mutex> l(t.m); *p = &t.depth; }
}
