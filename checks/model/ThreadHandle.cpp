// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "model/ThreadHandle.h"

#include "model/Callables.h"
#include "model/UnconditionalCode.h"

#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "llvm/ADT/SmallPtrSet.h"

using namespace clang;

namespace ward {
namespace {

/// Appends the statements from \p Root down to \p Target, both included, to \p Path; false if \p Target is not in \p Root.
bool findPath(const Stmt *Root, const Stmt *Target, llvm::SmallVectorImpl<const Stmt *> &Path) {
  if (!Root)
    return false;
  Path.push_back(Root);
  if (Root == Target)
    return true;
  if (!isa<LambdaExpr>(Root))
    for (const Stmt *Child : Root->children())
      if (findPath(Child, Target, Path))
        return true;
  Path.pop_back();
  return false;
}

/// \p S passes the handle on unchanged, or inside a wrapper, from its operand to its parent.
bool isTransparent(const Stmt *S, CatalogIndex &Names) {
  if (isa<FullExpr, ParenExpr, CastExpr, MaterializeTemporaryExpr, CXXBindTemporaryExpr, CXXNewExpr, InitListExpr>(S))
    return true;
  if (isa<CXXConstructExpr, ConditionalOperator>(S))
    return true; // a copy, or a wrapper around it; one of two
  if (const auto *Call = dyn_cast<CallExpr>(S)) {
    const FunctionDecl *Callee = Call->getDirectCallee();
    const FunctionEntry *Entry = Callee ? Names.function(Callee) : nullptr;
    return (Entry && Entry->Effect == FunctionEffect::Forward) ||
           (Callee && !isa<CXXMethodDecl>(Callee) && Names.isEmplacer(Callee)); // make_unique
  }
  return false;
}

/// `pointer.reset(new std::thread(f))`
bool resetsPointer(const CXXMemberCallExpr *Call, CatalogIndex &Names) {
  const CXXMethodDecl *Method = Call->getMethodDecl();
  return Method->getDeclName().isIdentifier() && Method->getName() == "reset" && Names.isPointer(Method->getParent());
}

HandlePlace placeAt(const Expr *Target, CatalogIndex &Names) {
  HandlePlace Place;
  Place.Type = Target->getType().getNonReferenceType();
  Place.Where = Target->getBeginLoc();
  std::optional<AccessPath> Path = pathOf(Target, Names);
  if (!Path) {
    Place.Kind = HandlePlace::Elsewhere;
  } else if (!Path->root()) {
    Place.Kind = HandlePlace::Member;
    Place.Field = Path->steps().empty() ? nullptr : Path->steps().front().asField();
  } else if (Path->root()->hasLocalStorage() && !Path->root()->getType()->isReferenceType() &&
             !(isa<ParmVarDecl>(Path->root()) && Path->root()->getType()->isPointerType())) {
    Place.Kind = HandlePlace::Local;
    Place.Variable = Path->root();
    Place.Type = Path->root()->getType();
  } else {
    Place.Kind = HandlePlace::Elsewhere;
    Place.Variable = Path->root();
  }
  return Place;
}

/// Whether \p Call is one of the members \p Which of a thread's handle. A base class may declare them, as for std::future, so the
/// class of the object counts as well as that of the member.
bool isHandleMember(const CXXMemberCallExpr *Call, std::vector<std::string> ThreadEntry::*Which, CatalogIndex &Names) {
  const CXXMethodDecl *Method = Call->getMethodDecl();
  if (!Method)
    return false;
  for (const TagDecl *Class : {static_cast<const TagDecl *>(Method->getParent()),
                               classOf(Call->getImplicitObjectArgument()->IgnoreParenImpCasts()->getType())})
    if (const ThreadEntry *Entry = Names.thread(Class); Entry && llvm::is_contained(Entry->*Which, Method->getNameAsString()))
      return true;
  return false;
}

/// \p Call is a member function of that name of a pointer or optional that is the sole owner of its object.
const Expr *ownerIn(const CallExpr *Call, llvm::StringRef Name, CatalogIndex &Names) {
  const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
  const CXXMethodDecl *Method = Member ? Member->getMethodDecl() : nullptr;
  if (!Method || !Method->getDeclName().isIdentifier() || Method->getName() != Name)
    return nullptr;
  const TagDecl *Class = classOf(Member->getImplicitObjectArgument()->getType());
  const TypeEntry *Entry = Names.type(Class);
  return Class && (Names.isPointer(Class) || Names.isCarrier(Class)) && !(Entry && Entry->Shares) ? Member->getImplicitObjectArgument() : nullptr;
}

/// \p Function lets go of a handle that \p IsOwn accepts and that joins by itself, whenever there is one.
bool dropsIn(const FunctionModel &Function, llvm::function_ref<bool(const Expr *)> IsOwn, UnitModel &Unit) {
  CatalogIndex &Names = Unit.names();
  auto Joins = [&](const Expr *E) {
    QualType Type = E ? E->getType() : QualType();
    return E && destructionOf(Type->isPointerType() ? Type->getPointeeType() : Type, Unit) == HandleDestruction::Joins && IsOwn(E);
  };
  bool Found = false;
  auto Visit = [&](const Expr *E) {
    Found |= Joins(droppedBy(E, Names));
    const auto *Move = dyn_cast<CXXConstructExpr>(E); // into a local
    Found |= Move && Move->getConstructor()->isMoveConstructor() && Move->getNumArgs() > 0 && Move->getArg(0)->isXValue() &&
             Joins(originalValue(Move->getArg(0), Names));
  };
  forEachUnconditional(Function.Body, Visit);
  for (const Stmt *Branch : Function.Branches) // `if (worker_) worker_.reset();`
    if (const auto *If = dyn_cast<IfStmt>(Branch); If && !Found && If->getCond()) {
      bool OfHandle = false;
      forEachUnconditional(If->getCond(), [&](const Expr *E) { OfHandle |= isa<MemberExpr, DeclRefExpr>(E) && Joins(E); });
      if (OfHandle)
        forEachUnconditional(If->getThen(), Visit);
    }
  return Found;
}

bool joinsIn(const FunctionModel &Function, const FieldDecl *Field, UnitModel &Unit, unsigned Depth) {
  CatalogIndex &Names = Unit.names();
  auto IsOwn = [&](const Expr *Object) {
    if (!Field)
      return true;
    std::optional<AccessPath> Path = pathOf(Object, Names);
    if (!Path)
      return true;
    if (!Path->root())
      return !Path->steps().empty() && Path->steps().front().asField() == Field->getCanonicalDecl();
    return llvm::any_of(Function.Accesses, [&](const Expr *Access) { // the variable of a loop over the field
      const auto *Member = dyn_cast<MemberExpr>(Access);
      return Member && Member->getMemberDecl()->getCanonicalDecl() == Field->getCanonicalDecl();
    });
  };
  for (const CallExpr *Call : Function.Calls) {
    if (const Expr *Object = joinedBy(Call, Names); Object && IsOwn(Object))
      return true;
    if (Depth > 0)
      if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call))
        if (const FunctionModel *Callee = Unit.function(Member->getMethodDecl())) {
          const Expr *Object = Member->getImplicitObjectArgument();
          if (isa<CXXThisExpr>(stripped(Object)) ? joinsIn(*Callee, Field, Unit, Depth - 1)
                                                 : pathOf(Object, Names) && IsOwn(Object) && joinsIn(*Callee, nullptr, Unit, Depth - 1))
            return true;
        }
  }
  if (dropsIn(Function, IsOwn, Unit))
    return true;
  // std::for_each(threads_.begin(), threads_.end(), [](auto &t) { t.join(); })
  for (const auto &Inner : Unit.functions())
    if (Inner->Enclosing == &Function)
      for (const CallExpr *Call : Inner->Calls)
        if (joinedBy(Call, Names))
          return true;
  return false;
}

} // namespace

const Expr *droppedBy(const Expr *E, CatalogIndex &Names) {
  if (const auto *Delete = dyn_cast<CXXDeleteExpr>(E))
    return Delete->getArgument();
  const auto *Call = dyn_cast<CallExpr>(E);
  if (!Call)
    return nullptr;
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Call))
    return Operator->getOperator() == OO_Equal && Operator->getNumArgs() == 2 ? Operator->getArg(0) : nullptr;
  if (const Expr *Owner = ownerIn(Call, "reset", Names))
    return Owner;
  const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
  const CXXMethodDecl *Method = Member ? Member->getMethodDecl() : nullptr;
  bool Clears = Method && Method->getDeclName().isIdentifier() && Method->getName() == "clear" && Names.container(Method->getParent());
  return Clears ? Member->getImplicitObjectArgument() : nullptr;
}

const Expr *leakedBy(const CallExpr *Call, CatalogIndex &Names) { return ownerIn(Call, "release", Names); }

const Expr *joinedBy(const CallExpr *Call, CatalogIndex &Names) {
  if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call))
    return isHandleMember(Member, &ThreadEntry::Join, Names) ? Member->getImplicitObjectArgument() : nullptr;
  if (const auto *Dependent = dyn_cast<CXXDependentScopeMemberExpr>(Call->getCallee()->IgnoreParens()))
    if (Dependent->getMember().getAsString() == "join" && !Dependent->isImplicitAccess())
      return Dependent->getBase(); // auto &t of a generic lambda
  const FunctionDecl *Callee = Call->getDirectCallee();
  const FunctionEntry *Entry = Callee ? Names.function(Callee) : nullptr;
  return Entry && Entry->Effect == FunctionEffect::Join && Call->getNumArgs() > 0 ? Call->getArg(0) : nullptr;
}

const Expr *detachedBy(const CallExpr *Call, CatalogIndex &Names) {
  if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call))
    return isHandleMember(Member, &ThreadEntry::Detach, Names) ? Member->getImplicitObjectArgument() : nullptr;
  const FunctionDecl *Callee = Call->getDirectCallee();
  const FunctionEntry *Entry = Callee ? Names.function(Callee) : nullptr;
  return Entry && Entry->Effect == FunctionEffect::Detach && Call->getNumArgs() > 0 ? Call->getArg(0) : nullptr;
}

bool isJoinedOrTransferred(const VarDecl *Variable, const FunctionModel &Function, CatalogIndex &Names) {
  auto Is = [&](const Expr *E) {
    const auto *Ref = E ? dyn_cast<DeclRefExpr>(stripped(E)) : nullptr;
    return Ref && Ref->getDecl() == Variable;
  };
  return Variable->isNRVOVariable() || llvm::any_of(Function.Calls, [&](const CallExpr *Call) {
           CallSite Site = CallSite::of(Call);
           return Is(detachedBy(Call, Names)) || Is(joinedBy(Call, Names)) || llvm::any_of(Site.Arguments, Is);
         });
}

/// \p IsNew is set if the handle is an object of its own on the heap.
static HandlePlace findPlace(const Spawn &Started, CatalogIndex &Names, bool &IsNew) {
  HandlePlace Place;
  Place.Type = Started.Site->getType().getNonReferenceType();
  Place.Where = Started.Site->getBeginLoc();
  if (Started.Field) { // a default member initialiser
    Place.Kind = HandlePlace::Member;
    Place.Field = Started.Field;
    Place.Type = Started.Field->getType();
    return Place;
  }
  llvm::SmallVector<const Stmt *, 16> Path;
  if (const auto *Constructor = dyn_cast<CXXConstructorDecl>(Started.In->Function))
    for (const CXXCtorInitializer *Init : Constructor->inits())
      if (Path.clear(), findPath(Init->getInit(), Started.Site, Path)) {
        Place.Kind = HandlePlace::Member;
        Place.Field = Init->getAnyMember();
        if (Place.Field)
          Place.Type = Place.Field->getType();
        return Place;
      }
  Path.clear();
  if (!findPath(Started.In->Body, Started.Site, Path))
    return Place;
  if (Started.Handle) // an argument that receives it, like the first of pthread_create
    return placeAt(Started.Handle, Names);
  // Emplaced into a container: the call is the site.
  if (const auto *Call = dyn_cast<CXXMemberCallExpr>(Started.Site); Call && (Started.End == ThreadEnd::Handle || Started.Emplaced) && !Started.Owner)
    if (const CXXMethodDecl *Method = Call->getMethodDecl(); Method && Names.isEmplacer(Method))
      return placeAt(Call->getImplicitObjectArgument(), Names);
  size_t Index = Path.size() - 1;
  while (Index > 0 && isTransparent(Path[Index - 1], Names))
    IsNew |= isa<CXXNewExpr>(Path[--Index]);
  if (Index == 0)
    return Place;
  // std::async(f).share(): the result is a handle of the same thread.
  while (Index >= 3 && isa<MemberExpr>(Path[Index - 1])) {
    const auto *Call = dyn_cast<CXXMemberCallExpr>(Path[Index - 2]);
    if (!Call || !Names.thread(classOf(Call->getType())) || joinedBy(Call, Names))
      break;
    Place.Type = Call->getType();
    Index -= 2;
    while (Index > 0 && isTransparent(Path[Index - 1], Names))
      --Index;
    if (Index == 0)
      return Place;
  }
  const Stmt *User = Path[Index - 1];
  if (const auto *Declaration = dyn_cast<DeclStmt>(User)) {
    for (const Decl *D : Declaration->decls()) {
      const auto *Variable = dyn_cast<VarDecl>(D);
      llvm::SmallVector<const Stmt *, 16> Inner;
      if (!Variable || !findPath(Variable->getInit(), Started.Site, Inner))
        continue;
      Place.Kind = Variable->hasGlobalStorage() ? HandlePlace::Elsewhere : HandlePlace::Local;
      Place.Variable = Variable;
      Place.Type = Variable->getType().getNonReferenceType();
    }
    return Place;
  }
  if (isa<ReturnStmt, CoreturnStmt>(User)) {
    Place.Kind = HandlePlace::Returned;
    Place.Where = User->getBeginLoc();
    return Place;
  }
  if (const auto *Assign = dyn_cast<CXXOperatorCallExpr>(User); Assign && Assign->getOperator() == OO_Equal)
    return placeAt(Assign->getArg(0), Names);
  if (const auto *Assign = dyn_cast<BinaryOperator>(User); Assign && Assign->isAssignmentOp())
    return placeAt(Assign->getLHS(), Names);
  if (isa<MemberExpr>(User) && Index >= 2)
    User = Path[Index - 2];
  if (const auto *Call = dyn_cast<CXXMemberCallExpr>(User)) {
    const Expr *Object = stripped(Call->getImplicitObjectArgument());
    bool IsObject = llvm::is_contained(Path, Object) || Object == stripped(Started.Site);
    if (IsObject && joinedBy(Call, Names))
      Place.Kind = HandlePlace::Joined;
    else if (IsObject && detachedBy(Call, Names))
      Place.Kind = HandlePlace::Detached, Place.Where = Call->getExprLoc();
    else if (!IsObject && Call->getMethodDecl() && (Names.isEmplacer(Call->getMethodDecl()) || resetsPointer(Call, Names)))
      return placeAt(Call->getImplicitObjectArgument(), Names);
    else if (!IsObject)
      Place.Kind = HandlePlace::PassedOn, Place.Call = Call;
    return Place;
  }
  if (const auto *Call = dyn_cast<CallExpr>(User)) {
    Place.Kind = HandlePlace::PassedOn;
    Place.Call = Call;
  }
  return Place;
}

HandlePlace placeOf(const Spawn &Started, CatalogIndex &Names) {
  bool IsNew = false;
  HandlePlace Place = findPlace(Started, Names, IsNew);
  Place.IsNew = IsNew;
  return Place;
}

bool joinsThread(const FunctionModel &Function, const FieldDecl *Field, UnitModel &Unit) { return joinsIn(Function, Field, Unit, MaxCallDepth); }

bool destructorJoins(const CXXRecordDecl *Class, const FieldDecl *Field, UnitModel &Unit) {
  const CXXDestructorDecl *Destructor = Class->getDestructor();
  const FunctionModel *Function = Destructor && Destructor->isUserProvided() ? Unit.function(Destructor) : nullptr;
  return Function && joinsThread(*Function, Field, Unit);
}

namespace {

/// \p Seen has the classes examined so far, since a class may contain itself through a pointer.
std::optional<HandleDestruction> destructionOf(QualType Type, UnitModel &Unit, llvm::SmallPtrSetImpl<const CXXRecordDecl *> &Seen) {
  const auto *Record = Type.getNonReferenceType()->getAsCXXRecordDecl();
  if (!Record)
    return std::nullopt;
  if (!Seen.insert(Record->getCanonicalDecl()).second)
    return std::nullopt;
  CatalogIndex &Names = Unit.names();
  if (const ThreadEntry *Entry = Names.thread(Record))
    return Entry->OnDestroy;
  if (const auto *Specialisation = dyn_cast<ClassTemplateSpecializationDecl>(Record); Specialisation && Names.type(Record)) {
    for (const TemplateArgument &Argument : Specialisation->getTemplateArgs().asArray())
      if (Argument.getKind() == TemplateArgument::Type)
        if (std::optional<HandleDestruction> Inner = destructionOf(Argument.getAsType(), Unit, Seen))
          return Inner;
    return std::nullopt;
  }
  if (!Record->hasDefinition() || Record->isInStdNamespace())
    return std::nullopt;
  Record = Record->getDefinition();
  for (const CXXBaseSpecifier &Base : Record->bases())
    if (std::optional<HandleDestruction> Inner = destructionOf(Base.getType(), Unit, Seen))
      return destructorJoins(Record, nullptr, Unit) ? HandleDestruction::Joins : Inner;
  for (const FieldDecl *Field : Record->fields())
    if (std::optional<HandleDestruction> Inner = destructionOf(Field->getType(), Unit, Seen)) {
      if (destructorJoins(Record, Field, Unit))
        return HandleDestruction::Joins;
      // Assume that a destructor without a visible body joins.
      const CXXDestructorDecl *Destructor = Record->getDestructor();
      if (Destructor && Destructor->isUserProvided() && !Unit.function(Destructor))
        return HandleDestruction::Joins;
      return Inner;
    }
  // A C handle is a number or a struct, whose destruction does nothing.
  return destructorJoins(Record, nullptr, Unit) ? std::optional(HandleDestruction::Joins) : std::nullopt;
}

} // namespace

std::optional<HandleDestruction> destructionOf(QualType Type, UnitModel &Unit) {
  const auto *Record = Type.getNonReferenceType()->getAsCXXRecordDecl();
  if (!Record)
    return std::nullopt;
  // What a class asks for that is being looked at, through the functions that its destructor calls, adds nothing.
  auto [It, New] = Unit.destructions().try_emplace(Record->getCanonicalDecl());
  if (!New)
    return It->second;
  llvm::SmallPtrSet<const CXXRecordDecl *, 8> Seen;
  std::optional<HandleDestruction> Result = destructionOf(Type, Unit, Seen);
  Unit.destructions()[Record->getCanonicalDecl()] = Result;
  return Result;
}

} // namespace ward
