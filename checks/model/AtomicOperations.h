// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The operations on atomic objects in a unit: on the atomic types of libraries, by the catalog, on those of the language, and
/// through the user's accessors.
#ifndef WARD_MODEL_ATOMICOPERATIONS_H
#define WARD_MODEL_ATOMICOPERATIONS_H

#include "model/UnitModel.h"

#include <optional>
#include <unordered_map>
#include <vector>

namespace ward {

/// One operation on one atomic object.
struct AtomicOperation {
  const clang::Expr *Where;
  AtomicAction Action;
  /// The expression that names the object, and its place.
  const clang::Expr *Object;
  AccessPath Path;
  /// The value of a store; null for other actions, and if there is no expression for it (`flag.clear()`).
  const clang::Expr *Value = nullptr;
  /// It is relaxed: atomic, but without ordering.
  bool Relaxed = false;
  /// The argument that makes it relaxed; null if there is none.
  const clang::Expr *Order = nullptr;
  /// The user's function that performs it; null if Where is the operation itself.
  const clang::FunctionDecl *Through = nullptr;
  /// The operation with the same arguments that does not fail spuriously; empty if there is none.
  llvm::StringRef Strong = {};

  bool isUpdate() const { return Action != AtomicAction::Load && Action != AtomicAction::Store; }
};

/// The operations in the functions of a unit, each computed on first use. Not thread-safe.
class AtomicOperations {
public:
  explicit AtomicOperations(UnitModel &Unit) : Unit(Unit) {}

  /// All operations in \p Function, without those in nested lambdas.
  const std::vector<AtomicOperation> &in(const FunctionModel &Function);

  /// \p A and \p B operate on the same object. Two elements of one array are the same if their indices are the same text.
  bool sameObject(const AtomicOperation &A, const AtomicOperation &B) const;

private:
  std::optional<AtomicOperation> read(const clang::Expr *E, unsigned Depth);
  std::optional<AtomicOperation> readCall(const clang::CallExpr *Call, unsigned Depth);
  std::optional<AtomicOperation> readMember(const clang::CallExpr *Call, const AtomicEntry &Entry, const clang::Expr *Object);
  std::optional<AtomicOperation> readBuiltin(const clang::AtomicExpr *Builtin);
  std::optional<AtomicOperation> readAccessor(const clang::CallExpr *Call, unsigned Depth);
  std::optional<AtomicOperation> make(const clang::Expr *Where, AtomicAction Action, const clang::Expr *Object);
  const AtomicEntry *entryOf(clang::QualType Type);
  bool isRelaxed(const clang::Expr *Order);
  const clang::Expr *relaxedOrder(llvm::ArrayRef<const clang::Expr *> Arguments);

  UnitModel &Unit;
  std::unordered_map<const FunctionModel *, std::vector<AtomicOperation>> Found;
};

} // namespace ward

#endif // WARD_MODEL_ATOMICOPERATIONS_H
