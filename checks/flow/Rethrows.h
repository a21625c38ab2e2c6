// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Handlers that throw their exception again: on purpose, after they have told of it, or only after cleaning up.
#ifndef WARD_FLOW_RETHROWS_H
#define WARD_FLOW_RETHROWS_H

#include "model/UnitModel.h"

namespace ward {

/// \p S throws the exception of \p Handler again: `throw;`, `throw e;`,
/// `std::rethrow_exception(std::current_exception())`.
bool throwsAgain(const clang::Stmt *S, const clang::CXXCatchStmt &Handler, CatalogIndex &Names);

/// \p Handler of \p Try tells of its exception: it passes the exception or a text to a function that logs or prints,
/// itself or in a function of the unit that it calls. A handler that only undoes what the block has done does not.
bool tellsOfException(const clang::CXXCatchStmt &Handler, const clang::CXXTryStmt &Try, UnitModel &Unit);

} // namespace ward

#endif // WARD_FLOW_RETHROWS_H
