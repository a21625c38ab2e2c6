#pragma once
#include <atomic>
// As Qt registers a type: in two steps, which is harmless.
#define DECLARE_METATYPE(TYPE)                                                                                                             \
  inline int metatypeOf(TYPE *) {                                                                                                         \
    static std::atomic<int> metatype_id;                                                                                                  \
    if (int id = metatype_id.load())                                                                                                      \
      return id;                                                                                                                          \
    metatype_id.store(42);                                                                                                                \
    return 42;                                                                                                                            \
  }
inline std::atomic<int> uses;
inline void use() { uses = uses + 1; }
