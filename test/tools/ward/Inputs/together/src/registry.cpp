#include "bank.h"

void registerAll() { std::lock_guard<std::mutex> guard(registryMutex); }

void lockRegistryAndWrite() {
  std::lock_guard<std::mutex> guard(registryMutex);
  journal.append("registered");
}

void touchBoth(Outer &outer, Inner &inner) {
  std::lock_guard<std::mutex> guard(outer.outer);
  ++outer.value;
  touch(inner);
}

void takeRight() { std::lock_guard<std::mutex> guard(right); }

void leftThenRight() {
  std::lock_guard<std::mutex> all(gate);
  std::lock_guard<std::mutex> guard(left);
  takeRight();
}

void lend(Borrower &borrower) { std::lock_guard<std::mutex> guard(left); borrower.look(); }
