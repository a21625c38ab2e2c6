// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Whether a mutable field is only touched under a lock of its own object.
#ifndef WARD_FLOW_MUTABLEFIELDS_H
#define WARD_FLOW_MUTABLEFIELDS_H

#include "model/SendSync.h"

namespace ward {

class UnitFlow;

/// Yes if every const member function that touches the mutable \p Field holds a lock of the object there; No if one does
/// not, or if anybody may touch it; Unknown if that can't be seen and the class has a lock that could be held.
ThreadAnswer judgeMutableField(const clang::FieldDecl *Field, UnitFlow &Flow);

/// Outsiders can't call \p Method, and every call of it that the unit shows is made with a lock of the object held.
bool isCalledUnderLock(const clang::CXXMethodDecl *Method, UnitFlow &Flow);

} // namespace ward

#endif // WARD_FLOW_MUTABLEFIELDS_H
