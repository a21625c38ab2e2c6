// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The fix for a call with a static result or hidden state: the form of the function that takes these as an argument.
#ifndef WARD_THREAD_REENTRANTFORM_H
#define WARD_THREAD_REENTRANTFORM_H

#include "model/UnitModel.h"
#include "clang/Basic/Diagnostic.h"

namespace ward {

/// The edits that make \p Call, the first of its state in \p In, one of the form that \p State names, with a local variable, named \p Wanted
/// if possible, for the result or state; none if the result may live longer than that, or if calls elsewhere continue from the state.
llvm::SmallVector<clang::FixItHint, 3> useReentrantForm(const clang::CallExpr *Call, const FunctionModel &In, const HiddenStateEntry &State,
                                                        llvm::StringRef Wanted, UnitModel &Unit);

} // namespace ward

#endif // WARD_THREAD_REENTRANTFORM_H
