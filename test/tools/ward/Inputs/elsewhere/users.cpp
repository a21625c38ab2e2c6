// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "section.h"

#include <map>
#include <string>
#include <thread>

class Port {
public:
  Port() { setUp(&section_); }
  void open() { enter(&section_); ++users_; leave(&section_); }
  void close() { Inside inside(&section_); --users_; }
  int users() { Inside inside(&section_); return users_; }
  int usersEarly() const { return users_; }
  void openAgain() { Inside inside(&section_); open(); }
  int usersLate() {
    enter(&section_);
    int n = users_;
    leave(&section_);
    return n + users_;
  }

private:
  Section section_;
  int users_ = 0;
};
class Names {
public:
  void set(const std::string &name, int value) { Shared::Write w(shared_); values_[name] = value; }
  int get(const std::string &name) { Shared::Read r(shared_); auto found = values_.find(name); return found == values_.end() ? 0 : found->second; }
  void raise(const std::string &name) { Shared::Read r(shared_); ++values_[name]; }

private:
  Shared shared_;
  std::map<std::string, int> values_;
};

static Port port;
static Names names;
static void work() {
  port.open();
  port.close();
  port.openAgain();
  names.set("a", port.users() + port.usersEarly() + port.usersLate());
  names.raise("a");
  names.get("a");
}
int main() {
  std::thread a(work), b(work);
  a.join();
  b.join();
}
