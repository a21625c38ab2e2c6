// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A library in one header, with state of its own that its user sets up before any thread.
#pragma once
namespace recorder {
struct State {
  int failures = 0;
};
State *current = nullptr;

/// Nobody calls it here.
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
