// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The source text that fixes replace and insert.
#ifndef WARD_BASE_SOURCEEDIT_H
#define WARD_BASE_SOURCEEDIT_H

#include "clang/AST/ASTContext.h"
#include "clang/AST/Stmt.h"
#include "clang/Basic/SourceLocation.h"

#include <optional>
#include <string>

namespace ward {

/// The text of \p Range in the file; none if any of it comes from a macro.
std::optional<std::string> textOf(clang::SourceRange Range, const clang::ASTContext &Context);

/// \p Range as characters; invalid if any of it comes from a macro.
clang::CharSourceRange charactersOf(clang::SourceRange Range, const clang::ASTContext &Context);

/// \p Wanted, or \p Wanted with a number appended, such that nothing in \p Scope has that name.
std::string unusedName(llvm::StringRef Wanted, const clang::Stmt *Scope);

} // namespace ward

#endif // WARD_BASE_SOURCEEDIT_H
