// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// What refers to the elements of a container, and what a container's members do to them.
#ifndef WARD_MODEL_ELEMENTBORROWS_H
#define WARD_MODEL_ELEMENTBORROWS_H

#include "model/AccessPath.h"
#include "llvm/ADT/STLFunctionalExtras.h"

#include <optional>
#include <string>

namespace ward {

/// Something that refers to an element of a container, or to a place between elements.
struct ElementBorrow {
  AccessPath Container;
  const ContainerEntry *Entry;
  /// An iterator; false for a reference, a pointer or a view.
  bool IsIterator;
  /// The container's member that gave it ("back"), and the key that this was asked for; null if there is none.
  std::string Member;
  const clang::Expr *Key = nullptr;
};

/// The borrow that a variable known so far holds.
using KnownBorrows = llvm::function_ref<std::optional<ElementBorrow>(const clang::VarDecl *)>;

/// The borrow that the value of \p Init is, or, if \p ByReference, that a reference bound to \p Init is.
std::optional<ElementBorrow> elementBorrow(const clang::Expr *Init, bool ByReference, CatalogIndex &Names, KnownBorrows Known);

/// What a member function does to what refers into its container.
enum class ContainerChange {
  Moves,     ///< all elements may move to another place
  Rehashes,  ///< the iterators end, the elements stay where they are
  Ends,      ///< all elements end
  Removes,   ///< the elements that it is told end
  RemovesAt, ///< the element that the Removal's borrow gives ends
};

/// A call that changes a container.
struct ChangeCall {
  AccessPath Container;
  const ContainerEntry *Entry;
  ContainerChange Change;
  std::string Member;
  /// The member whose result it ends, for RemovesAt.
  std::string Partner;
  /// Its arguments, as they stand in its own function.
  llvm::ArrayRef<const clang::Expr *> Arguments;
  /// It needs no new place if there is room.
  bool Grows = false;
};

/// The change that \p Call makes to a container of the catalog; none if it makes none.
std::optional<ChangeCall> changeBy(const clang::CallExpr *Call, CatalogIndex &Names);

/// The container that \p Call makes room in.
std::optional<AccessPath> reservedBy(const clang::CallExpr *Call, CatalogIndex &Names);

/// The two expressions are the same text with the same meaning, and change nothing, calls apart, of which that is taken.
bool sameText(const clang::Expr *A, const clang::Expr *B, const clang::ASTContext &Context);

/// The place that \p E names, if that is one place: through an element only where a reference names it.
std::optional<AccessPath> fixedPlace(const clang::Expr *E, CatalogIndex &Names);

} // namespace ward

#endif // WARD_MODEL_ELEMENTBORROWS_H
