// RUN: %check_ward %s ward-aliased-exclusive %t
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// All messages and notes of each kind of finding, with a container from a user's catalog.
#include <string>
#include <vector>

void merge(const std::string &from, std::string &to);
void declared(std::string s) {
  merge(s, s);
  // CHECK-NOTES: :[[@LINE-1]]:3: warning: aliased arguments: 's' is passed to 'merge' twice, to be read and to be modified; 'merge' may read it after modifying it [ward-aliased-exclusive]
  // CHECK-NOTES: :[[@LINE-4]]:6: note: 'merge' is declared to modify one of them and to read the other; pass a copy to be read
}

void replace(const std::string &from, std::string &to) {
  to.clear();
  to += from;
}
void shown(std::string s) {
  replace(s, s);
  // CHECK-NOTES: :[[@LINE-1]]:3: warning: aliased arguments: 's' is passed to 'replace' twice, to be read and to be modified; 'replace' reads it after modifying it [ward-aliased-exclusive]
  // CHECK-NOTES: :[[@LINE-6]]:3: note: modified here
  // CHECK-NOTES: :[[@LINE-6]]:9: note: read here afterwards
}

struct List {
  std::vector<int> items;
  void add(int x) { items.push_back(x); }
  void grow() {
    for (int x : items)
      add(x);
    // CHECK-NOTES: :[[@LINE-1]]:7: warning: iterator invalidation: 'push_back' modifies 'items' inside a loop over it, which continues with invalid iterators [ward-aliased-exclusive]
    // CHECK-NOTES: :[[@LINE-5]]:27: note: 'push_back' is called here
    // CHECK-NOTES: :[[@LINE-4]]:5: note: the loop is here; modify 'items' after it
  }
  int last() {
    int &front = items[0];
    items.push_back(1);
    // CHECK-NOTES: :[[@LINE-1]]:11: warning: use-after-invalidation: 'push_back' on 'items' invalidates 'front', which is used afterwards [ward-aliased-exclusive]
    // CHECK-NOTES: :[[@LINE-3]]:10: note: 'front' is declared here
    // CHECK-NOTES: :[[@LINE+1]]:12: note: used here after it was invalidated
    return front;
  }
};
