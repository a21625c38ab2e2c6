// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A library in one header, whose state is initialised before any thread starts.
#pragma once
namespace recorder {
struct State {
  int failures = 0;
};
State *current = nullptr;

/// Not called in this unit.
void setCurrent(State *state) { current = state; }

class Session {
public:
  Session() = default;
  ~Session() {
    if (current == &own)
      current = nullptr;
  }

private:
  State own;
};

} // namespace recorder
