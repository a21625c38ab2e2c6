// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A lock with functions instead of member functions, and a reader-writer lock with two guards; the bodies are in section.cpp.
#pragma once
#include <pthread.h>

struct Section {
  pthread_mutex_t raw;
};
void setUp(Section *section);
void enter(Section *section);
void leave(Section *section);
struct Inside {
  explicit Inside(Section *section);
  ~Inside();
  Inside(const Inside &) = delete;
  Section *section;
};

class Shared {
public:
  Shared();
  ~Shared();
  Shared(const Shared &) = delete;
  class Read {
  public:
    explicit Read(Shared &shared);
    ~Read();
    Read(const Read &) = delete;

  private:
    Shared *shared_;
  };
  class Write {
  public:
    explicit Write(Shared &shared);
    ~Write();
    Write(const Write &) = delete;

  private:
    Shared *shared_;
  };

private:
  pthread_rwlock_t raw_;
};
