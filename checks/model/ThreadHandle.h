// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Where the handle of a thread is stored when the thread is started, and what its destruction does.
#ifndef WARD_MODEL_THREADHANDLE_H
#define WARD_MODEL_THREADHANDLE_H

#include "model/Spawns.h"

#include <optional>

namespace ward {

/// Where the handle of a thread is stored.
struct HandlePlace {
  enum Kind {
    Local,     ///< in a local variable, or an element of one
    Member,    ///< in a member of `this`
    Elsewhere, ///< in a static, or an object behind a pointer or reference
    Returned,  ///< returned to the caller
    PassedOn,  ///< passed to a call
    Joined,    ///< nowhere: joined in the same expression
    Detached,  ///< nowhere: detached in the same expression, or there is no handle
    Dropped,   ///< nowhere: destroyed at the end of the statement
  };
  Kind Kind = Dropped;
  const clang::VarDecl *Variable = nullptr;
  const clang::FieldDecl *Field = nullptr;
  /// The call that it is passed to.
  const clang::CallExpr *Call = nullptr;
  /// The type of the handle, or of the container or smart pointer that holds it.
  clang::QualType Type;
  clang::SourceLocation Where;
  /// It is an object of its own on the heap: what is stored there is a pointer to it.
  bool IsNew = false;
};

/// Where the handle of \p Started is stored.
HandlePlace placeOf(const Spawn &Started, CatalogIndex &Names);

/// What the destruction of an object of \p Type does to the thread whose handle it is or contains, also in containers, smart pointers
/// and the user's classes. None for a type that contains no handle.
std::optional<HandleDestruction> destructionOf(clang::QualType Type, UnitModel &Unit);

/// Whether the destructor of \p Class, or a member function that it calls, joins a thread of the object: that of \p Field, or any if
/// that is null.
bool destructorJoins(const clang::CXXRecordDecl *Class, const clang::FieldDecl *Field, UnitModel &Unit);

/// \p Function, or a member function that it calls, joins the thread of the object that has \p Field, or any if that is null.
bool joinsThread(const FunctionModel &Function, const clang::FieldDecl *Field, UnitModel &Unit);

/// \p Function passes on or returns its local \p Variable, or joins or detaches the thread of it.
bool isJoinedOrTransferred(const clang::VarDecl *Variable, const FunctionModel &Function, CatalogIndex &Names);

/// The object whose content \p E destroys: `p.reset()`, `p = nullptr`, `all.clear()`, `t = {}`,
/// `delete p`; null if there is none. What its
/// handles do then, destructionOf() tells.
const clang::Expr *droppedBy(const clang::Expr *E, CatalogIndex &Names);
/// The owner of a handle that \p Call leaves without one, so that nothing destroys it: `p.release()`; null if there is none.
const clang::Expr *leakedBy(const clang::CallExpr *Call, CatalogIndex &Names);

/// The object whose thread \p Call joins; null if it joins none.
const clang::Expr *joinedBy(const clang::CallExpr *Call, CatalogIndex &Names);
/// The object whose thread \p Call detaches; null if it detaches none.
const clang::Expr *detachedBy(const clang::CallExpr *Call, CatalogIndex &Names);

} // namespace ward

#endif // WARD_MODEL_THREADHANDLE_H
