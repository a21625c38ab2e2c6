// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// What the facts of one unit name, each once: files, declarations by USR, paths to locks and objects.
#ifndef WARD_FACTS_FACTSYMBOLS_H
#define WARD_FACTS_FACTSYMBOLS_H

#include "flow/locks/LockContext.h"
#include "model/UnitModel.h"

#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/JSON.h"

#include <functional>
#include <string>
#include <vector>

namespace ward {

/// Names that mean the same in every unit. What a unit has for itself (internal linkage, locals) is named with its own file, so that
/// it meets nothing of another's.
class FactSymbols {
public:
  /// \p NameFile gives the name of a file from the path that Clang opened it by.
  FactSymbols(UnitModel &Unit, std::function<std::string(llvm::StringRef)> NameFile);

  /// The number of a field (as its template declares it), a variable, or a parameter.
  unsigned variable(const clang::ValueDecl *Decl);
  /// The number of a function that has its body here, told apart from others of its name by where that is.
  unsigned function(const FunctionModel &Function);
  /// The number of a function by its name alone: wherever its body is.
  unsigned declared(const clang::FunctionDecl *Function);
  /// The numbers of the declarations that \p Method overrides.
  llvm::json::Array overridden(const clang::CXXMethodDecl *Method);
  /// The number of \p Path: "t 3 e" is an element of field 3 of `this`, "v7 3" field 3 of variable 7, or of what it points to.
  unsigned path(const AccessPath &Path);

  /// File, line and column where \p Where is expanded.
  llvm::json::Array place(clang::SourceLocation Where);
  /// Whether \p Decl stands where other units can see it.
  bool isSeenElsewhere(const clang::ValueDecl *Decl) const;

  void write(llvm::json::OStream &Out) const;

private:
  unsigned file(clang::FileID File);
  unsigned add(std::string Key, llvm::json::Object Rest);
  void addOverridden(const clang::CXXMethodDecl *Method, llvm::json::Array &To);
  std::string usr(const clang::Decl *Decl);
  std::string placeText(clang::SourceLocation Where);

  UnitModel &Unit;
  const clang::SourceManager &Sources;
  std::function<std::string(llvm::StringRef)> NameFile;
  std::string Main;
  llvm::DenseMap<clang::FileID, unsigned> FileNumbers;
  std::vector<std::pair<std::string, std::string>> Files; // names and digests
  llvm::StringMap<unsigned> SymbolNumbers, PathNumbers;
  std::vector<llvm::json::Object> Symbols;
  std::vector<std::string> Paths;
};

} // namespace ward

#endif // WARD_FACTS_FACTSYMBOLS_H
