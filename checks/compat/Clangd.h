// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Differences in clangd between the supported versions of LLVM.
#ifndef WARD_COMPAT_CLANGD_H
#define WARD_COMPAT_CLANGD_H

#include "clang-tidy/ClangTidyOptions.h"
#include "llvm/ADT/FunctionExtras.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Config/llvm-config.h"

namespace ward {

/// The result of clangd's provideDefaultChecks: a function that completes the clang-tidy options of a file.
#if LLVM_VERSION_MAJOR < 20
using ClangdTidyProvider = llvm::function_ref<void(clang::tidy::ClangTidyOptions &, llvm::StringRef)>;
#else
using ClangdTidyProvider = llvm::unique_function<void(clang::tidy::ClangTidyOptions &, llvm::StringRef) const>;
#endif

} // namespace ward

#endif // WARD_COMPAT_CLANGD_H
