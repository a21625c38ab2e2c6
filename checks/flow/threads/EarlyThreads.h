// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Threads that run while the object that they use is still being constructed.
///
/// An object is constructed base by base, then member by member in the order of declaration, then the body of the constructor runs. A
/// thread that one step starts, itself or through functions of the unit, must not use what a later step makes, unless it waits for a
/// signal before that.
#ifndef WARD_FLOW_THREADS_EARLYTHREADS_H
#define WARD_FLOW_THREADS_EARLYTHREADS_H

#include "flow/threads/ObjectUses.h"

namespace ward {

/// A thread that starts too early. UnitFlow::earlyThreads() gives each start once.
struct EarlyThread {
  enum Reason {
    BeforeMember,  ///< it uses a member that is initialised after its start
    BeforeDerived, ///< it uses a member of a derived class, which is constructed later
    BeforeVirtual, ///< it calls a virtual function that a derived class, which is constructed later, overrides
    BeforeWrite,   ///< it uses a member that the constructor modifies after its start
  };
  Reason Why;
  const Spawn *Started;
  /// The start, or the expression of the constructor or initialiser that leads to it.
  const clang::Expr *At;
  /// The class under construction.
  const clang::CXXRecordDecl *Class;
  /// The member that is made too late, or the virtual function.
  const clang::NamedDecl *What;
  /// The use by the thread.
  const clang::Expr *Use;
  /// Of BeforeWrite: the write.
  const clang::Expr *Write = nullptr;
  /// The member whose initialiser starts the thread; null for a base or the body.
  const clang::FieldDecl *Field = nullptr;
  /// The constructor; null where the default initialiser of Field starts the thread.
  const clang::CXXConstructorDecl *Constructor = nullptr;
};

/// A class of the unit that derives from \p Class overrides \p Method, or has to.
bool mayBeOverridden(const clang::CXXMethodDecl *Method, const clang::CXXRecordDecl *Class, UnitModel &Unit);

} // namespace ward

#endif // WARD_FLOW_THREADS_EARLYTHREADS_H
