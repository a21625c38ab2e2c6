// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The lock that a piece of text names, such as `queue_->mu_` in WARD_GUARDED_BY(queue_->mu_). An `annotate` attribute holds
/// what the author wrote as text only; names are looked up as the compiler would have where it stands.
#ifndef WARD_MODEL_LOCKNAMES_H
#define WARD_MODEL_LOCKNAMES_H

#include "model/AccessPath.h"
#include "llvm/ADT/SmallVector.h"

#include <optional>

namespace ward {

/// The parts of a list: `a, f(b, c)` has two.
llvm::SmallVector<llvm::StringRef, 2> splitLockNames(llvm::StringRef List);

/// The place that \p Name means where it stands on \p On, a field, variable or function; none for what is no path of
/// variables, fields and accessor functions.
std::optional<AccessPath> resolveLockName(llvm::StringRef Name, const clang::ValueDecl *On, CatalogIndex &Names);

} // namespace ward

#endif // WARD_MODEL_LOCKNAMES_H
