// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Objects that may hold a lock, of which a unit sees only the declaration, and the statements during which they exist.
#ifndef WARD_FLOW_LOCKS_HOLDERSCOPES_H
#define WARD_FLOW_LOCKS_HOLDERSCOPES_H

#include "model/UnitModel.h"
#include "llvm/ADT/DenseMap.h"

#include <optional>
#include <vector>

namespace ward {

/// A local variable, or a discarded temporary, whose constructor is passed a lock, or what may be one, and is defined
/// elsewhere, as its destructor is.
struct HolderObject {
  const clang::CXXConstructExpr *Construct;
  /// The number of the argument that is, or may be, the lock; and the place that it names.
  unsigned Argument;
  AccessPath Lock;
  /// Where it is reported.
  clang::SourceLocation Where;
  bool IsDiscarded = false;
  /// The unit takes it for a guard by its shape.
  bool IsAssumed = false;
  /// The objects around it, as indices.
  std::vector<unsigned> Under;
};

/// Those of one function, in the order of the source.
class HolderScopes {
public:
  HolderScopes(const FunctionModel &Function, UnitModel &Unit);

  const std::vector<HolderObject> &objects() const { return Objects; }
  /// The objects that exist while \p S is evaluated, as indices.
  llvm::ArrayRef<unsigned> at(const clang::Stmt *S) const;

private:
  void walk(const clang::Stmt *S, std::vector<unsigned> &Live);
  void add(const clang::Expr *Init, clang::QualType Type, clang::SourceLocation Where, bool IsDiscarded,
           const std::vector<unsigned> &Live);

  UnitModel &Unit;
  std::vector<HolderObject> Objects;
  llvm::DenseMap<const clang::Stmt *, std::vector<unsigned>> During;
};

/// The number of the only parameter of \p Constructor that is a lock, by reference or pointer; none if there are several.
std::optional<unsigned> lockParameter(const clang::CXXConstructorDecl *Constructor, LockTypes &Types);

} // namespace ward

#endif // WARD_FLOW_LOCKS_HOLDERSCOPES_H
