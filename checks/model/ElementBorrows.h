// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Iterators, references, pointers and views to the elements of containers, and what invalidates them.
#ifndef WARD_MODEL_ELEMENTBORROWS_H
#define WARD_MODEL_ELEMENTBORROWS_H

#include "model/AccessPath.h"
#include "llvm/ADT/STLFunctionalExtras.h"

#include <optional>
#include <string>

namespace ward {

/// A reference, in the general sense, to an element of a container or to a position between elements.
struct ElementBorrow {
  AccessPath Container;
  const ContainerEntry *Entry;
  /// An iterator; false for a reference, a pointer or a view.
  bool IsIterator;
  /// The container's member that returned it ("back"), and the key that was passed to that; null if there is none.
  std::string Member;
  const clang::Expr *Key = nullptr;
};

/// The borrow that a variable holds, if known.
using KnownBorrows = llvm::function_ref<std::optional<ElementBorrow>(const clang::VarDecl *)>;

/// The borrow that a variable initialised with \p Init holds; \p ByReference, a reference bound to \p Init.
std::optional<ElementBorrow> elementBorrow(const clang::Expr *Init, bool ByReference, CatalogIndex &Names, KnownBorrows Known);

/// What a member function does to the elements of its container, and to iterators and references to them.
enum class ContainerChange {
  Moves,     ///< may relocate all elements
  Rehashes,  ///< invalidates iterators, and leaves the elements in place
  Ends,      ///< destroys all elements
  Removes,   ///< destroys the elements that its arguments name
  Shares,    ///< makes another owner: the result of an Exclusive member must not be used afterwards
  RemovesAt, ///< destroys the element that the RemovalEntry's Borrow returns
};

/// A call that changes a container.
struct ChangeCall {
  AccessPath Container;
  const ContainerEntry *Entry;
  ContainerChange Change;
  std::string Member;
  /// For RemovesAt: the member whose result it invalidates.
  std::string Partner;
  /// Its arguments, in the function that contains the call.
  llvm::ArrayRef<const clang::Expr *> Arguments;
  /// It relocates nothing if the capacity suffices.
  bool Grows = false;
};

/// The change that \p Call makes to a container of the catalog; none if it changes none.
std::optional<ChangeCall> changeBy(const clang::CallExpr *Call, CatalogIndex &Names);

/// The container in which \p Call reserves capacity; none if it reserves none.
std::optional<AccessPath> reservedBy(const clang::CallExpr *Call, CatalogIndex &Names);

/// The two expressions have the same structure and no side effects; calls are assumed to have none.
bool sameText(const clang::Expr *A, const clang::Expr *B, const clang::ASTContext &Context);

/// The place that \p E names, if it is always the same one: not an element, unless a reference is bound to it.
std::optional<AccessPath> fixedPlace(const clang::Expr *E, CatalogIndex &Names);

} // namespace ward

#endif // WARD_MODEL_ELEMENTBORROWS_H
