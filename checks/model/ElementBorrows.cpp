// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "model/ElementBorrows.h"

#include "model/StmtParents.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace ward {
namespace {

/// How deep iterators of iterators and members of members are followed.
constexpr unsigned MaxElementDepth = 10;

class ElementFinder {
public:
  ElementFinder(CatalogIndex &Names, KnownBorrows Known) : Names(Names), Known(Known) {}

  /// The borrow that a reference to the object \p E is.
  std::optional<ElementBorrow> object(const Expr *E, unsigned Depth) {
    if (!E || Depth == 0)
      return std::nullopt;
    E = stripped(E);
    if (const auto *Ref = dyn_cast<DeclRefExpr>(E)) {
      const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl());
      return Variable && Variable->getType()->isReferenceType() ? Known(Variable) : std::nullopt;
    }
    if (const auto *Member = dyn_cast<MemberExpr>(E)) {
      if (!isa<FieldDecl>(Member->getMemberDecl()) || Member->getMemberDecl()->getType()->isReferenceType())
        return std::nullopt;
      return Member->isArrow() ? asReference(value(Member->getBase(), Depth - 1)) : object(Member->getBase(), Depth - 1);
    }
    if (const auto *Unary = dyn_cast<UnaryOperator>(E); Unary && Unary->getOpcode() == UO_Deref)
      return asReference(value(Unary->getSubExpr(), Depth - 1));
    if (const auto *Subscript = dyn_cast<ArraySubscriptExpr>(E))
      return asReference(value(Subscript->getBase(), Depth - 1));
    if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E)) {
      if (Operator->getOperator() == OO_Star || Operator->getOperator() == OO_Arrow)
        return isElementsOwner(Operator->getArg(0)->getType()) ? std::nullopt : asReference(value(Operator->getArg(0), Depth - 1));
      if (Operator->getOperator() == OO_Subscript && Operator->isLValue())
        return fromContainer(Operator->getArg(0), "operator[]", Operator->getArg(1), /*IsIterator=*/false);
      return std::nullopt;
    }
    if (const auto *Call = dyn_cast<CXXMemberCallExpr>(E); Call && Call->isLValue() && Call->getMethodDecl())
      return fromContainer(Call->getImplicitObjectArgument(), Call->getMethodDecl()->getNameAsString(),
                           Call->getNumArgs() > 0 ? Call->getArg(0) : nullptr, /*IsIterator=*/false);
    return std::nullopt;
  }

  /// The borrow that the value of \p E, a pointer, iterator or view, is.
  std::optional<ElementBorrow> value(const Expr *E, unsigned Depth) {
    if (!E || Depth == 0)
      return std::nullopt;
    E = stripped(E);
    if (const auto *Ref = dyn_cast<DeclRefExpr>(E)) {
      const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl());
      return Variable && !Variable->getType()->isReferenceType() ? Known(Variable) : std::nullopt;
    }
    if (const auto *Unary = dyn_cast<UnaryOperator>(E); Unary && Unary->getOpcode() == UO_AddrOf)
      return object(Unary->getSubExpr(), Depth - 1);
    if (const auto *Construct = dyn_cast<CXXConstructExpr>(E)) {
      if (!refers(Construct->getType()))
        return std::nullopt;
      for (const Expr *Argument : Construct->arguments()) {
        if (std::optional<ElementBorrow> Found = value(Argument, Depth - 1))
          return Found;
        if (Argument->isLValue() && isView(Construct->getType())) // std::span(v)
          if (std::optional<ElementBorrow> Found = fromContainer(Argument, "", nullptr, /*IsIterator=*/false))
            return Found;
      }
      return std::nullopt;
    }
    const auto *Call = dyn_cast<CallExpr>(E);
    if (!Call || !Call->isPRValue() || !refers(Call->getType()))
      return std::nullopt;
    if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call)) {
      // v.begin(), m.find(k), s.data(), s.operator string_view()
      if (!Member->getMethodDecl())
        return std::nullopt;
      const Expr *Object = Member->getImplicitObjectArgument();
      bool IsIterator = !Call->getType()->isPointerType() && !isView(Call->getType());
      if (std::optional<ElementBorrow> Found = fromContainer(Object, Member->getMethodDecl()->getNameAsString(),
                                                             Member->getNumArgs() > 0 ? Member->getArg(0) : nullptr, IsIterator))
        return Found;
      return sameType(Object, Call) ? value(Object, Depth - 1) : std::nullopt; // it.base()
    }
    // it + 1, std::next(it), std::find(v.begin(), v.end(), x): a result of the same type refers into the same container.
    for (const Expr *Argument : Call->arguments())
      if (sameType(Argument, Call))
        if (std::optional<ElementBorrow> Found = value(Argument, Depth - 1)) {
          Found->Key = nullptr;
          return Found;
        }
    const FunctionDecl *Callee = Call->getDirectCallee();
    if (Callee && Callee->getDeclName().isIdentifier() && Call->getNumArgs() == 1 && Call->getArg(0)->isLValue() &&
        containerBehind(Call->getArg(0))) // std::begin(v)
      return fromContainer(Call->getArg(0), Callee->getNameAsString(), nullptr,
                           !Call->getType()->isPointerType() && !isView(Call->getType()));
    return std::nullopt;
  }

private:
  /// \p Type is a smart pointer, whose pointee is not part of a container.
  bool isElementsOwner(QualType Type) { return Names.isPointer(classOf(Type)); }

  bool refers(QualType Type) {
    if (Type->isPointerType())
      return !Type->isFunctionPointerType();
    const TypeEntry *Entry = Names.type(classOf(Type));
    return Entry && Entry->Borrows;
  }

  /// \p Type is a class that refers to elements, but has no increment, unlike an iterator.
  bool isView(QualType Type) {
    const auto *Record = Type.getNonReferenceType()->getAsCXXRecordDecl();
    if (!Record || !Record->hasDefinition() || !refers(Type))
      return false;
    return llvm::none_of(Record->methods(), [](const CXXMethodDecl *Method) { return Method->getOverloadedOperator() == OO_PlusPlus; });
  }

  static bool sameType(const Expr *A, const Expr *B) {
    return A->getType().getCanonicalType().getNonReferenceType().getUnqualifiedType() ==
           B->getType().getCanonicalType().getNonReferenceType().getUnqualifiedType();
  }

  const ContainerEntry *containerBehind(const Expr *E) {
    QualType Type = stripped(E)->getType() /* not that of the base that declares the member */.getNonReferenceType();
    return Names.container(classOf(Type->isPointerType() ? Type->getPointeeType() : Type));
  }

  std::optional<ElementBorrow> fromContainer(const Expr *Object, std::string Member, const Expr *Key, bool IsIterator) {
    const ContainerEntry *Entry = containerBehind(Object);
    std::optional<AccessPath> Path = Entry ? fixedPlace(Object, Names) : std::nullopt;
    if (!Path)
      return std::nullopt;
    return ElementBorrow{std::move(*Path), Entry, IsIterator, std::move(Member), Key};
  }

  static std::optional<ElementBorrow> asReference(std::optional<ElementBorrow> Borrow) {
    if (Borrow)
      Borrow->IsIterator = false;
    return Borrow;
  }

  CatalogIndex &Names;
  KnownBorrows Known;
};

const ContainerEntry *changedContainer(const CallExpr *Call, CatalogIndex &Names, const Expr *&Object, std::string &Member) {
  const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Call->getDirectCallee());
  if (!Method || Method->isStatic())
    return nullptr;
  Object = CallSite::of(Call).Object;
  Member = Method->getNameAsString();
  if (!Object)
    return nullptr;
  QualType Type = stripped(Object)->getType().getNonReferenceType();
  if (const ContainerEntry *Entry = Names.container(classOf(Type->isPointerType() ? Type->getPointeeType() : Type)))
    return Entry;
  return Names.container(Method->getParent());
}

} // namespace

std::optional<ElementBorrow> elementBorrow(const Expr *Init, bool ByReference, CatalogIndex &Names, KnownBorrows Known) {
  ElementFinder Find(Names, Known);
  return ByReference ? Find.object(Init, MaxElementDepth) : Find.value(Init, MaxElementDepth);
}

std::optional<ChangeCall> changeBy(const CallExpr *Call, CatalogIndex &Names) {
  const Expr *Object = nullptr;
  std::string Member;
  const ContainerEntry *Entry = changedContainer(Call, Names, Object, Member);
  std::optional<AccessPath> Path = Entry ? fixedPlace(Object, Names) : std::nullopt;
  if (!Path)
    return std::nullopt;
  ChangeCall Result{std::move(*Path), Entry, ContainerChange::Moves, Member, "", CallSite::of(Call).Arguments};
  if (llvm::is_contained(Entry->Grows, Member))
    Result.Grows = true;
  else if (llvm::is_contained(Entry->Moves, Member))
    Result.Change = ContainerChange::Moves;
  else if (llvm::is_contained(Entry->Rehashes, Member))
    Result.Change = ContainerChange::Rehashes;
  else if (llvm::is_contained(Entry->Ends, Member))
    Result.Change = ContainerChange::Ends;
  else if (llvm::is_contained(Entry->Removes, Member))
    Result.Change = ContainerChange::Removes;
  else if (llvm::is_contained(Entry->Shares, Member))
    Result.Change = ContainerChange::Shares;
  else {
    for (const RemovalEntry &Removal : Entry->RemovesAt)
      if (Removal.Member == Member) {
        Result.Change = ContainerChange::RemovesAt;
        Result.Partner = Removal.Borrow;
        return Result;
      }
    return std::nullopt;
  }
  return Result;
}

std::optional<AccessPath> reservedBy(const CallExpr *Call, CatalogIndex &Names) {
  const Expr *Object = nullptr;
  std::string Member;
  const ContainerEntry *Entry = changedContainer(Call, Names, Object, Member);
  return Entry && llvm::is_contained(Entry->Reserves, Member) ? fixedPlace(Object, Names) : std::nullopt;
}

bool sameText(const Expr *A, const Expr *B, const ASTContext &Context) {
  if (!A || !B || A->HasSideEffects(Context, /*IncludePossibleEffects=*/false) ||
      B->HasSideEffects(Context, /*IncludePossibleEffects=*/false))
    return false;
  return sameStructure(stripped(A), stripped(B), Context);
}

std::optional<AccessPath> fixedPlace(const Expr *E, CatalogIndex &Names) {
  std::optional<AccessPath> Path = pathOf(E, Names);
  if (Path && !Path->hasElement())
    return Path;
  // A reference stays bound to the same element.
  if (const auto *Ref = dyn_cast<DeclRefExpr>(stripped(E)))
    if (const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl()); Variable && Variable->getType()->isReferenceType())
      return AccessPath::ofVariable(Variable);
  return std::nullopt;
}

} // namespace ward
