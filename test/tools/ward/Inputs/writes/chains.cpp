#include "shapes.h"

static void step(Shape *shape) { scale(shape, 2); }
void scaleTwice(Shape *shape) { step(shape); step(shape); }
double measureTwice(Shape &shape) { return measure(&shape) + measure(&shape); }
