// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lock/NonAtomicUpdateCheck.h"

#include "base/SourceEdit.h"
#include "lock/AtomicUpdates.h"
#include "model/SystemHeaders.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace ward {
namespace {

OverloadedOperatorKind compoundOf(BinaryOperatorKind Operator) {
  switch (Operator) {
  case BO_Add:
    return OO_PlusEqual;
  case BO_Sub:
    return OO_MinusEqual;
  case BO_And:
    return OO_AmpEqual;
  case BO_Or:
    return OO_PipeEqual;
  case BO_Xor:
    return OO_CaretEqual;
  default:
    return OO_None;
  }
}

bool hasOperator(const CXXRecordDecl *Class, OverloadedOperatorKind Operator, ASTContext &Context) {
  if (!Class || !Class->hasDefinition())
    return false;
  DeclarationName Name = Context.DeclarationNames.getCXXOperatorName(Operator);
  return !Class->lookup(Name).empty() || llvm::any_of(Class->bases(), [&](const CXXBaseSpecifier &Base) {
    return hasOperator(Base.getType()->getAsCXXRecordDecl(), Operator, Context);
  });
}

/// The arguments from \p First on are all default arguments.
bool onlyDefaults(const CallExpr *Call, unsigned First) {
  for (unsigned I = First; I < Call->getNumArgs(); ++I)
    if (!isa<CXXDefaultArgExpr>(Call->getArg(I)))
      return false;
  return true;
}

/// The operation is sequentially consistent as written: an operator, a conversion, or a member call without an order.
bool hasDefaultOrder(const AtomicOperation &Operation) {
  if (const auto *Call = dyn_cast<CallExpr>(Operation.Where))
    return isa<CXXOperatorCallExpr>(Call) ||
           (isa<CXXMemberCallExpr>(Call) && onlyDefaults(Call, Operation.Action == AtomicAction::Store ? 1 : 0));
  return isa<ImplicitCastExpr, BinaryOperator>(Operation.Where);
}

/// `a = a + 1` and `a.store(a.load() + 1)` are `a += 1`, which is one step. None where it is not that simple.
std::optional<FixItHint> oneStep(const AtomicMistake &Mistake, ASTContext &Context) {
  const AtomicOperation &Store = *Mistake.At;
  if (Mistake.How != AtomicMistake::TwoSteps || !Mistake.IsStatement || Store.Through || Mistake.Load->Through ||
      !hasDefaultOrder(Store) || !hasDefaultOrder(*Mistake.Load))
    return std::nullopt;
  const auto *Sum = dyn_cast<BinaryOperator>(stripped(Store.Value));
  OverloadedOperatorKind Compound = Sum ? compoundOf(Sum->getOpcode()) : OO_None;
  if (Compound == OO_None || Store.Object->HasSideEffects(Context))
    return std::nullopt;
  const Expr *Load = stripped(cast<Expr>(Mistake.Load->Where));
  const Expr *Other = nullptr;
  if (stripped(Sum->getLHS()) == Load)
    Other = Sum->getRHS();
  else if (stripped(Sum->getRHS()) == Load && Sum->getOpcode() != BO_Sub)
    Other = Sum->getLHS();
  QualType Type = Load->getType().getNonReferenceType();
  if (const auto *Atomic = Type->getAs<AtomicType>())
    Type = Atomic->getValueType();
  if (!Other || !Other->getType()->isIntegralOrEnumerationType())
    return std::nullopt;
  bool Arithmetic = Compound == OO_PlusEqual || Compound == OO_MinusEqual;
  if (Type->isBooleanType() || !(Type->isIntegerType() || (Type->isPointerType() && Arithmetic)))
    return std::nullopt;
  QualType Object = stripped(Store.Object)->getType().getNonReferenceType();
  bool Arrow = Object->isPointerType();
  if (Arrow)
    Object = Object->getPointeeType();
  if (!Object->isAtomicType() && !hasOperator(Object->getAsCXXRecordDecl(), Compound, Context))
    return std::nullopt;
  std::optional<std::string> Name = textOf(Store.Object->IgnoreImplicit()->getSourceRange(), Context);
  std::optional<std::string> Operand = textOf(Other->IgnoreImplicit()->getSourceRange(), Context);
  CharSourceRange Whole = charactersOf(Store.Where->getSourceRange(), Context);
  if (!Name || !Operand || Whole.isInvalid())
    return std::nullopt;
  return FixItHint::CreateReplacement(Whole, (Arrow ? "*" : "") + *Name + " " + getOperatorSpelling(Compound) + " " + *Operand);
}

/// The name of \p Weak replaced by that of its strong twin.
std::optional<FixItHint> strong(const AtomicOperation &Weak) {
  const auto *Call = dyn_cast<CXXMemberCallExpr>(Weak.Where);
  const auto *Member = Call ? dyn_cast<MemberExpr>(Call->getCallee()->IgnoreParens()) : nullptr;
  if (!Member || Weak.Strong.empty() || Member->getMemberLoc().isMacroID())
    return std::nullopt;
  return FixItHint::CreateReplacement(CharSourceRange::getTokenRange(Member->getMemberLoc(), Member->getMemberLoc()), Weak.Strong);
}

} // namespace

NonAtomicUpdateCheck::NonAtomicUpdateCheck(StringRef Name, tidy::ClangTidyContext *Context)
    : WardCheck(Name, Context), RelaxedLoads(boolOption("RelaxedLoads", false)) {}

void NonAtomicUpdateCheck::storeOptions(tidy::ClangTidyOptions::OptionMap &Map) {
  WardCheck::storeOptions(Map);
  Options.store(Map, "RelaxedLoads", RelaxedLoads ? "true" : "false");
}

void NonAtomicUpdateCheck::analyse(UnitFlow &Unit) {
  for (const auto &Function : Unit.model().functions())
    for (const AtomicMistake &Mistake : findAtomicMistakes(*Function, Unit, RelaxedLoads))
      report(Mistake, Unit);
}

void NonAtomicUpdateCheck::report(const AtomicMistake &Mistake, UnitFlow &Unit) {
  ASTContext &Context = Unit.model().context();
  const SourceManager &Sources = Context.getSourceManager();
  SourceLocation Location = Mistake.Loop ? Mistake.Loop->getBeginLoc() : Mistake.At->Where->getBeginLoc();
  if (isInSystemMacro(Location, Sources)) { // C's atomic_store() is one
    // Both steps in one macro are not the user's.
    if (Mistake.Load && Sources.getFileLoc(Mistake.Load->Where->getBeginLoc()) == Sources.getFileLoc(Location))
      return;
    Location = Sources.getExpansionLoc(Location);
  }
  if (!claim(Location, Sources))
    return;
  std::string Name = Mistake.At->Path.print();
  auto NoteLoad = [&](const char *Text) {
    if (Sources.getExpansionLoc(Mistake.Load->Where->getBeginLoc()) != Sources.getExpansionLoc(Location))
      diag(Sources.getExpansionLoc(Mistake.Load->Where->getBeginLoc()), Text, DiagnosticIDs::Note);
  };
  switch (Mistake.How) {
  case AtomicMistake::TwoSteps: {
    {
      DiagnosticBuilder Warning = diag(Location, "atomicity violation: '%0' is loaded and then stored in two steps; a store by another thread "
                                                 "in between is lost")
                                  << Name;
      if (std::optional<FixItHint> Fix = oneStep(Mistake, Context))
        Warning << *Fix;
    }
    NoteLoad("loaded here");
    diag(Location, "use one atomic operation (fetch_add, exchange), or a compare_exchange loop", DiagnosticIDs::Note);
    break;
  }
  case AtomicMistake::Reset:
    diag(Location, "atomicity violation: '%0' is loaded and then reset in two steps; a store by another thread in between is lost") << Name;
    NoteLoad("loaded here");
    diag(Location, "exchange() does both in one atomic step", DiagnosticIDs::Note);
    break;
  case AtomicMistake::CheckAct:
  case AtomicMistake::CheckUpdate: {
    bool Updates = Mistake.How == AtomicMistake::CheckUpdate;
    std::optional<std::string> Theirs, Ours;
    if (Mistake.Overwritten)
      Theirs = textOf(Mistake.Overwritten->getSourceRange(), Context);
    if (Theirs) // `flag.clear()` has no value
      Ours = Mistake.At->Value ? textOf(Mistake.At->Value->getSourceRange(), Context) : std::optional<std::string>("false");
    unsigned Loses = Theirs && Ours ? 1 : Mistake.BothPass ? 0 : Updates ? 3 : 2;
    diag(Location, "atomicity violation: '%0' is checked and then %select{stored|updated}1 in two steps; %select{two threads can both pass the "
                   "check|this store can overwrite %3 with %4|a store by another thread in between is lost|another thread can change it in "
                   "between}2")
        << Name << Updates << Loses << Theirs.value_or("") << Ours.value_or("");
    NoteLoad("checked here");
    diag(Location, "check and %select{store in one step with exchange() or compare_exchange_strong()|update in one step with a "
                   "compare_exchange loop}0",
         DiagnosticIDs::Note)
        << Updates;
    break;
  }
  case AtomicMistake::WeakOnce: {
    DiagnosticBuilder Warning =
        diag(Location, "this weak compare-exchange of '%0' is not in a loop; it can fail spuriously, although the value is as expected") << Name;
    if (std::optional<FixItHint> Fix = strong(*Mistake.At))
      Warning << *Fix;
    break;
  }
  case AtomicMistake::EmptySpin:
    diag(Location, "this loop busy-waits until another thread changes '%0'; it occupies a core, and may delay that thread") << Name;
    diag(Location, "block with wait() or a condition variable, or yield or pause in the body", DiagnosticIDs::Note);
    break;
  }
}

} // namespace ward
