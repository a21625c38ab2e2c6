// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The lock that a text names, such as `queue_->mu_` in WARD_GUARDED_BY(queue_->mu_). An `annotate` attribute holds text only; its
/// names are looked up as the compiler would look them up at the annotated declaration.
#ifndef WARD_MODEL_LOCKNAMES_H
#define WARD_MODEL_LOCKNAMES_H

#include "model/AccessPath.h"
#include "llvm/ADT/SmallVector.h"

#include <optional>

namespace ward {

/// The elements of a list: `a, f(b, c)` has two.
llvm::SmallVector<llvm::StringRef, 2> splitLockNames(llvm::StringRef List);

/// The place that \p Name names in an annotation of \p On, a field, variable or function; none if it is no path of variables, fields
/// and accessor functions.
std::optional<AccessPath> resolveLockName(llvm::StringRef Name, const clang::ValueDecl *On, CatalogIndex &Names);

} // namespace ward

#endif // WARD_MODEL_LOCKNAMES_H
