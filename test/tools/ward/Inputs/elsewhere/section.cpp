// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "section.h"

void setUp(Section *section) { pthread_mutex_init(&section->raw, nullptr); }
void enter(Section *section) { pthread_mutex_lock(&section->raw); }
void leave(Section *section) { pthread_mutex_unlock(&section->raw); }
Inside::Inside(Section *of) : section(of) { enter(section); }
Inside::~Inside() { leave(section); }

Shared::Shared() { pthread_rwlock_init(&raw_, nullptr); }
Shared::~Shared() { pthread_rwlock_destroy(&raw_); }
Shared::Read::Read(Shared &shared) : shared_(&shared) { pthread_rwlock_rdlock(&shared_->raw_); }
Shared::Read::~Read() { pthread_rwlock_unlock(&shared_->raw_); }
Shared::Write::Write(Shared &shared) : shared_(&shared) { pthread_rwlock_wrlock(&shared_->raw_); }
Shared::Write::~Write() { pthread_rwlock_unlock(&shared_->raw_); }
