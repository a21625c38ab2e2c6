// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The only walk over the declarations of a unit.
#ifndef WARD_MODEL_UNITWALK_H
#define WARD_MODEL_UNITWALK_H

#include "model/UnitModel.h"

namespace ward {

/// Collects the contents of \p Context, without the declarations of system headers.
UnitContents walkUnit(clang::ASTContext &Context, CatalogIndex &Names, LockTypes &Types);

} // namespace ward

#endif // WARD_MODEL_UNITWALK_H
