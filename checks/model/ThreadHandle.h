// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// What becomes of the handle of a thread where the thread is started.
#ifndef WARD_MODEL_THREADHANDLE_H
#define WARD_MODEL_THREADHANDLE_H

#include "model/Spawns.h"

#include <optional>

namespace ward {

/// Where the handle of a thread goes.
struct HandlePlace {
  enum Kind {
    Local,     ///< into a local variable, or an element of one
    Member,    ///< into a member of the object whose member function or initialiser this is
    Elsewhere, ///< into a static, or something behind a pointer or reference
    Returned,  ///< to the caller
    GivenOn,   ///< into a call
    Joined,    ///< joined in the same expression
    Detached,  ///< detached there, or no handle at all
    Dropped,   ///< dies at the end of the statement
  };
  Kind Kind = Dropped;
  const clang::VarDecl *Variable = nullptr;
  const clang::FieldDecl *Field = nullptr;
  /// The call that it is given to.
  const clang::CallExpr *Call = nullptr;
  /// Its type, with containers and smart pointers around it.
  clang::QualType Type;
  clang::SourceLocation Where;
};

/// What becomes of the handle of \p Started.
HandlePlace placeOf(const Spawn &Started, CatalogIndex &Names);

/// What an object of \p Type does to the thread inside when it dies: the handle's word, through containers, smart pointers
/// and the user's own classes. None for a type that holds no thread.
std::optional<HandleDeath> deathOf(clang::QualType Type, UnitModel &Unit);

/// Whether the destructor of \p Class, or a member function that it calls, joins a thread of the object (\p Field's, if
/// that is given).
bool destructorJoins(const clang::CXXRecordDecl *Class, const clang::FieldDecl *Field, UnitModel &Unit);

/// Something takes the object of \p Variable, a local of \p Function, away, or ends its thread, before it dies.
bool isGivenAway(const clang::VarDecl *Variable, const FunctionModel &Function, CatalogIndex &Names);

/// The object whose thread \p Call joins; null if it joins none.
const clang::Expr *joinedBy(const clang::CallExpr *Call, CatalogIndex &Names);
/// The object whose thread \p Call detaches; null if it detaches none.
const clang::Expr *detachedBy(const clang::CallExpr *Call, CatalogIndex &Names);

} // namespace ward

#endif // WARD_MODEL_THREADHANDLE_H
