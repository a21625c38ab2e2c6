#include "gate.h"

static CriticalGate gate;
static Clock clocks;
int entered;
void enter() {
  GateGuard guard(gate, 10);
  ++entered;
  clocks.take();
}
