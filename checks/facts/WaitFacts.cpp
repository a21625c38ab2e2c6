// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The facts about waits, and about writes that a waiter in another unit may miss.
#include "facts/UnitFacts.h"

#include "flow/waits/LostWrites.h"
#include "model/Annotations.h"
#include "model/Records.h"

#include "clang/AST/DeclCXX.h"

using namespace clang;

namespace ward {
namespace {

/// Adds the mutexes that \p Record, or a base of it, has as members.
void collectMutexes(const RecordDecl *Record, LockTypes &Types, llvm::SmallVectorImpl<const ValueDecl *> &Out) {
  Record = definitionOf(Record);
  if (!Record)
    return;
  for (const FieldDecl *Field : Record->fields())
    if (Types.mutex(Field->getType()))
      Out.push_back(Field->getCanonicalDecl());
  for (const CXXBaseSpecifier &Base : basesOf(Record))
    collectMutexes(Base.getType()->getAsRecordDecl(), Types, Out);
}

} // namespace

llvm::json::Array UnitFacts::waits() {
  llvm::json::Array Result;
  for (const auto &[Condvar, Use] : Flow.lostWrites().waiters().all())
    for (const Waiter &One : Use.Waiters) {
      SourceLocation Where = One.Wait.Call->getExprLoc();
      if (!One.Mutex || One.State.empty() || !Symbols.isVisibleElsewhere(Condvar) || !isReported(Where))
        continue;
      llvm::json::Array State;
      for (const ValueDecl *Each : One.State)
        State.push_back(Symbols.variable(Each));
      Result.push_back(llvm::json::Object{{"at", Symbols.place(Where)},
                                          {"cv", Symbols.variable(Condvar)},
                                          {"mutex", Symbols.variable(One.Mutex)},
                                          {"state", std::move(State)}});
    }
  return Result;
}

void UnitFacts::collectWakes() {
  UnitModel &Unit = Flow.model();
  LockTypes &Types = Unit.types();
  for (const auto &[Condvar, Use] : Flow.lostWrites().waiters().all()) {
    if (!Symbols.isVisibleElsewhere(Condvar))
      continue;
    // Waiters in other units use one of the mutexes beside the condition variable.
    llvm::SmallVector<const ValueDecl *, 4> Mutexes;
    if (const auto *Field = dyn_cast<FieldDecl>(Condvar))
      collectMutexes(Field->getParent(), Types, Mutexes);
    else
      for (const VarDecl *Variable : Unit.staticVariables())
        if (Types.mutex(Variable->getType()) && Symbols.isVisibleElsewhere(Variable))
          Mutexes.push_back(Variable->getCanonicalDecl());
    for (const NotifiedAt &Place : notifiedAt(Use, Flow)) {
      if (Place.In->IsPattern || isExemptFromLockChecks(Place.In->Function))
        continue;
      // Whatever the function changes may be what they wait for.
      Waiter Anyone;
      for (const Expr *Access : Place.In->Accesses)
        if (const ValueDecl *Decl = namedBy(pathOf(Access, Unit.names()));
            Decl && Symbols.isVisibleElsewhere(Decl) && !llvm::is_contained(Anyone.State, Decl))
          Anyone.State.push_back(Decl);
      for (const ValueDecl *Mutex : Mutexes) {
        Anyone.Mutex = Mutex;
        if (Place.Through && mentionsState(*Place.Through, Anyone, Unit.names()))
          continue;
        for (const UnlockedWrite &Write : unlockedWrites(*Place.In, Place.Call, Anyone, Flow))
          if (isReported(Write.Where->getExprLoc()))
            Wakes[Place.In].push_back({Condvar, Mutex, Write.State, Write.Where, Place.Notification});
      }
    }
  }
}

llvm::json::Array UnitFacts::wakes(const FunctionModel &Function) {
  llvm::json::Array Result;
  if (auto It = Wakes.find(&Function); It != Wakes.end())
    for (const Wake &One : It->second)
      Result.push_back(llvm::json::Object{{"at", Symbols.place(One.Where->getExprLoc())},
                                          {"by", Symbols.place(One.Notification->getExprLoc())},
                                          {"cv", Symbols.variable(One.Condvar)},
                                          {"mutex", Symbols.variable(One.Mutex)},
                                          {"s", Symbols.variable(One.State)}});
  return Result;
}

} // namespace ward
