// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// What a unit does with its atomic objects: the libraries' types by the catalog, the language's own, and the user's
/// accessors around them.
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
  /// What is stored; null for other actions, and where it is not written down (`flag.clear()`).
  const clang::Expr *Value = nullptr;
  /// It is atomic and no more: it orders nothing around it.
  bool Relaxed = false;
  /// The argument that says so, if it is one.
  const clang::Expr *Order = nullptr;
  /// The user's function that does it; null if the operation itself stands here.
  const clang::FunctionDecl *Through = nullptr;
  /// The operation that the same arguments would do and that does not fail for no reason; empty if there is none.
  llvm::StringRef Strong = {};

  bool isUpdate() const { return Action != AtomicAction::Load && Action != AtomicAction::Store; }
};

/// The operations of one unit's functions, found when first asked for. Not thread-safe.
class AtomicOperations {
public:
  explicit AtomicOperations(UnitModel &Unit) : Unit(Unit) {}

  /// All that \p Function does by itself, nested lambdas apart.
  const std::vector<AtomicOperation> &in(const FunctionModel &Function);

  /// The objects of \p A and \p B are one object; two elements of one array are if their indices read the same.
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
