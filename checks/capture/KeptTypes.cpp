// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "capture/KeptTypes.h"

#include "model/Callables.h"

#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace ward {
namespace {

/// How deep locals and conversions are followed back to where the pointer was made.
constexpr unsigned MaxKeptDepth = 6;

class KeptFinder {
public:
  explicit KeptFinder(CatalogIndex &Names) : Names(Names) {}

  void collect(const Expr *E, unsigned Depth) {
    E = E && Depth > 0 ? originalValue(E, Names) : nullptr;
    if (!E)
      return;
    if (const auto *Ref = dyn_cast<DeclRefExpr>(E)) {
      const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl());
      if (Variable && Variable->hasLocalStorage() && !isa<ParmVarDecl>(Variable))
        collect(Variable->getInit(), Depth - 1);
      return;
    }
    const auto *Construct = dyn_cast<CXXConstructExpr>(E);
    const auto *Call = dyn_cast<CallExpr>(E);
    if (!shares(E->getType()) ||
        (!Construct && !(Call && Call->getDirectCallee() && isLibraryCode(Call->getDirectCallee()))))
      return;
    ArrayRef<const Expr *> Arguments;
    if (Construct)
      Arguments = {Construct->getArgs(), Construct->getNumArgs()};
    else
      Arguments = CallSite::of(Call).Arguments; // std::static_pointer_cast<Base>(p)
    for (size_t I = 0; I != Arguments.size(); ++I) {
      QualType Type = Arguments[I]->getType().getNonReferenceType().getCanonicalType();
      if (isa<CXXDefaultArgExpr>(Arguments[I]))
        continue;
      if (shares(Type)) {
        Found.push_back({Type, true});
        collect(Arguments[I], Depth - 1);
      } else if (Construct && I == 0 && Type->isPointerType()) {
        Found.push_back({Type->getPointeeType(), true}); // new Derived
      } else if (Construct && I > 0 && Type->isRecordType()) {
        Found.push_back({Type, false});
      }
    }
  }

  llvm::SmallVector<KeptType, 2> Found;

private:
  bool shares(QualType Type) {
    const TypeEntry *Entry = Names.type(classOf(Type));
    return Entry && Entry->Shares;
  }

  CatalogIndex &Names;
};

} // namespace

llvm::SmallVector<KeptType, 2> keptTypes(const Expr *E, CatalogIndex &Names) {
  KeptFinder Finder(Names);
  Finder.collect(E, MaxKeptDepth);
  return std::move(Finder.Found);
}

} // namespace ward
