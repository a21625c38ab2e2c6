// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// What a function gives to its threads, and they access at the same time as others, one of them writing.
#ifndef WARD_FLOW_THREADS_CONFLICTS_H
#define WARD_FLOW_THREADS_CONFLICTS_H

#include "flow/threads/ObjectAccesses.h"

#include <vector>

namespace ward {

/// Two accesses to one object without a common lock: Mine, by the thread that is reported, and Other; the same one if it conflicts
/// with itself on another thread.
struct Conflict {
  const Spawn *Started;
  /// Where the thread is given the object.
  clang::SourceLocation Location;
  ObjectAccess Mine, Other;
  bool IsItself = false;
  /// What is accessed is a pointer that shares ownership, and not what it points to.
  bool OfPointer = false;

  /// One of the two destroys the object.
  bool isOfFreed() const { return Mine.Frees || Other.Frees; }
  /// The variable that is the object, or leads to it; null for a member of this object.
  const clang::VarDecl *variable() const { return Mine.Place.root(); }
};

} // namespace ward

#endif // WARD_FLOW_THREADS_CONFLICTS_H
