// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Iterators that are given out only to have their element erased later.
#ifndef WARD_GUARD_ELEMENTHANDLES_H
#define WARD_GUARD_ELEMENTHANDLES_H

#include "flow/UnitFlow.h"

namespace ward {

/// An iterator of type \p Type that \p Returning returns is a handle: another function of the same class takes it to
/// erase its element from a container whose other iterators stay valid, and nothing in the unit looks through such an
/// iterator without a lock.
bool isErasureHandle(clang::QualType Type, const clang::FunctionDecl *Returning, UnitFlow &Unit);

} // namespace ward

#endif // WARD_GUARD_ELEMENTHANDLES_H
