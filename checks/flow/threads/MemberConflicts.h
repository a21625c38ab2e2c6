// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Members of an object that its own thread uses while other functions use them, with no common lock.
#ifndef WARD_FLOW_THREADS_MEMBERCONFLICTS_H
#define WARD_FLOW_THREADS_MEMBERCONFLICTS_H

#include "flow/threads/ObjectAccesses.h"

namespace ward {

/// A data race on a member of an object that has a thread.
struct MemberConflict {
  /// The thread, and its access; the access of another function of the object, or of another of its threads.
  const Spawn *Started;
  ObjectAccess Mine, Other;
  const clang::FieldDecl *Field;
  /// The thread that makes the access Other; null if a function that others call does.
  const Spawn *OtherThread = nullptr;
  /// Where the use lies outside of the thread's code; or where the later of the two threads is given the object.
  clang::SourceLocation Location;
  /// Where the thread Started is given the object.
  clang::SourceLocation Given;
  /// What is accessed is a pointer that shares ownership, and the pointer itself is written.
  bool OfPointer = false;
  /// One of the two destroys the object.
  bool isOfFreed() const { return Mine.Frees || Other.Frees; }
};

} // namespace ward

#endif // WARD_FLOW_THREADS_MEMBERCONFLICTS_H
