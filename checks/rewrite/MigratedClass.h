// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// A class of one unit whose mutex becomes a lock that owns its data: the names of the new members, and the edits of the class.
#ifndef WARD_REWRITE_MIGRATEDCLASS_H
#define WARD_REWRITE_MIGRATEDCLASS_H

#include "rewrite/RewritePlan.h"
#include "rewrite/UnitEdits.h"
#include "clang/AST/DeclCXX.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"

namespace ward {

/// How the library of a target writes what a migration needs.
struct TargetSyntax {
  llvm::StringRef Mutex, RwLock, Condvar; ///< templates, and the class; an empty one does not exist
  llvm::StringRef Lock, UniqueLock, Read, Write, Unlocked; ///< member calls
  llvm::StringRef InPlace;
  llvm::StringRef MutexHeader, RwLockHeader, CondvarHeader, AllHeader, LockAll;
  llvm::StringRef InWriteMode; ///< says to LockAll how to acquire a readers-writer lock
};
/// That of `ward`; null for another name.
const TargetSyntax *syntaxOf(llvm::StringRef Target);

struct MigratedClass {
  const PlannedMigration *Plan = nullptr;
  const TargetSyntax *Syntax = nullptr;
  std::string Group; ///< of its edits
  const clang::CXXRecordDecl *Class = nullptr;
  const clang::FieldDecl *Mutex = nullptr;
  llvm::SmallVector<const clang::FieldDecl *, 4> Fields; ///< in the order of the class
  llvm::SmallVector<const clang::FieldDecl *, 1> Condvars;
  bool IsShared = false; ///< a reader-writer lock
  std::string Struct;    ///< of the fields; empty if the lock owns the only one itself
  std::string Member;    ///< the lock
  std::string Guard;     ///< the preferred name of guards

  bool isSingle() const { return Struct.empty(); }
  bool owns(const clang::FieldDecl *Field) const { return llvm::is_contained(Fields, Field); }
  /// The type of a parameter that gets the data.
  std::string parameter(bool IsConst, const UnitEdits &Edits) const;
};

/// Completes \p Class, of which Plan, Syntax and Mutex are known. What cannot be migrated becomes an obstacle.
void describe(MigratedClass &Class, UnitEdits &Edits, clang::ASTContext &Context);

/// The edits of the class itself: its fields move, and the lock takes the place of the mutex.
void rewriteFields(const MigratedClass &Class, UnitEdits &Edits, clang::ASTContext &Context);
/// The edits of the initialisers of \p Constructor.
void rewriteInitialisers(const MigratedClass &Class, const clang::CXXConstructorDecl &Constructor, UnitEdits &Edits, clang::ASTContext &Context);
/// Removes the annotations of \p Decl that name the mutex.
void removeAnnotations(const MigratedClass &Class, const clang::Decl &Decl, UnitEdits &Edits, clang::ASTContext &Context);
/// The first mention in \p S of a member of \p Class that moves, or with \p Others, of another field; null if there is none.
const clang::MemberExpr *mentionIn(const clang::Stmt *S, const MigratedClass &Class, bool Others);

} // namespace ward

#endif // WARD_REWRITE_MIGRATEDCLASS_H
