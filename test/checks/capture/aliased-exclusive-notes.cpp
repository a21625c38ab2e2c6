// RUN: %check_ward %s ward-aliased-exclusive %t
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// All that is said of each kind of finding, a home-made container of the user's catalog apart.
#include <string>
#include <vector>

void merge(const std::string &from, std::string &to);
void declared(std::string s) {
  merge(s, s);
  // CHECK-NOTES: :[[@LINE-1]]:3: warning: 's' is given to 'merge' twice, once to read and once to change [ward-aliased-exclusive]
  // CHECK-NOTES: :[[@LINE-4]]:6: note: 'merge' says that it changes one of them and only reads the other; give it a copy to read
}

void replace(const std::string &from, std::string &to) {
  to.clear();
  to += from;
}
void shown(std::string s) {
  replace(s, s);
  // CHECK-NOTES: :[[@LINE-1]]:3: warning: 's' is given to 'replace' twice, once to read and once to change: what it reads changes under it [ward-aliased-exclusive]
  // CHECK-NOTES: :[[@LINE-6]]:3: note: changed here
  // CHECK-NOTES: :[[@LINE-6]]:9: note: read here afterwards
}

struct List {
  std::vector<int> items;
  void add(int x) { items.push_back(x); }
  void grow() {
    for (int x : items)
      add(x);
    // CHECK-NOTES: :[[@LINE-1]]:7: warning: 'items' is changed (by 'push_back') while a loop runs over it [ward-aliased-exclusive]
    // CHECK-NOTES: :[[@LINE-5]]:27: note: the call comes here
    // CHECK-NOTES: :[[@LINE-4]]:5: note: the loop's iterators end with the change, and it goes on with them
  }
  int last() {
    int &front = items[0];
    items.push_back(1);
    // CHECK-NOTES: :[[@LINE-1]]:11: warning: 'items' is changed (by 'push_back') while 'front' refers into it and is used afterwards [ward-aliased-exclusive]
    // CHECK-NOTES: :[[@LINE-3]]:10: note: 'front' is declared here
    // CHECK-NOTES: :[[@LINE+1]]:12: note: and used here, when what it referred to is gone or has moved
    return front;
  }
};
