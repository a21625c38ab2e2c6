#include "metatype.h"
struct Tag {};
DECLARE_METATYPE(Tag)
std::atomic<int> own;
void positive() { own = own + 1; }
