// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Whether const member functions access a mutable field only while they hold a lock of their own object.
#ifndef WARD_FLOW_MUTABLEFIELDS_H
#define WARD_FLOW_MUTABLEFIELDS_H

#include "model/SendSync.h"

namespace ward {

class UnitFlow;

/// Yes if every const member function that accesses the mutable \p Field holds a lock of the object there; No if one
/// does not, or if the field is public in a class without a lock; Unknown if the class has a lock, but one of the
/// functions has no visible body. Held means on every path (LockSets); a write needs an exclusive lock.
ThreadAnswer judgeMutableField(const clang::FieldDecl *Field, UnitFlow &Flow);

/// \p Method is not public, and every call of it in the unit is made while a lock of the object is held.
bool isCalledUnderLock(const clang::CXXMethodDecl *Method, UnitFlow &Flow);

} // namespace ward

#endif // WARD_FLOW_MUTABLEFIELDS_H
