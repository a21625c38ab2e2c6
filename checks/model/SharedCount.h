// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Classes that count references without atomics, recognised by what their copy constructor does.
#ifndef WARD_MODEL_SHAREDCOUNT_H
#define WARD_MODEL_SHAREDCOUNT_H

#include "model/LockTypes.h"

namespace ward {

/// Copying a \p Record bumps a plain integer that lies behind one of its pointers, without a lock: two copies on two
/// threads race for it.
bool countsReferencesPlainly(const clang::CXXRecordDecl *Record, LockTypes &Types);

} // namespace ward

#endif // WARD_MODEL_SHAREDCOUNT_H
