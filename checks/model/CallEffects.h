// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// What calls do to their objects and arguments.
#ifndef WARD_MODEL_CALLEFFECTS_H
#define WARD_MODEL_CALLEFFECTS_H

#include "model/AccessKinds.h"
#include "model/PlaceFinder.h"

#include <memory>
#include <unordered_map>

namespace ward {

/// What a call does to one object.
enum class CallEffect {
  None,
  Reads,
  Writes,
  /// A function without a body here got an address: it reads, as far as can be told.
  MayWrite,
};

/// What a call does to what it is given: to the object that a reference binds to, and to what the value of a pointer,
/// iterator or view refers to.
struct ArgumentEffect {
  CallEffect OnObject = CallEffect::Reads, OnTarget = CallEffect::Reads;
  /// The function whose declaration alone says so; null if something surer does.
  const clang::FunctionDecl *Guessed = nullptr;
  /// The call keeps a reference or pointer to it.
  bool Keeps = false;
};

/// In this order: the catalog; a body, by a summary of what it does to its parameters; the declaration. Not thread-safe.
class CallEffects {
public:
  explicit CallEffects(UnitModel &Unit) : Unit(Unit), Names(Unit.names()), Finder(Unit) {}

  /// The effects of \p Unit's calls, made when first asked for.
  static CallEffects &of(UnitModel &Unit);

  /// On the object of the member function that \p Site calls.
  ArgumentEffect onObject(const CallSite &Site);
  /// On argument number \p Index.
  ArgumentEffect onArgument(const CallSite &Site, unsigned Index);
  /// \p Entry says that argument number \p Index of \p Arguments is written.
  bool isWritten(const ArgumentEffectEntry &Entry, llvm::ArrayRef<const clang::Expr *> Arguments, unsigned Index);
  /// The catalog's entry for what \p Site calls; null if there is none.
  const ArgumentEffectEntry *entryOf(const CallSite &Site);
  /// A callable among \p Arguments writes through a parameter that it takes by reference.
  bool anyCallableWrites(llvm::ArrayRef<const clang::Expr *> Arguments);

  /// The accesses of a function with the body \p Body.
  const FunctionAccesses &accesses(const clang::FunctionDecl *Function, const clang::Stmt *Body);
  /// What a function does to its object (number 0) and its parameters (from 1 on).
  struct Parameter {
    bool Reads = false, ReadsTarget = false;
    /// It is surely written; or is as far as another function's declaration tells.
    bool Writes = false, WritesTarget = false, Assumed = false, AssumedTarget = false;
    /// A pointer or reference to it is given to other code, or kept.
    bool Lends = false;
    /// The functions without a body here that may write it.
    llvm::SmallVector<WrittenParameters::Dependency, 1> Guesses;
  };
  using Summary = llvm::SmallVector<Parameter, 3>;
  /// Null for a function without a body here, and where calls nest too deep.
  const Summary *summary(const clang::FunctionDecl *Function);

  PlaceFinder &places() { return Finder; }

private:
  ArgumentEffect byBody(const Summary &Does, unsigned Number, clang::QualType Type);
  ArgumentEffect byDeclaration(const CallSite &Site, unsigned Index);
  Summary summarise(const clang::FunctionDecl *Definition);
  void add(Summary &Into, const clang::FunctionDecl *Definition, const FunctionAccesses &Accesses, unsigned Depth);
  const clang::FunctionDecl *bodyOf(const clang::FunctionDecl *Function);

  UnitModel &Unit;
  CatalogIndex &Names;
  PlaceFinder Finder;
  std::unordered_map<const clang::FunctionDecl *, std::unique_ptr<FunctionAccesses>> Accesses;
  std::unordered_map<const clang::FunctionDecl *, std::optional<Summary>> Summaries;
  unsigned Nesting = 0;
};

/// Beside \p Function, which takes parameter \p Index by reference to non-const, stands an overload that takes it by
/// reference to const: what \p Function returns tells what it is for.
bool hasConstParameterOverload(const clang::FunctionDecl *Function, unsigned Index);

/// Parameter \p Index of \p Function is a template's `T &&`, which is a reference to non-const for whatever is not const.
bool isForwardingReference(const clang::FunctionDecl *Function, unsigned Index);

} // namespace ward

#endif // WARD_MODEL_CALLEFFECTS_H
