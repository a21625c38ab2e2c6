// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Which exceptions can leave a function, and where they are thrown: a may-analysis over the syntax and, recursively,
/// over the callees with a body in the unit.
///
/// A function without a body throws nothing, or, if Strict, something unknown. Handlers catch by static type. One that tells of
/// its exception and throws it again does so on purpose.
#ifndef WARD_FLOW_EXCEPTIONS_H
#define WARD_FLOW_EXCEPTIONS_H

#include "model/UnitModel.h"

#include <string>
#include <unordered_map>
#include <vector>

namespace ward {

/// An exception that can leave a function.
struct ThrowPath {
  /// The throw expression, or the call of a function that throws.
  const clang::Expr *Origin;
  /// The type that is thrown; null if unknown.
  clang::QualType Type;
  /// The calls that lead to Origin, the outermost first.
  llvm::SmallVector<const clang::Expr *, 4> Calls;
  /// Origin calls a function whose body is unknown.
  bool Opaque = false;
};

/// The exceptions of one unit; each function is analysed once. In a recursion, the inner call throws nothing. Not
/// thread-safe.
class Exceptions {
public:
  /// Exceptions of the types named \p Ignored are left out. Functions without a body may throw if \p Strict.
  Exceptions(UnitModel &Unit, std::vector<std::string> Ignored, bool Strict)
      : Unit(Unit), Ignored(std::move(Ignored)), Strict(Strict) {}

  /// What can leave \p Function, one for each type, few at most; nothing if it is noexcept, a template's pattern or a
  /// coroutine.
  const std::vector<ThrowPath> &leaving(const FunctionModel &Function);
  /// What \p E itself can throw, its operands apart.
  std::vector<ThrowPath> thrownBy(const clang::Expr *E);

private:
  using Paths = std::vector<ThrowPath>;
  /// The handler around a statement, and what it catches.
  struct Handling {
    const clang::CXXCatchStmt &Handler;
    const Paths &Caught;
    /// It tells of the exception first: to throw it again is meant to end the program, or for a caller to decide.
    bool Told;
  };
  /// \p In is the handler around \p S; null if there is none.
  void collect(const clang::Stmt *S, const Handling *In, Paths &Into);
  void collectTry(const clang::CXXTryStmt *Try, const Handling *In, Paths &Into);
  void collectThrow(const clang::CXXThrowExpr *Throw, const Handling *In, Paths &Into);
  void collectCall(const clang::Expr *Call, const clang::FunctionDecl *Callee,
                   llvm::ArrayRef<const clang::Expr *> Arguments, Paths &Into);
  void follow(const FunctionModel &Callee, const clang::Expr *Call, Paths &Into);
  bool isIgnored(clang::QualType Type) const;

  UnitModel &Unit;
  std::vector<std::string> Ignored;
  bool Strict;
  // Node-based: leaving() returns references into it.
  std::unordered_map<const FunctionModel *, Paths> Known;
};

/// \p Function has a non-throwing exception specification.
bool isNoexcept(const clang::FunctionDecl *Function);

} // namespace ward

#endif // WARD_FLOW_EXCEPTIONS_H
