// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Members that a thread modifies while other member functions use them.
#ifndef WARD_CAPTURE_SHAREDMEMBERS_H
#define WARD_CAPTURE_SHAREDMEMBERS_H

#include "flow/UnitFlow.h"

#include <vector>

namespace ward {

/// A pointer that shares ownership, and is a member of the object whose `this` a thread has, and that the thread modifies.
struct MemberConflict {
  const Spawn *Started;
  clang::SourceLocation Location;
  const clang::FieldDecl *Field;
  /// The thread's write, and the access in a member function that other threads may call.
  const clang::Expr *Write, *Other;
};

std::vector<MemberConflict> pointerMembersInConflict(UnitFlow &Flow);

} // namespace ward

#endif // WARD_CAPTURE_SHAREDMEMBERS_H
