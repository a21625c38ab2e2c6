#include <mutex>
static std::mutex mutex;
static int calls;
int äöüß() { /* 日本 */ std::lock_guard<std::mutex>{mutex}; return ++calls; }
