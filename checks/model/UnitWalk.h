// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The one walk over a unit's declarations.
#ifndef WARD_MODEL_UNITWALK_H
#define WARD_MODEL_UNITWALK_H

#include "model/UnitModel.h"

namespace ward {

UnitContents walkUnit(clang::ASTContext &Context, CatalogIndex &Names, LockTypes &Types);

} // namespace ward

#endif // WARD_MODEL_UNITWALK_H
