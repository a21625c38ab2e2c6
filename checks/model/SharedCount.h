// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Classes with a non-atomic reference count, recognised by their copy constructor.
#ifndef WARD_MODEL_SHAREDCOUNT_H
#define WARD_MODEL_SHAREDCOUNT_H

#include "model/LockTypes.h"

namespace ward {

/// \p Type is a pointer that shares ownership of what it points to.
bool sharesOwnership(clang::QualType Type, CatalogIndex &Names);

/// `shared_from_this()`: a member function of a library's base class that gives a pointer to the object of the derived class.
bool pointsToItsObject(const clang::CXXMethodDecl *Method);

/// Copying a \p Record increments a plain integer behind one of its pointers without a lock: concurrent copies are a data race.
bool hasNonAtomicRefCount(const clang::CXXRecordDecl *Record, LockTypes &Types);

} // namespace ward

#endif // WARD_MODEL_SHAREDCOUNT_H
