// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "model/Blocking.h"

#include "model/Annotations.h"
#include "model/Descriptors.h"
#include "model/ThreadHandle.h"

#include "clang/AST/ExprCXX.h"
#include "clang/Basic/SourceManager.h"

using namespace clang;

namespace ward {
namespace {

bool isAnnotatedBlocking(const FunctionDecl *Function) {
  return llvm::any_of(Function->redecls(), [](const FunctionDecl *Declaration) { return isAnnotated(Declaration, "ward::blocking"); });
}

/// \p E is a duration or number that is literally zero: `0`, `0ms`, `std::chrono::seconds(0)`, `seconds::zero()`.
bool isZero(const Expr *E, const ASTContext &Context) {
  E = stripped(E);
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(E))
    return Construct->getNumArgs() >= 1 && isZero(Construct->getArg(0), Context);
  if (const auto *Literal = dyn_cast<UserDefinedLiteral>(E)) {
    // 0ms: the digits are template arguments, or the value is the argument.
    if (Literal->getNumArgs() == 1)
      return isZero(Literal->getArg(0), Context);
    const auto *Operator = dyn_cast_or_null<FunctionDecl>(Literal->getCalleeDecl());
    const TemplateArgumentList *Digits = Operator ? Operator->getTemplateSpecializationArgs() : nullptr;
    return Digits && llvm::all_of(Digits->asArray(), [](const TemplateArgument &Argument) {
             ArrayRef<TemplateArgument> Pack(Argument);
             if (Argument.getKind() == TemplateArgument::Pack)
               Pack = Argument.getPackAsArray();
             return llvm::all_of(Pack, [](const TemplateArgument &Digit) {
               return Digit.getKind() == TemplateArgument::Integral && Digit.getAsIntegral() == '0';
             });
           });
  }
  if (const auto *Call = dyn_cast<CallExpr>(E))
    if (const FunctionDecl *Callee = Call->getDirectCallee(); Callee && Callee->getDeclName().isIdentifier())
      if (llvm::StringRef Name = Callee->getName(); Name.equals_insensitive("zero") || Name.equals_insensitive("zeroduration"))
        return true;
  Expr::EvalResult Value;
  return !E->isValueDependent() && E->getType()->isIntegralOrEnumerationType() && E->EvaluateAsInt(Value, Context) &&
         Value.Val.getInt().isZero();
}

/// \p S assigns to a field of \p Variable.
bool isAssigned(const Stmt *S, const VarDecl *Variable) {
  if (!S)
    return false;
  const auto *Assign = dyn_cast<BinaryOperator>(S);
  const auto *Member = Assign && Assign->isAssignmentOp() ? dyn_cast<MemberExpr>(stripped(Assign->getLHS())) : nullptr;
  const auto *Ref = Member ? dyn_cast<DeclRefExpr>(stripped(Member->getBase())) : nullptr;
  return (Ref && Ref->getDecl() == Variable) || llvm::any_of(S->children(), [&](const Stmt *Child) { return isAssigned(Child, Variable); });
}

/// Every assignment in \p S, the body of a function, to \p Variable or a field of it assigns zero.
bool assignsOnlyZero(const Stmt *S, const VarDecl *Variable, const ASTContext &Context) {
  if (!S)
    return true;
  if (const auto *Assign = dyn_cast<BinaryOperator>(S); Assign && Assign->isAssignmentOp()) {
    const Expr *Left = stripped(Assign->getLHS());
    while (const auto *Member = dyn_cast<MemberExpr>(Left))
      Left = stripped(Member->getBase());
    if (const auto *Ref = dyn_cast<DeclRefExpr>(Left); Ref && Ref->getDecl() == Variable)
      return Assign->getOpcode() == BO_Assign && isZero(Assign->getRHS(), Context);
  }
  return llvm::all_of(S->children(), [&](const Stmt *Child) { return assignsOnlyZero(Child, Variable, Context); });
}

/// \p E is the address of a local C struct, such as a timeval, whose fields are all zero.
bool pointsToZero(const Expr *E, const FunctionModel &Function, const ASTContext &Context) {
  const auto *Address = dyn_cast<UnaryOperator>(stripped(E));
  const auto *Ref = Address && Address->getOpcode() == UO_AddrOf ? dyn_cast<DeclRefExpr>(stripped(Address->getSubExpr())) : nullptr;
  const auto *Variable = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
  if (!Variable || !Variable->isLocalVarDecl())
    return false;
  const Expr *Init = Variable->getInit() ? Variable->getInit()->IgnoreParenImpCasts() : nullptr;
  if (const auto *List = dyn_cast_or_null<InitListExpr>(Init)) {
    if (llvm::any_of(List->inits(), [&](const Expr *Value) { return !isa<ImplicitValueInitExpr>(Value) && !isZero(Value, Context); }))
      return false;
  } else if (Init && !isa<CXXConstructExpr>(Init)) {
    return false;
  } else if (!isAssigned(Function.Body, Variable)) {
    return false;
  }
  return assignsOnlyZero(Function.Body, Variable, Context);
}

/// The name of the variable that \p E names, possibly by a macro such as `stdout`.
llvm::StringRef variableName(const Expr *E) {
  const auto *Ref = dyn_cast<DeclRefExpr>(stripped(E));
  return Ref && Ref->getDecl()->getDeclName().isIdentifier() ? Ref->getDecl()->getName() : "";
}

/// The class of the object \p E, or of its pointee, before a conversion to a base class.
const TagDecl *objectClass(const Expr *E) {
  QualType Type = E->IgnoreParenImpCasts()->getType();
  return classOf(Type->isPointerType() ? Type->getPointeeType() : Type);
}

/// \p E is the address of a local C struct, such as an addrinfo, whose field named \p Field is set to a constant with one of the bits
/// \p Flags.
bool pointsToFlags(const Expr *E, llvm::StringRef Field, unsigned Flags, const FunctionModel &Function, const ASTContext &Context) {
  const auto *Ref = dyn_cast<DeclRefExpr>(withoutAddressOf(E));
  const auto *Variable = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
  const RecordDecl *Record = Variable && Variable->isLocalVarDecl() ? Variable->getType()->getAsRecordDecl() : nullptr;
  if (!Record)
    return false;
  auto Has = [&](const Expr *Value) {
    Expr::EvalResult Result;
    return !Value->isValueDependent() && Value->EvaluateAsInt(Result, Context) && (Result.Val.getInt().getExtValue() & Flags);
  };
  const auto *List = Variable->getInit() ? dyn_cast<InitListExpr>(Variable->getInit()->IgnoreParenImpCasts()) : nullptr;
  if (List && List->isSyntacticForm() && List->getSemanticForm())
    List = List->getSemanticForm();
  if (List)
    for (const FieldDecl *Each : Record->fields())
      if (Each->getName() == Field && Each->getFieldIndex() < List->getNumInits() && Has(List->getInit(Each->getFieldIndex())))
        return true;
  auto Assigns = [&](const Stmt *S, auto &&Self) -> bool {
    if (!S)
      return false;
    const auto *Assign = dyn_cast<BinaryOperator>(S);
    const auto *Member = Assign && Assign->isAssignmentOp() ? dyn_cast<MemberExpr>(stripped(Assign->getLHS())) : nullptr;
    const auto *Base = Member ? dyn_cast<DeclRefExpr>(stripped(Member->getBase())) : nullptr;
    if (Base && Base->getDecl() == Variable && Member->getMemberDecl()->getName() == Field && Has(Assign->getRHS()))
      return true;
    return llvm::any_of(S->children(), [&](const Stmt *Child) { return Self(Child, Self); });
  };
  return Assigns(Function.Body, Assigns);
}

/// What a call of \p Entry with \p Arguments waits for: Never or Console if its arguments show that.
BlockingKind kindOf(const BlockingEntry &Entry, ArrayRef<const Expr *> Arguments, const FunctionModel &Function,
                    const ASTContext &Context) {
  auto ArgumentAt = [&](int Index) { return Index >= 0 && static_cast<size_t>(Index) < Arguments.size() ? Arguments[Index] : nullptr; };
  const Expr *Timeout = ArgumentAt(Entry.Timeout);
  if (Timeout && (Timeout->getType()->isPointerType() ? pointsToZero(Timeout, Function, Context) : isZero(Timeout, Context)))
    return BlockingKind::Never;
  if (const Expr *Flags = ArgumentAt(Entry.Flags); Flags && !Entry.FlagsField.empty()) {
    if (pointsToFlags(Flags, Entry.FlagsField, Entry.Nonblocking, Function, Context))
      return BlockingKind::Never;
  } else if (Flags && !Flags->isValueDependent()) {
    Expr::EvalResult Value;
    if (Flags->EvaluateAsInt(Value, Context) && (Value.Val.getInt().getExtValue() & Entry.Nonblocking))
      return BlockingKind::Never;
  }
  if (const Expr *Stream = ArgumentAt(Entry.StreamArgument))
    if (llvm::StringRef Name = variableName(Stream); Name == "stdout" || Name == "stderr")
      return BlockingKind::Console;
  return Entry.Kind;
}

/// The entry of \p E, an object or argument of a call, such as `std::cin` or a file stream.
const BlockingEntry *entryOfOperand(const Expr *E, CatalogIndex &Names) {
  E = stripped(E);
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E))
    if (const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl()); Variable && Variable->hasGlobalStorage())
      if (const BlockingEntry *Entry = Names.blocking(Variable))
        return Entry;
  if (const auto *Call = dyn_cast<CXXOperatorCallExpr>(E)) // std::cin >> a >> b
    return Call->getNumArgs() ? entryOfOperand(Call->getArg(0), Names) : nullptr;
  return E->getType()->isPointerType() ? nullptr : Names.blocking(classOf(E->getType()));
}

/// Every lock or guard among \p Arguments.
llvm::SmallVector<const Expr *, 1> locksAmong(ArrayRef<const Expr *> Arguments, LockTypes &Types) {
  llvm::SmallVector<const Expr *, 1> Result;
  for (const Expr *Argument : Arguments) {
    QualType Type = Argument->getType().getNonReferenceType();
    if (Type->isPointerType())
      Type = Type->getPointeeType();
    if (Types.guard(Type.getUnqualifiedType()) || Types.mutex(Type))
      Result.push_back(Argument);
  }
  return Result;
}

/// \p Function also queries whether \p Call on \p Object would block, `f.wait_for(0s) == std::future_status::ready`, or waits before.
bool isPolledBefore(const CallExpr *Call, const Expr *Object, const FunctionModel &Function, UnitModel &Unit) {
  std::optional<AccessPath> Path = pathOf(Object, Unit.names());
  if (!Path)
    return false;
  return llvm::any_of(Function.Calls, [&](const CallExpr *Other) {
    if (Other->getBeginLoc() == Call->getBeginLoc())
      return false;
    CallSite Site = CallSite::of(Other);
    if (!Site.Object || !Site.Callee)
      return false;
    // An earlier wait: the result is available.
    const ThreadEntry *Thread = Unit.names().thread(objectClass(Site.Object));
    if (Thread && llvm::is_contained(Thread->Join, Site.Callee->getNameAsString()) && Other->getDirectCallee() != Call->getDirectCallee() &&
        Unit.context().getSourceManager().isBeforeInTranslationUnit(Other->getBeginLoc(), Call->getBeginLoc()) &&
        pathOf(Site.Object, Unit.names()) == Path)
      return true;
    const BlockingEntry *Entry = Unit.names().blocking(Site.Callee, objectClass(Site.Object));
    return Entry && Entry->Timeout >= 0 && pathOf(Site.Object, Unit.names()) == Path &&
           kindOf(*Entry, Site.Arguments, Function, Unit.context()) == BlockingKind::Never;
  });
}

} // namespace

llvm::StringRef verbOf(BlockingKind Kind) {
  switch (Kind) {
  case BlockingKind::Never:
    break;
  case BlockingKind::Any:
    return "may block";
  case BlockingKind::Sleep:
    return "sleeps";
  case BlockingKind::Join:
    return "waits for a thread to finish";
  case BlockingKind::Result:
    return "waits for a result";
  case BlockingKind::Event:
  case BlockingKind::Condvar:
    return "waits for another thread";
  case BlockingKind::Message:
    return "waits on a channel";
  case BlockingKind::Network:
    return "may block on the network";
  case BlockingKind::Io:
  case BlockingKind::Console:
  case BlockingKind::Stream:
    return "performs I/O";
  case BlockingKind::Process:
    return "waits for another process";
  }
  return "may block";
}

std::optional<BlockingCall> blockingCall(const Expr *E, const FunctionModel &Function, UnitModel &Unit) {
  CatalogIndex &Names = Unit.names();
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(E)) {
    const CXXConstructorDecl *Constructor = Construct->getConstructor();
    if (isAnnotatedBlocking(Constructor))
      return BlockingCall{BlockingKind::Any, Constructor->getNameAsString(), {}};
    const BlockingEntry *Entry =
        Construct->getNumArgs() > 0 && !Constructor->isCopyOrMoveConstructor() ? Names.blocking(Constructor->getParent()) : nullptr;
    return Entry ? std::optional(BlockingCall{Entry->Kind, Constructor->getParent()->getNameAsString(), {}}) : std::nullopt;
  }
  const auto *Call = dyn_cast<CallExpr>(E);
  const FunctionDecl *Callee = Call ? Call->getDirectCallee() : nullptr;
  if (!Callee)
    return std::nullopt;
  CallSite Site = CallSite::of(Call);
  std::string Name = Callee->getNameAsString();
  const TagDecl *ObjectClass = Site.Object ? objectClass(Site.Object) : nullptr;
  const auto *Method = dyn_cast<CXXMethodDecl>(Callee);
  if (Method && Method->isStatic())
    ObjectClass = Method->getParent();

  if (const BlockingEntry *Entry = Names.blocking(Callee, ObjectClass)) {
    BlockingKind Kind = kindOf(*Entry, Site.Arguments, Function, Unit.context());
    if (Kind == BlockingKind::Never || (Kind == BlockingKind::Result && isPolledBefore(Call, Site.Object, Function, Unit)))
      return std::nullopt;
    if (Entry->Descriptor >= 0 && static_cast<unsigned>(Entry->Descriptor) < Site.Arguments.size() &&
        isNonblocking(Site.Arguments[Entry->Descriptor], Call, Function, Unit))
      return std::nullopt;
    BlockingCall Result{Kind, Name, {}};
    if (Kind == BlockingKind::Condvar) {
      Result.Releases = locksAmong(Site.Arguments, Unit.types());
      if (Site.Object && Unit.types().mutex(Site.Object->getType()))
        Result.Releases.push_back(Site.Object);
    }
    return Result;
  }
  if (isAnnotatedBlocking(Callee))
    return BlockingCall{BlockingKind::Any, Name, locksAmong(Site.Arguments, Unit.types())};
  if (const CondvarEntry *Condvar = ObjectClass ? Names.condvar(ObjectClass) : nullptr; Condvar && llvm::is_contained(Condvar->Wait, Name))
    return BlockingCall{BlockingKind::Condvar, Name, locksAmong(Site.Arguments, Unit.types())};
  if (const ThreadEntry *Thread = ObjectClass ? Names.thread(ObjectClass) : nullptr; Thread && llvm::is_contained(Thread->Join, Name)) {
    bool Joins = llvm::StringRef(Name).contains("join"); // otherwise a future
    if (!Joins && isPolledBefore(Call, Site.Object, Function, Unit))
      return std::nullopt;
    return BlockingCall{Joins ? BlockingKind::Join : BlockingKind::Result, Name, {}};
  }
  const BlockingEntry *Operand = Site.Object ? entryOfOperand(Site.Object, Names) : nullptr;
  for (const Expr *Argument : Site.Arguments.take_front(Site.Object ? 0 : 1)) // operator>>(std::cin, x), getline(std::cin, line)
    Operand = Operand ? Operand : entryOfOperand(Argument, Names);
  if (Operand && !isa<CXXConversionDecl>(Callee) && isLibraryCode(Callee))
    return BlockingCall{Operand->Kind, Name, {}};
  return std::nullopt;
}

} // namespace ward
