// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The fix for a call with a static result or hidden state: the form of the function that takes these as an argument.
#ifndef WARD_THREAD_REENTRANTFORM_H
#define WARD_THREAD_REENTRANTFORM_H

#include "model/UnitModel.h"
#include "clang/Basic/Diagnostic.h"

namespace ward {

/// The edits that make the calls of \p In that share \p State, of which \p Call is the first, calls of the forms that the catalog names, with
/// local variables, named \p Wanted if possible, for the results or the state; none if a result may live longer than that.
llvm::SmallVector<clang::FixItHint, 3> useReentrantForm(const clang::CallExpr *Call, const FunctionModel &In, const HiddenStateEntry &State,
                                                        llvm::StringRef Wanted, UnitModel &Unit);

} // namespace ward

#endif // WARD_THREAD_REENTRANTFORM_H
