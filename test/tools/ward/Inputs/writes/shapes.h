#pragma once
#include <mutex>
#include <shared_mutex>
#include <string>
#include <vector>

struct Shape { double area = 0; std::string name; };

void scale(Shape *shape, double by);       // writes
double measure(Shape *shape);              // only reads
void rename(Shape &shape);                 // writes
bool isNamed(Shape &shape);                // only reads
void scaleTwice(Shape *shape);             // writes, by scale()
double measureTwice(Shape &shape);         // only reads, by measure()
void outside(Shape *shape);                // has no definition here
bool outsideToo(Shape &shape);             // has no definition here

struct Visitor {
  virtual ~Visitor() = default;
  virtual void see(Shape &shape) = 0; // one of them writes
};
struct Quiet {
  virtual ~Quiet() = default;
  virtual void see(Shape &shape) = 0; // none does
};

class Pen {
public:
  void draw();       // writes
  double width();    // only reads
  Pen &operator<<(int n); // only reads
  double colour();   // under a lock of its own
private:
  double width_ = 1;
};
