#include "no_such_header.h"
#include <mutex>
std::mutex m;
struct Broken : NoSuchBase { std::lock_guard<Unknown> guard{m}; };
void f(Broken b) {
  if (std::lock_guard<std::mutex> g(m; b.x) {
  for (auto &x : b.lock(
