// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Differences between the supported versions of LLVM (19 to 22). Only the files in compat/ test the version.
#ifndef WARD_COMPAT_COMPAT_H
#define WARD_COMPAT_COMPAT_H

#include "clang-tidy/ClangTidyCheck.h"
#include "clang-tidy/ClangTidyModule.h"
#include "llvm/Config/llvm-config.h"

// Part of ClangTidyModule.h since LLVM 22, which warns about the include.
#if LLVM_VERSION_MAJOR < 22
#include "clang-tidy/ClangTidyModuleRegistry.h"
#endif

#include "clang/AST/ASTContext.h"

namespace ward {

/// The type that \p Tag declares.
inline clang::QualType typeOf(const clang::ASTContext &Context, const clang::TagDecl *Tag) {
#if LLVM_VERSION_MAJOR < 22
  return Context.getTypeDeclType(Tag);
#else
  return Context.getCanonicalTagType(Tag);
#endif
}

} // namespace ward

#endif // WARD_COMPAT_COMPAT_H
