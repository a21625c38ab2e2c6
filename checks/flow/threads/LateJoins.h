// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Threads that are joined when what they use of an object is already destroyed: the body of a destructor destroys it first, or a base
/// class joins when the derived part of the object is gone.
#ifndef WARD_FLOW_THREADS_LATEJOINS_H
#define WARD_FLOW_THREADS_LATEJOINS_H

#include "flow/threads/ObjectUses.h"

namespace ward {

/// A destructor that joins too late.
struct LateJoin {
  const Spawn *Started;
  const clang::CXXDestructorDecl *Destructor;
  /// What destroys the member; for a virtual function, the join, or null if the destruction of the handle joins.
  const clang::Expr *At;
  /// The member that is destroyed, or the virtual function.
  const clang::NamedDecl *What;
  /// The use by the thread.
  const clang::Expr *Use;
  /// The join that comes too late; null if the destruction of the handle joins.
  const clang::Expr *Join;
  /// Of a virtual function: the class that overrides it and is gone.
  const clang::CXXRecordDecl *Derived = nullptr;
};

std::vector<LateJoin> findLateJoins(UnitFlow &Flow);
/// The destructor of the object destroys \p Field, or what that points to, before it joins a thread that uses it.
bool isJoinedLate(const clang::FieldDecl *Field, UnitFlow &Flow);

} // namespace ward

#endif // WARD_FLOW_THREADS_LATEJOINS_H
