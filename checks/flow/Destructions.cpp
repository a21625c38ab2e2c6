// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/Destructions.h"

#include "model/ThreadHandle.h"

#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "llvm/ADT/SmallPtrSet.h"

using namespace clang;

namespace ward {
namespace {

bool isNull(const Expr *E, const ASTContext &Context) {
  return E->isNullPointerConstant(const_cast<ASTContext &>(Context), Expr::NPC_ValueDependentIsNotNull) !=
             Expr::NPCK_NotNull ||
         stripped(E)->getType()->isNullPtrType();
}

/// \p Class is the sole owner of what it holds.
bool ownsSolely(const TagDecl *Class, CatalogIndex &Names) {
  const TypeEntry *Entry = Class ? Names.type(Class) : nullptr;
  return Entry && !Entry->Shares && !Entry->Borrows;
}

/// \p Variable, a container, owner or handle that is initialised empty, stays empty in \p Function.
bool staysEmpty(const VarDecl *Variable, const FunctionModel &Function, CatalogIndex &Names) {
  const auto *Construct =
      dyn_cast_or_null<CXXConstructExpr>(Variable->getInit() ? stripped(Variable->getInit()) : nullptr);
  const TagDecl *Class = classOf(Variable->getType());
  if (!Construct || !Class || (!Names.type(Class) && !Names.thread(Class)) ||
      llvm::any_of(Construct->arguments(), [](const Expr *Argument) { return !isa<CXXDefaultArgExpr>(Argument); }))
    return false;
  return llvm::none_of(Function.Calls, [&](const CallExpr *Call) {
    CallSite Site = CallSite::of(Call);
    const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Call);
    const Expr *Object = Operator && Operator->getOperator() == OO_Equal ? Operator->getArg(0) : Site.Object;
    const auto *Ref = Object ? dyn_cast<DeclRefExpr>(stripped(Object)) : nullptr;
    return Ref && Ref->getDecl() == Variable && (Operator || !Site.Callee || Names.isEmplacer(Site.Callee));
  });
}

/// \p Method of a container or sole owner destroys what that holds, or some of it.
bool destroysContent(const CXXMethodDecl *Method, const TagDecl *Class, CatalogIndex &Names) {
  if (!Method->getDeclName().isIdentifier())
    return false;
  llvm::StringRef Name = Method->getName();
  if (const ContainerEntry *Container = Names.container(Class))
    return Name != "assign" &&
           (llvm::is_contained(Container->Ends, Name) || llvm::is_contained(Container->Removes, Name) ||
            llvm::any_of(Container->RemovesAt, [&](const RemovalEntry &Entry) { return Entry.Member == Name; }));
  return Name == "reset" && Method->getNumParams() <= 1;
}

std::string nameOfObject(const Expr *E, CatalogIndex &Names) {
  std::optional<AccessPath> Path = pathOf(E, Names);
  return Path ? Path->print() : "";
}

std::optional<Destruction> destructionBy(const Expr *E, UnitModel &Unit) {
  CatalogIndex &Names = Unit.names();
  if (const auto *Delete = dyn_cast<CXXDeleteExpr>(E)) {
    QualType Type = Delete->getDestroyedType();
    if (Type.isNull())
      return std::nullopt;
    return Destruction{Type, E, E->getExprLoc(), nameOfObject(Delete->getArgument(), Names)};
  }
  const auto *Call = dyn_cast<CallExpr>(E);
  const FunctionDecl *Callee = Call ? Call->getDirectCallee() : nullptr;
  const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Callee);
  if (!Method)
    return std::nullopt;
  const Expr *Object = nullptr;
  auto TypeOf = [](const Expr *E) {
    QualType Type = E->IgnoreParenImpCasts()->getType().getNonReferenceType();
    return Type->isPointerType() ? Type->getPointeeType() : Type;
  };
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Call)) {
    if (Operator->getOperator() != OO_Equal || Operator->getNumArgs() != 2 ||
        !isNull(Operator->getArg(1), Unit.context()))
      return std::nullopt;
    Object = Operator->getArg(0);
  } else if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call)) {
    Object = Member->getImplicitObjectArgument();
    const TagDecl *Class = classOf(TypeOf(Object));
    if (!Class || !destroysContent(Method, Class, Names))
      return std::nullopt;
    // An owner that is reset to a new object was empty before, as a rule.
    if (Method->getName() == "reset" && Member->getNumArgs() > 0 && !isa<CXXDefaultArgExpr>(Member->getArg(0)) &&
        !isNull(Member->getArg(0), Unit.context()))
      return std::nullopt;
  }
  QualType Type = Object ? TypeOf(Object) : QualType();
  if (Type.isNull() || !ownsSolely(classOf(Type), Names))
    return std::nullopt;
  return Destruction{Type, E, E->getExprLoc(), nameOfObject(Object, Names), true};
}

using ClassPath = llvm::SmallPtrSetImpl<const CXXRecordDecl *>;

/// The class of an object of \p Type or of its elements; null for none.
const CXXRecordDecl *classIn(QualType Type, UnitModel &Unit) {
  return Unit.context().getBaseElementType(Type)->getAsCXXRecordDecl();
}

void collect(const CXXRecordDecl *Record, UnitModel &Unit, DestructorEffects &Into, const FieldDecl *Part,
             ClassPath &Seen) {
  CatalogIndex &Names = Unit.names();
  if (!Record || !Seen.insert(Record->getCanonicalDecl()).second)
    return;
  // A handle that can be detached is that of a thread. Futures join some tasks only.
  if (const ThreadEntry *Entry = Names.thread(Record)) {
    if (Entry->OnDestroy == HandleDestruction::Joins && !Entry->Detach.empty() && !Into.Joins)
      Into.Joins = Part;
    return;
  }
  if (const auto *Specialisation = dyn_cast<ClassTemplateSpecializationDecl>(Record);
      Specialisation && Names.type(Record)) {
    if (ownsSolely(Record, Names))
      for (const TemplateArgument &Argument : Specialisation->getTemplateArgs().asArray())
        if (Argument.getKind() == TemplateArgument::Type)
          collect(classIn(Argument.getAsType(), Unit), Unit, Into, Part, Seen);
    return;
  }
  if (!Record->hasDefinition() || Record->isInStdNamespace())
    return;
  Record = Record->getDefinition();
  const CXXDestructorDecl *Destructor = Record->getDestructor();
  if (Destructor && Destructor->isUserProvided()) {
    const FunctionModel *Function = Unit.function(Destructor);
    if (!Function || Function->IsPattern)
      return; // what it does to its members is unknown
    Into.Destructors.push_back(Function);
    if (llvm::any_of(Function->Calls,
                     [&](const CallExpr *Call) { return joinedBy(Call, Names) || detachedBy(Call, Names); }))
      return; // its body decides what happens to its threads
  }
  for (const FieldDecl *Field : Record->fields())
    if (!Field->getType()->isReferenceType())
      collect(classIn(Field->getType(), Unit), Unit, Into, Field, Seen);
  for (const CXXBaseSpecifier &Base : Record->bases())
    collect(Base.getType()->getAsCXXRecordDecl(), Unit, Into, Part, Seen);
}

} // namespace

std::optional<Destruction> destructionAt(const CFGElement &Element, const FunctionModel &Function, UnitModel &Unit) {
  if (std::optional<CFGStmt> S = Element.getAs<CFGStmt>()) {
    const auto *E = dyn_cast<Expr>(S->getStmt());
    return E ? destructionBy(E, Unit) : std::nullopt;
  }
  if (std::optional<CFGAutomaticObjDtor> Dtor = Element.getAs<CFGAutomaticObjDtor>()) {
    const VarDecl *Variable = Dtor->getVarDecl();
    if (!Variable || Variable->getType()->isReferenceType() || isJoinedOrTransferred(Variable, Function, Unit.names()) ||
        staysEmpty(Variable, Function, Unit.names()))
      return std::nullopt;
    return Destruction{Variable->getType(), nullptr, Variable->getLocation(), Variable->getNameAsString()};
  }
  if (std::optional<CFGTemporaryDtor> Dtor = Element.getAs<CFGTemporaryDtor>()) {
    const CXXBindTemporaryExpr *Temporary = Dtor->getBindTemporaryExpr();
    // The content of any other temporary may have been moved out.
    if (llvm::none_of(Function.Discarded, [&](const DiscardedValue &Discarded) {
          return stripped(Discarded.Value) == stripped(Temporary);
        }))
      return std::nullopt;
    return Destruction{Temporary->getType(), nullptr, Temporary->getExprLoc(), ""};
  }
  return std::nullopt;
}

DestructorEffects destructorEffectsOf(const CXXRecordDecl *Class, UnitModel &Unit) {
  DestructorEffects Result;
  llvm::SmallPtrSet<const CXXRecordDecl *, 8> Seen;
  collect(Class, Unit, Result, nullptr, Seen);
  return Result;
}

DestructorEffects destructorEffectsOf(QualType Type, UnitModel &Unit) {
  return destructorEffectsOf(classIn(Type, Unit), Unit);
}

} // namespace ward
