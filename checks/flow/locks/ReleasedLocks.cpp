// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/locks/ReleasedLocks.h"

#include "flow/UnitFlow.h"

#include "clang/AST/ExprCXX.h"

#include <deque>

using namespace clang;

namespace ward {
namespace {

/// An unlock or lock.
struct Change {
  AccessPath Lock;
  bool Releases;
};

class ChangeReader {
public:
  ChangeReader(const FunctionModel &Function, UnitModel &Unit) : Function(Function), Unit(Unit) {}

  /// What \p S does to locks that are not guards of this function.
  llvm::SmallVector<Change, 1> changes(const Stmt *S) const {
    llvm::SmallVector<Change, 1> Result;
    LockTypes &Types = Unit.types();
    auto Add = [&](const Expr *Object, bool Releases) {
      std::optional<AccessPath> Path = pathOf(Object, Unit.names());
      bool Own = Path && Path->root() && Path->steps().empty() && Function.guardVariable(Path->root());
      if (Path && !Own)
        Result.push_back({std::move(*Path), Releases});
    };
    if (const auto *Member = dyn_cast<CXXMemberCallExpr>(S); Member && Member->getMethodDecl()) {
      const Expr *Object = Member->getImplicitObjectArgument();
      QualType Type = Object->getType();
      Type = (Type->isPointerType() ? Type->getPointeeType() : Type.getNonReferenceType()).getUnqualifiedType();
      if (const GuardType *Guard = Types.guard(Type)) { // a parameter or a member
        if (std::optional<FunctionEffect> Effect = Types.guardEffect(*Guard, Member->getMethodDecl()))
          Add(Object, *Effect == FunctionEffect::Unlock || *Effect == FunctionEffect::Drop);
        return Result;
      }
    }
    if (const auto *Call = dyn_cast<CallExpr>(S))
      if (std::optional<LockEffect> Effect = Types.effectOf(Call))
        for (const Expr *Object : Effect->Objects)
          Add(Object, Effect->Effect == FunctionEffect::Unlock || Effect->Effect == FunctionEffect::Drop);
    if (const auto *Declaration = dyn_cast<DeclStmt>(S)) // a guard whose constructor unlocks
      for (const Decl *D : Declaration->decls())
        if (const auto *Variable = dyn_cast<VarDecl>(D))
          if (const GuardVariable *Guard = Function.guardVariable(Variable);
              Guard && Guard->How.Kind == Acquisition::Inverts)
            for (const LockRef &Ref : Guard->How.Locked)
              if (Ref.Mutex)
                Result.push_back({*Ref.Mutex, true});
    return Result;
  }

  /// What the destruction of \p Variable locks again.
  llvm::SmallVector<Change, 1> changesAtDestruction(const VarDecl *Variable) const {
    llvm::SmallVector<Change, 1> Result;
    if (const GuardVariable *Guard = Function.guardVariable(Variable); Guard && Guard->How.Kind == Acquisition::Inverts)
      for (const LockRef &Ref : Guard->How.Locked)
        if (Ref.Mutex)
          Result.push_back({*Ref.Mutex, false});
    return Result;
  }

private:
  const FunctionModel &Function;
  UnitModel &Unit;
};

using Paths = llvm::SmallVector<AccessPath, 1>;

void apply(ArrayRef<Change> Changes, Paths &State) {
  for (const Change &One : Changes) {
    llvm::erase_if(State, [&](const AccessPath &Path) { return Path == One.Lock; });
    if (One.Releases)
      State.push_back(One.Lock);
  }
}

} // namespace

ReleasedLocks findReleasedLocks(const FunctionModel &Function, UnitFlow &Flow) {
  ReleasedLocks Result;
  ChangeReader Read(Function, Flow.model());
  auto Releases = [&](const CallExpr *Call) {
    return llvm::any_of(Read.changes(Call), [](const Change &One) { return One.Releases; });
  };
  auto Inverts = [](const GuardVariable &Guard) { return Guard.How.Kind == Acquisition::Inverts; };
  if (llvm::none_of(Function.Calls, Releases) && llvm::none_of(Function.Guards, Inverts))
    return Result;
  const CFG *Graph = Flow.graph(Function);
  if (!Graph)
    return Result;
  llvm::DenseMap<const CFGBlock *, Paths> Entries;
  llvm::DenseMap<const CFGBlock *, unsigned> Rounds;
  std::deque<const CFGBlock *> Work{&Graph->getEntry()};
  Entries[&Graph->getEntry()];
  // The sets at the entries of blocks only grow, by locks that the function names: few rounds are needed.
  constexpr unsigned MaxRounds = 16;
  while (!Work.empty()) {
    const CFGBlock *Block = Work.front();
    Work.pop_front();
    if (++Rounds[Block] > MaxRounds)
      continue;
    Paths State = Entries[Block];
    for (const CFGElement &Element : *Block) {
      if (std::optional<CFGStmt> S = Element.getAs<CFGStmt>()) {
        if (isa<CallExpr, CXXConstructExpr>(S->getStmt()) && !State.empty())
          Result[S->getStmt()] = State;
        apply(Read.changes(S->getStmt()), State);
      } else if (std::optional<CFGAutomaticObjDtor> Dtor = Element.getAs<CFGAutomaticObjDtor>()) {
        apply(Read.changesAtDestruction(Dtor->getVarDecl()), State);
      }
    }
    for (const CFGBlock *Successor : Block->succs()) {
      if (!Successor)
        continue;
      auto [It, New] = Entries.try_emplace(Successor);
      bool Changed = New;
      for (const AccessPath &Path : State)
        if (!llvm::is_contained(It->second, Path)) {
          It->second.push_back(Path);
          Changed = true;
        }
      if (Changed)
        Work.push_back(Successor);
    }
  }
  return Result;
}

} // namespace ward
