#include "bank.h"

std::mutex gate, left, right;

void takeLeft() { std::lock_guard<std::mutex> guard(left); }

void rightThenLeft() {
  std::lock_guard<std::mutex> all(gate);
  std::lock_guard<std::mutex> guard(right);
  takeLeft();
}

void touchBothAgain(Outer &outer, Inner &inner) {
  std::lock_guard<std::mutex> guard(outer.outer);
  ++outer.value;
  touch(inner);
}

void Borrower::work() { std::lock_guard<std::mutex> guard(*borrowed); takeLeft(); }
void Borrower::look() { std::lock_guard<std::mutex> guard(*borrowed); }
