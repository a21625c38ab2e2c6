// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "capture/AliasedArguments.h"

#include "capture/AliasEffects.h"
#include "capture/ArgumentRoles.h"
#include "model/ElementBorrows.h"

#include "clang/AST/ExprCXX.h"
#include "clang/Lex/Lexer.h"

using namespace clang;

namespace ward {
namespace {

bool sameObjectType(QualType A, QualType B) {
  if (A.isNull() || B.isNull())
    return true; // a view, whose object is the one that it was made from
  A = A.getCanonicalType().getUnqualifiedType();
  B = B.getCanonicalType().getUnqualifiedType();
  if (A == B)
    return true;
  const CXXRecordDecl *First = A->getAsCXXRecordDecl(), *Second = B->getAsCXXRecordDecl();
  return First && Second && First->hasDefinition() && Second->hasDefinition() &&
         (First->isDerivedFrom(Second) || Second->isDerivedFrom(First));
}

/// The place that \p One refers to: the container of a view.
std::optional<AccessPath> placeOf(const PassedObject &One, CatalogIndex &Names) {
  if (One.Parameter && One.Referent.isNull()) {
    std::optional<ElementBorrow> View = elementBorrow(One.Passed, /*ByReference=*/false, Names,
                                                      [](const VarDecl *) { return std::optional<ElementBorrow>(); });
    return View ? std::optional(View->Container) : std::nullopt;
  }
  return pathOf(One.Passed, Names);
}

/// \p Part, with the path \p PartPath, names a field or an element of the object with the path \p Whole, not behind a pointer.
bool isPartOf(const Expr *Part, const AccessPath &PartPath, const AccessPath &Whole, CatalogIndex &Names) {
  if (Whole.hasElement() || PartPath.steps().size() <= Whole.steps().size() || !PartPath.startsWith(Whole))
    return false;
  for (const AccessPath::Step &Step : PartPath.steps().drop_front(Whole.steps().size()))
    if (const FieldDecl *Field = Step.asField();
        Field && (Field->getType()->isPointerType() || Field->getType()->isReferenceType() || Names.isPointer(classOf(Field->getType()))))
      return false; // it points to another object
  Part = withoutAddressOf(Part);
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Part))
    return Operator->getOperator() == OO_Subscript;
  return isa<MemberExpr, ArraySubscriptExpr>(Part) || (isa<CXXMemberCallExpr>(Part) && Part->isLValue());
}

/// How the two overlap; none if they are different objects.
std::optional<AliasOverlap> overlapOf(const PassedObject &Shared, const PassedObject &Exclusive, UnitFlow &Flow) {
  CatalogIndex &Names = Flow.model().names();
  std::optional<AccessPath> First = placeOf(Shared, Names), Second = First ? placeOf(Exclusive, Names) : std::nullopt;
  if (!Second)
    return std::nullopt;
  if (*First == *Second) {
    bool Same = sameObjectType(Shared.Referent, Exclusive.Referent) &&
                (!First->hasElement() || sameText(withoutAddressOf(Shared.Passed), withoutAddressOf(Exclusive.Passed), Flow.model().context()));
    return Same ? std::optional(AliasOverlap()) : std::nullopt;
  }
  AliasOverlap Result;
  if (isPartOf(Shared.Passed, *First, *Second, Names))
    Result.ToShared.append(First->steps().begin() + Second->steps().size(), First->steps().end());
  else if (isPartOf(Exclusive.Passed, *Second, *First, Names))
    Result.ToExclusive.append(Second->steps().begin() + First->steps().size(), Second->steps().end());
  else
    return std::nullopt;
  return Result;
}

/// The name of \p One in a message: its path, or the source text where the path has no name for it.
std::string nameOf(const PassedObject &One, UnitFlow &Flow) {
  std::optional<AccessPath> Path = placeOf(One, Flow.model().names());
  if (!Path)
    return "";
  if (Path->hasElement() || (Path->root() && Path->root()->isImplicit())) {
    const ASTContext &Context = Flow.model().context();
    CharSourceRange Range = CharSourceRange::getTokenRange(withoutAddressOf(One.Passed)->getSourceRange());
    if (llvm::StringRef Text = Lexer::getSourceText(Range, Context.getSourceManager(), Context.getLangOpts()); !Text.empty())
      return Text.str();
  }
  return Path->print();
}

/// \p Callee, a function of the user's whose body is not visible, is judged by the types of its parameters.
bool isJudgedByDeclaration(const FunctionDecl *Callee, const PassedObject &Shared, const PassedObject &Exclusive) {
  if (!Shared.Parameter || !Exclusive.Parameter || Callee->isOverloadedOperator() || Callee->isExternC() || isLibraryCode(Callee))
    return false;
  // Functions on pointers to plain numbers often work in place.
  QualType Type = Exclusive.Parameter->getType();
  bool Plain = Type->isPointerType() && Exclusive.Referent->isScalarType();
  return !Plain || Type.isRestrictQualified() || Shared.Parameter->getType().isRestrictQualified();
}

} // namespace

std::optional<AliasedPair> aliasedArguments(const CallExpr *Call, UnitFlow &Flow) {
  CallSite Site = CallSite::of(Call);
  if (!Site.Callee || Call->isTypeDependent() || Site.Arguments.empty())
    return std::nullopt;
  CatalogIndex &Names = Flow.model().names();
  llvm::SmallVector<PassedObject, 4> All = passedObjects(Site, Names);
  if (All.size() < 2)
    return std::nullopt;
  for (const PassedObject &Exclusive : All) {
    if (Exclusive.As != ArgumentRole::Exclusive)
      continue;
    for (const PassedObject &Shared : All) {
      if (&Shared == &Exclusive || (Shared.As != ArgumentRole::Shared && !Exclusive.Demanded))
        continue;
      std::optional<AliasOverlap> Overlap = overlapOf(Shared, Exclusive, Flow);
      if (!Overlap)
        continue;
      AliasedPair Found{Call, Shared.Passed, Exclusive.Passed, ""};
      Found.Object = nameOf(Exclusive, Flow);
      if (Exclusive.Demanded)
        return Found;
      if (const FunctionModel *Body = Flow.model().function(Site.Callee)) {
        const FunctionDecl *Definition = Body->Function;
        auto InBody = [&](const PassedObject &One) {
          return One.Parameter ? Definition->getParamDecl(One.Parameter->getFunctionScopeIndex()) : nullptr;
        };
        if (std::optional<AliasEffect> Effect = aliasEffect(*Body, InBody(Shared), InBody(Exclusive), *Overlap, Flow)) {
          Found.Write = Effect->Write;
          Found.Read = Effect->Read;
          return Found;
        }
      } else if (Overlap->isWhole() && !Site.Callee->isDefined() && isJudgedByDeclaration(Site.Callee, Shared, Exclusive)) {
        return Found;
      }
    }
  }
  return std::nullopt;
}

} // namespace ward
