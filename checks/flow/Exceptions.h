// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Which exceptions can leave a function.
#ifndef WARD_FLOW_EXCEPTIONS_H
#define WARD_FLOW_EXCEPTIONS_H

#include "model/UnitModel.h"

#include <string>
#include <unordered_map>
#include <vector>

namespace ward {

/// One exception on its way out of a function.
struct ThrowPath {
  /// Where it comes from: a throw, or a call into a function that can't be seen.
  const clang::Expr *Origin;
  /// What is thrown; null if that can't be told.
  clang::QualType Type;
  /// The calls that lead there, the outermost first.
  llvm::SmallVector<const clang::Expr *, 4> Calls;
  bool Opaque = false;
};

/// The exceptions of one unit, each function looked at once. Not thread-safe.
class Exceptions {
public:
  /// Types called \p Ignored are as if never thrown. Functions without a body may throw if \p Strict.
  Exceptions(UnitModel &Unit, std::vector<std::string> Ignored, bool Strict)
      : Unit(Unit), Ignored(std::move(Ignored)), Strict(Strict) {}

  /// What can leave \p Function, one for each type; nothing for one that is noexcept.
  const std::vector<ThrowPath> &leaving(const FunctionModel &Function);
  /// What \p E itself, without its parts, can throw at whoever evaluates it.
  std::vector<ThrowPath> thrownBy(const clang::Expr *E);

private:
  using Paths = std::vector<ThrowPath>;
  void collect(const clang::Stmt *S, clang::QualType Handled, Paths &Into);
  void collectTry(const clang::CXXTryStmt *Try, clang::QualType Handled, Paths &Into);
  void collectCall(const clang::Expr *Call, const clang::FunctionDecl *Callee, llvm::ArrayRef<const clang::Expr *> Arguments,
                   Paths &Into);
  void follow(const FunctionModel &Callee, const clang::Expr *Call, Paths &Into);
  bool isIgnored(clang::QualType Type) const;

  UnitModel &Unit;
  std::vector<std::string> Ignored;
  bool Strict;
  // Node-based: references into it are given away.
  std::unordered_map<const FunctionModel *, Paths> Known;
};

/// \p Function promises to throw nothing.
bool isNoexcept(const clang::FunctionDecl *Function);

} // namespace ward

#endif // WARD_FLOW_EXCEPTIONS_H
