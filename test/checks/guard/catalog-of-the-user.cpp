// RUN: %check_ward %s ward-guard-in-condition,ward-discarded-guard %t -config='{CheckOptions: {ward.Catalog: %S/Inputs/mine.yaml}}'
// Locks without bodies or attributes, which only the user's catalog describes.
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
    // CHECK-MESSAGES: :[[@LINE-1]]:23: warning: 'section' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { mine::Section section(spin); return value > 2; }())
      slow();
    if (auto ref = box.open(); *ref > 2)
    // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: 'ref' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { auto ref = box.open(); return *ref > 2; }())
      slow();
  }
  void PositiveDiscarded() {
    mine::Section{spin};
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: this guard has no name and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
    ++value;
    spin.attempt();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: the result of 'attempt' is discarded; the code that follows may run without the lock [ward-discarded-guard]
    box.peek();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: the guard returned by 'peek' is discarded and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
    // CHECK-FIXES: auto guard = box.peek();
    mine::Later later;
    // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'later' is never associated with a mutex; it locks nothing [ward-discarded-guard]
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
