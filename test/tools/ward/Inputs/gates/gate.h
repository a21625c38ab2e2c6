// Nothing here has the usual name or shape of a lock.
#pragma once

class CriticalGate {
public:
  CriticalGate();
  ~CriticalGate();
  bool obtain(int milliseconds);
  int giveUp();

private:
  void *handle_;
};
class GateGuard {
public:
  GateGuard(CriticalGate &gate, int milliseconds);
  ~GateGuard();

private:
  CriticalGate &gate_;
};
class Clock { // no lock
public:
  void take();
  void release();
};
