#include "shapes.h"

void scale(Shape *shape, double by) { shape->area *= by; }
double measure(Shape *shape) { double a = shape->area; a *= 2; return a; }
void rename(Shape &shape) { shape.name.clear(); }
bool isNamed(Shape &shape) { return !shape.name.empty(); }

struct Marker : Visitor { void see(Shape &shape) override { shape.name = "seen"; } };
struct Looker : Visitor { void see(Shape &shape) override { (void)shape.area; } };
struct Silent : Quiet { void see(Shape &shape) override { (void)shape.area; } };

void Pen::draw() { width_ += 1; }
double Pen::width() { return width_; }
Pen &Pen::operator<<(int n) { (void)n; return *this; }
static std::mutex colours;
double Pen::colour() { std::lock_guard<std::mutex> guard(colours); width_ = 2; return width_; }
