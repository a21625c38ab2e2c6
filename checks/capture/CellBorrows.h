// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Borrows of cells that count them at run time (RefCell), and conflicts between them.
#ifndef WARD_CAPTURE_CELLBORROWS_H
#define WARD_CAPTURE_CELLBORROWS_H

#include "flow/UnitFlow.h"

#include <string>
#include <vector>

namespace ward {

/// A borrow that fails because another one of the same cell is alive.
struct CellConflict {
  /// The call that borrows, or calls a function that does, and whether that borrow is exclusive.
  const clang::CallExpr *Second;
  bool SecondExclusive;
  /// Where the other borrow was made, whether it is exclusive, and the variable that keeps it; null for a temporary.
  const clang::CallExpr *First;
  bool FirstExclusive;
  const clang::VarDecl *Keeper;
  std::string Cell;
  /// The borrow itself, if Second is a call of a function that makes it; null otherwise.
  const clang::Expr *Inside = nullptr;
};

/// Finds conflicts in the functions of one unit.
class CellBorrows {
public:
  explicit CellBorrows(UnitFlow &Flow) : Flow(Flow) {}

  /// The conflicts in \p Function, each call once.
  std::vector<CellConflict> in(const FunctionModel &Function);

  /// A call that borrows a cell, or requires that it is not borrowed.
  struct Borrow {
    AccessPath Cell;
    bool Exclusive;
    /// It only tries, and reports failure.
    bool Tries;
    /// The cell is borrowed as long as the result is alive.
    bool Keeps;
    const clang::CallExpr *Where;
  };
  /// The borrow that \p Call makes; none if it makes none.
  std::optional<Borrow> borrowBy(const clang::CallExpr *Call);
  /// The borrows that every run of \p Function makes, also through the functions that it calls.
  const std::vector<Borrow> &certain(const FunctionModel &Function);

  UnitFlow &flow() { return Flow; }

private:
  UnitFlow &Flow;
  std::unordered_map<const FunctionModel *, std::vector<Borrow>> Certain;
};

} // namespace ward

#endif // WARD_CAPTURE_CELLBORROWS_H
