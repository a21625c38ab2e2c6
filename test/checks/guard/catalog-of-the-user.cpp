// RUN: %check_ward %s ward-guard-in-condition,ward-discarded-guard %t -config='{CheckOptions: {ward.Catalog: %S/Inputs/mine.yaml}}'
// Locks that only a catalog of the user's own can know: there is nothing to see but their names.
void slow();

namespace mine {
class Spin {
public:
  void engage();
  void disengage();
  bool attempt();
};
class Section {
public:
  explicit Section(Spin &);
  ~Section();
  void end();
  bool holds() const;
};
class Later {
public:
  Later();
  explicit Later(Spin &);
  ~Later();
  void begin();
};
struct Ref {
  Ref(Ref &&);
  ~Ref();
  int *operator->() const;
  int &operator*() const;
};
class Box {
public:
  Ref open();
  Ref peek() const;
};
int opaque(Section &);
} // namespace mine

struct Machine {
  mine::Spin spin;
  mine::Box box;
  int value = 0;

  void PositiveCondition() {
    if (mine::Section section(spin); value > 2)
    // CHECK-MESSAGES: :[[@LINE-1]]:23: warning: 'section' stays locked over the body of this 'if', but only the condition needs it [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { mine::Section section(spin); return value > 2; }())
      slow();
    if (auto ref = box.open(); *ref > 2)
    // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: 'ref' stays locked over the body of this 'if', but only the condition needs it [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { auto ref = box.open(); return *ref > 2; }())
      slow();
  }
  void PositiveDiscarded() {
    mine::Section{spin};
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: this guard has no name: its lock is released at the end of this statement, and what follows runs without it [ward-discarded-guard]
    ++value;
    spin.attempt();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: the result of 'attempt' is thrown away: nothing knows whether the lock is held from here on [ward-discarded-guard]
    box.peek();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: the guard that 'peek' returns is thrown away: its lock is released at the end of this statement, and what follows runs without it [ward-discarded-guard]
    // CHECK-FIXES: auto guard = box.peek();
    mine::Later later;
    // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'later' is never given a mutex: it locks nothing [ward-discarded-guard]
    ++value;
  }
  void Negative() {
    if (mine::Section section(spin); value > 2)
      value = 0;
    if (mine::Section section(spin); value > 2) {
      section.end();
      slow();
    }
    if (mine::Section section(spin); section.holds())
      slow();
    if (*box.open() > 2)
      slow();
    mine::Later later;
    later.begin();
  }
};
