// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Objects that may hold a lock, and calls that may acquire or release one, of which a unit sees only the declaration;
/// and the statements during which the objects exist, or which follow the calls.
#ifndef WARD_FLOW_LOCKS_HOLDERSCOPES_H
#define WARD_FLOW_LOCKS_HOLDERSCOPES_H

#include "model/UnitModel.h"
#include "llvm/ADT/DenseMap.h"

#include <optional>
#include <vector>

namespace ward {

/// A local variable, or a discarded temporary, whose constructor is passed a lock, or what may be one, and is defined
/// elsewhere, as its destructor is. Or a call of a function that is defined elsewhere and gets a lock.
struct HolderObject {
  const clang::Expr *Site;
  /// The constructor or function.
  const clang::FunctionDecl *By;
  /// The number of the argument that is, or may be, the lock, -1 for the object of a call; and the place that it names.
  int Argument;
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
  /// The objects that exist while \p S is evaluated, and the calls before it in the same block or one around it, as
  /// indices.
  llvm::ArrayRef<unsigned> at(const clang::Stmt *S) const;

private:
  void walk(const clang::Stmt *S, std::vector<unsigned> &Live);
  void addCalls(const clang::Stmt *S, std::vector<unsigned> &Live);
  void add(const clang::Expr *Init, clang::QualType Type, clang::SourceLocation Where, bool IsDiscarded,
           const std::vector<unsigned> &Live);

  UnitModel &Unit;
  std::vector<HolderObject> Objects;
  llvm::DenseMap<const clang::Stmt *, std::vector<unsigned>> During;
};

/// \p Type is, refers or points to a lock, or to a class that consists of one, whatever its functions do.
bool isLockLike(clang::QualType Type, LockTypes &Types);

/// The number of the only parameter of \p Function that is such a lock, by reference or pointer; none if there are
/// several.
std::optional<unsigned> lockParameter(const clang::FunctionDecl *Function, LockTypes &Types);

} // namespace ward

#endif // WARD_FLOW_LOCKS_HOLDERSCOPES_H
