// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tally.h"

void Tally::vote(const std::string &name) {
  std::lock_guard<std::mutex> guard(mutex);
  count(name);
}
void Tally::voteTwice(const std::string &name) {
  std::lock_guard<std::mutex> guard(mutex);
  count(name);
  count(name);
}
void Tally::voteQuickly(const std::string &name) { count(name); }

void Tally::enqueue(int n) {
  std::lock_guard<std::mutex> guard(mutex);
  waiting += n;
  note();
}
void Tally::walk() { note(); }
void Tally::run() { note(); }
void Tally::jump() { note(); }

static std::mutex linesMutex;
static int lines;
static void addLocked(int n) { lines += n; }
void add(int n) {
  std::lock_guard<std::mutex> guard(linesMutex);
  addLocked(n);
}
void addTwice(int n) {
  std::lock_guard<std::mutex> guard(linesMutex);
  addLocked(n);
  addLocked(n);
}
void addQuickly(int n) { addLocked(n); }
int allLines() {
  std::lock_guard<std::mutex> guard(linesMutex);
  return lines;
}
