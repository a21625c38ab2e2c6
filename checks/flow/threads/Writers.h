// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Who changes a field or variable: all changes in the unit, and whether one thread alone makes them.
#ifndef WARD_FLOW_THREADS_WRITERS_H
#define WARD_FLOW_THREADS_WRITERS_H

#include "flow/UnitFlow.h"
#include "flow/threads/ThreadRoles.h"

namespace ward {

/// One change of a field or variable, or of a part of it.
struct Change {
  const FunctionModel *In;
  const clang::Expr *Where;
  /// If it is an operation on an atomic.
  const AtomicOperation *Operation = nullptr;
  /// It initialises the object: in a constructor, before other threads can access it.
  bool Initialises = false;
  /// Other code gets a reference, and may change it then or later.
  bool IsLent = false;
};

/// The variable or field that an operation's object is declared as.
const clang::ValueDecl *declared(const AtomicOperation &Operation);

/// The changes of one unit.
class Writers {
public:
  explicit Writers(UnitFlow &Flow);

  /// All changes of \p Subject in the unit, those of parts of it and through references to it included.
  llvm::ArrayRef<Change> changesOf(const clang::ValueDecl *Subject) const;
  /// Apart from its initialisation, only the thread that runs \p In changes \p Subject. False if that is not known.
  bool isOnlyWriter(const FunctionModel &In, const clang::ValueDecl *Subject) const;
  /// For one object, a single thread runs \p In: two threads can't be in it at once.
  bool runsOnOneThread(const FunctionModel &In, const clang::ValueDecl *Subject) const;

private:
  const Spawn *threadOf(const FunctionModel &In, const clang::ValueDecl *Subject) const;
  bool mayBeChangedElsewhere(const clang::ValueDecl *Subject) const;

  UnitFlow &Flow;
  ThreadRoles &Roles;
  llvm::DenseMap<const clang::ValueDecl *, std::vector<Change>> Changes;
};

} // namespace ward

#endif // WARD_FLOW_THREADS_WRITERS_H
