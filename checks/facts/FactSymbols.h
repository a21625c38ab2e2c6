// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The symbol tables of one unit's facts: files, declarations by USR, access paths of locks and objects, each once and
/// by number.
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

/// The names are the same in every unit. A name with internal linkage and a local contain the unit's main file, so that
/// those of different units differ.
class FactSymbols {
public:
  /// \p NameFile gives the name of a file in the facts, from the path by which Clang opened it.
  FactSymbols(UnitModel &Unit, std::function<std::string(llvm::StringRef)> NameFile);

  /// The number of a field (as its template declares it), a variable, or a parameter.
  unsigned variable(const clang::ValueDecl *Decl);
  /// The number of a function with a body here, by name and location.
  unsigned function(const FunctionModel &Function);
  /// The number of a function by name alone, wherever its body is.
  unsigned declared(const clang::FunctionDecl *Function);
  /// The number of a class of locks, by name alone.
  unsigned lockClass(const clang::TagDecl *Class);
  /// The numbers of the declarations that \p Method overrides.
  llvm::json::Array overridden(const clang::CXXMethodDecl *Method);
  /// The number of \p Path: "t 3 e" is an element of field 3 of `this`, "v7 3" is field 3 of variable 7 or of what that
  /// points to.
  unsigned path(const AccessPath &Path);

  /// File, line and column of \p Where; in a macro, of its expansion.
  llvm::json::Array place(clang::SourceLocation Where);
  /// Whether other units can access \p Decl: a variable with external linkage, or a field declared in a header.
  bool isVisibleElsewhere(const clang::ValueDecl *Decl) const;

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
