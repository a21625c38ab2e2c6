// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Which file descriptors are in non-blocking mode.
#ifndef WARD_MODEL_DESCRIPTORS_H
#define WARD_MODEL_DESCRIPTORS_H

#include "model/UnitModel.h"

namespace ward {

/// The unit shows that \p Descriptor, an argument of \p Use in \p Function, is in non-blocking mode there: every value
/// that the variable or member gets was made so, or the mode was set before. By the catalog's entries for descriptors,
/// and through functions of the unit.
bool isNonblocking(const clang::Expr *Descriptor, const clang::Expr *Use, const FunctionModel &Function,
                   UnitModel &Unit);

} // namespace ward

#endif // WARD_MODEL_DESCRIPTORS_H
