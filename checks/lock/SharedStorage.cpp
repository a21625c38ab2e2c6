// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lock/SharedStorage.h"

#include "flow/threads/MemberConflicts.h"
#include "flow/threads/ThreadCode.h"
#include "model/StmtParents.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "llvm/ADT/SmallPtrSet.h"

using namespace clang;

namespace ward {
namespace {

/// An access outside of the construction and destruction of its object.
struct Use {
  const Expr *Where;
  bool Writes;
  /// The thread that it runs on: its start; for the function that starts threads, while they run, any other pointer; null if unknown.
  const void *Thread;
  /// Several threads may run it in parallel.
  bool Many;
  /// The mutexes that are held there in exclusive mode on every path, by their declarations.
  llvm::SmallPtrSet<const ValueDecl *, 2> Locks;
};

const ValueDecl *mutexDecl(const AccessPath &Path) {
  return Path.lastField() ? static_cast<const ValueDecl *>(Path.lastField()) : Path.root();
}

bool isVolatileFlag(const ValueDecl *Decl, CatalogIndex &Names) {
  QualType Type = Decl->getType();
  if (!Type.isVolatileQualified() || !Type->isScalarType() || Type->isAtomicType())
    return false;
  for (const auto *Typedef = Type->getAs<TypedefType>(); Typedef; Typedef = Typedef->getDecl()->getUnderlyingType()->getAs<TypedefType>())
    if (Names.isSignalType(Typedef->getDecl()))
      return false;
  return true;
}

bool isPackedBools(QualType Type, CatalogIndex &Names) {
  const CXXRecordDecl *Class = Type.getNonReferenceType()->getAsCXXRecordDecl();
  if (!Class || !Names.packsBools(Class))
    return false;
  // A vector packs bools only; a container without an element type always packs bits.
  const auto *Specialisation = dyn_cast<ClassTemplateSpecializationDecl>(Class);
  ArrayRef<TemplateArgument> Arguments = Specialisation ? Specialisation->getTemplateArgs().asArray() : ArrayRef<TemplateArgument>();
  return Arguments.empty() || Arguments.front().getKind() != TemplateArgument::Type || Arguments.front().getAsType()->isBooleanType();
}

class StorageSearch {
public:
  explicit StorageSearch(UnitFlow &Unit) : Unit(Unit), Model(Unit.model()), Names(Model.names()) {}

  std::vector<RacyStorage> run() {
    for (const auto &Function : Model.functions())
      if (!Function->IsPattern)
        collect(*Function);
    // A flag that an object's thread reads and others write, its destructor before the join among them.
    if (llvm::any_of(ByDecl, [&](const auto &Each) { return isa<FieldDecl>(Each.first) && isVolatileFlag(Each.first, Names); }))
      for (const MemberConflict &Conflict : Unit.memberConflicts())
        if (isVolatileFlag(Conflict.Field, Names))
          OfMembers.try_emplace(Conflict.Field->getCanonicalDecl(), Conflict);
    for (auto &[Decl, Uses] : ByDecl)
      Order.push_back(Decl);
    llvm::sort(Order, [&](const ValueDecl *A, const ValueDecl *B) {
      return Model.context().getSourceManager().isBeforeInTranslationUnit(A->getLocation(), B->getLocation());
    });
    for (const ValueDecl *Decl : Order)
      if (const auto *Field = dyn_cast<FieldDecl>(Decl); Field && Field->isBitField())
        judgeBitField(Field);
      else if (isPackedBools(Decl->getType(), Names))
        judgePacked(Decl);
      else
        judgeVolatile(Decl);
    return std::move(Found);
  }

private:
  void collect(const FunctionModel &Function) {
    auto IsCandidate = [&](const Expr *Access) {
      const auto *Member = dyn_cast<MemberExpr>(Access);
      const auto *Ref = dyn_cast<DeclRefExpr>(Access);
      const ValueDecl *Decl = Member ? Member->getMemberDecl() : Ref ? Ref->getDecl() : nullptr;
      const auto *Field = dyn_cast_or_null<FieldDecl>(Decl);
      return Decl && ((Field && Field->isBitField()) || Decl->getType().isVolatileQualified() || isPackedBools(Decl->getType(), Names));
    };
    if (llvm::none_of(Function.Accesses, IsCandidate))
      return;
    if (!Threads)
      Threads.emplace(Unit);
    llvm::DenseMap<const Stmt *, llvm::SmallPtrSet<const ValueDecl *, 2>> Held;
    if (Unit.acquiresOrReleases(Function)) {
      const LockSets &Locks = Unit.lockSets(Function);
      Locks.forEach([&](const Stmt *S, const LockSet &State) {
        for (unsigned Site : State.Must.set_bits())
          for (const LockRef &Ref : Locks.sites()[Site].Locked)
            if (Ref.Mutex && Ref.Mode == LockMode::Exclusive && mutexDecl(*Ref.Mutex))
              Held[S].insert(mutexDecl(*Ref.Mutex));
      });
    }
    const void *Thread = nullptr;
    bool Many = false;
    for (const ThreadCode::Piece &Piece : Threads->pieces())
      if (Piece.Function == &Function) {
        Thread = Piece.Started;
        Many = runsManyTimes(*Piece.Started);
      }
    std::optional<llvm::DenseSet<const Stmt *>> During = Threads->runningIn(Function);
    StmtParents Around(Function.Body);
    bool InLifetimeCode = isa<CXXConstructorDecl, CXXDestructorDecl>(Function.Function);
    const auto *Method = dyn_cast<CXXMethodDecl>(Function.Function);
    bool Helper = Method && isCalledUnderLock(Method, Unit);
    for (const ClassifiedAccess &Access : Unit.accesses(Function)) {
      if ((InLifetimeCode && !Access.Path.root()) || Helper)
        continue;
      const ValueDecl *Decl = mutexDecl(Access.Path);
      bool Writes = Access.Kind != AccessKind::Read || isWrittenThrough(Access.Where, Around);
      // Each run of a thread's function has its own locals.
      const VarDecl *Variable = Access.Path.root();
      bool OwnLocal = Variable && !Variable->hasGlobalStorage() && Variable->getDeclContext() == Function.Function &&
                      !Variable->getType()->isReferenceType() && !Variable->getType()->isPointerType();
      const void *ByThread = Thread && !OwnLocal ? Thread : During && During->contains(Access.Where) ? this : nullptr;
      Use New{Access.Where, Writes, ByThread, Many && !OwnLocal, Held.lookup(Access.Where)};
      if (const VarDecl *Root = Access.Path.root(); Root && isPackedBools(Root->getType(), Names))
        Decl = Root;
      else
        for (const AccessPath::Step &Step : Access.Path.steps())
          if (Step.asField() && isPackedBools(Step.asField()->getType(), Names))
            Decl = Step.asField();
      const auto *Field = dyn_cast_or_null<FieldDecl>(Decl);
      if (Decl && ((Field && Field->isBitField()) || isPackedBools(Decl->getType(), Names) || isVolatileFlag(Decl, Names))) {
        if (During && !During->contains(Access.Where))
          continue; // before this function starts its threads, or after they have ended
        ByDecl[cast<ValueDecl>(Decl->getCanonicalDecl())].push_back(std::move(New));
        if (isa<WhileStmt, DoStmt, ForStmt>(loopDecidedBy(Access.Where, Around)))
          Awaited.insert(cast<ValueDecl>(Decl->getCanonicalDecl()));
      }
    }
  }

  /// The loop whose condition contains \p S; \p S itself if there is none.
  static const Stmt *loopDecidedBy(const Stmt *S, const StmtParents &Around) {
    const Stmt *First = S;
    for (const Stmt *Parent = Around.parent(S); Parent && isa<Expr>(S); S = Parent, Parent = Around.parent(Parent)) {
      const auto *While = dyn_cast<WhileStmt>(Parent);
      const auto *Do = dyn_cast<DoStmt>(Parent);
      const auto *For = dyn_cast<ForStmt>(Parent);
      if ((While && While->getCond() == S) || (Do && Do->getCond() == S) || (For && For->getCond() == S))
        return Parent;
    }
    return First;
  }

  /// `flags[i] = true` assigns through the element's proxy.
  static bool isWrittenThrough(const Expr *Where, const StmtParents &Around) {
    const Stmt *S = Where;
    while (const Stmt *Parent = Around.parent(S)) {
      if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Parent)) {
        if (Operator->isAssignmentOp() && stripped(Operator->getArg(0)) == stripped(cast<Expr>(S)))
          return true;
        if (Operator->getOperator() != OO_Subscript)
          return false;
      } else if (!isa<ImplicitCastExpr, ParenExpr, MaterializeTemporaryExpr, CXXBindTemporaryExpr, MemberExpr, CXXMemberCallExpr>(Parent)) {
        return false;
      }
      S = Parent;
    }
    return false;
  }

  bool runsManyTimes(const Spawn &Started) {
    const FunctionModel *Body = Unit.spawns().bodyOf(Started);
    if (Started.Parallel || llvm::count_if(Unit.spawns().all(), [&](const Spawn &Other) { return Unit.spawns().bodyOf(Other) == Body; }) > 1)
      return true;
    return Started.In && StmtParents(Started.In->Body).isInLoop(Started.Site);
  }

  /// The two may happen in parallel without a common lock, and one of them writes.
  static bool mayRace(const Use &A, const Use &B) {
    return A.Thread && B.Thread && (A.Thread != B.Thread || A.Many) && (A.Writes || B.Writes) &&
           llvm::none_of(A.Locks, [&](const ValueDecl *Lock) { return B.Locks.contains(Lock); });
  }

  /// The locks that are held at every use.
  static llvm::SmallPtrSet<const ValueDecl *, 2> commonLocks(const std::vector<Use> &Uses) {
    llvm::SmallPtrSet<const ValueDecl *, 2> Common = Uses.front().Locks;
    for (const Use &Each : Uses) {
      llvm::SmallVector<const ValueDecl *, 2> Missing;
      for (const ValueDecl *Lock : Common)
        if (!Each.Locks.contains(Lock))
          Missing.push_back(Lock);
      for (const ValueDecl *Lock : Missing)
        Common.erase(Lock);
    }
    return Common;
  }

  static const Use *firstWrite(const std::vector<Use> &Uses) {
    auto It = llvm::find_if(Uses, [](const Use &Each) { return Each.Writes; });
    return It == Uses.end() ? nullptr : &*It;
  }

  /// The bit-fields before \p Field in the same memory location, by the standard's rule: no other member and no field of width zero lies
  /// between them.
  llvm::SmallVector<const FieldDecl *, 4> neighboursBefore(const FieldDecl *Field) {
    llvm::SmallVector<const FieldDecl *, 4> Run;
    for (const FieldDecl *Each : Field->getParent()->fields()) {
      if (Each->getCanonicalDecl() == Field->getCanonicalDecl())
        return Run;
      bool Ends = !Each->isBitField() ||
                  (!Each->getBitWidth()->isValueDependent() && Each->getBitWidth()->EvaluateKnownConstInt(Model.context()) == 0);
      if (Ends)
        Run.clear();
      else if (Each->getDeclName())
        Run.push_back(Each);
    }
    return Run;
  }

  void judgeBitField(const FieldDecl *Field) {
    const std::vector<Use> &Mine = ByDecl[Field];
    for (const FieldDecl *Neighbour : neighboursBefore(Field)) {
      auto It = ByDecl.find(cast<ValueDecl>(Neighbour->getCanonicalDecl()));
      if (It == ByDecl.end())
        continue;
      const std::vector<Use> &Theirs = It->second;
      const Use *MyWrite = firstWrite(Mine), *TheirWrite = firstWrite(Theirs);
      auto MyLocks = commonLocks(Mine), TheirLocks = commonLocks(Theirs);
      bool Apart = llvm::none_of(MyLocks, [&](const ValueDecl *Lock) { return TheirLocks.contains(Lock); });
      if (!MyLocks.empty() && !TheirLocks.empty() && Apart && (MyWrite || TheirWrite)) {
        Found.push_back({RacyStorage::DifferentLocks, Field, Neighbour, TheirWrite ? TheirWrite->Where : Theirs.front().Where,
                         MyWrite ? MyWrite->Where : Mine.front().Where});
        return;
      }
      if (MyWrite && TheirWrite && MyLocks.empty() != TheirLocks.empty()) {
        const std::vector<Use> &Open = MyLocks.empty() ? Mine : Theirs;
        auto Bare = llvm::find_if(Open, [](const Use &Each) { return Each.Writes && Each.Locks.empty(); });
        if (Bare != Open.end()) {
          Found.push_back({RacyStorage::OneUnlocked, Field, Neighbour, (MyLocks.empty() ? TheirWrite : MyWrite)->Where, Bare->Where});
          return;
        }
      }
      for (const Use &A : Theirs)
        for (const Use &B : Mine)
          if (A.Writes && B.Writes && mayRace(A, B)) {
            Found.push_back({RacyStorage::TwoThreads, Field, Neighbour, A.Where, B.Where});
            return;
          }
    }
  }

  void judgePacked(const ValueDecl *Decl) {
    for (const Use &A : ByDecl[Decl])
      for (const Use &B : ByDecl[Decl])
        if (A.Writes && mayRace(A, B)) {
          Found.push_back({RacyStorage::PackedBools, Decl, nullptr, A.Where, B.Where == A.Where ? nullptr : B.Where});
          return;
        }
  }

  void judgeVolatile(const ValueDecl *Decl) {
    if (auto It = OfMembers.find(Decl); It != OfMembers.end()) {
      const Expr *Mine = It->second.Mine.Where, *Other = It->second.Other.Where;
      Found.push_back({RacyStorage::Volatile, Decl, nullptr, Mine, Mine == Other ? nullptr : Other});
      return;
    }
    const std::vector<Use> &Uses = ByDecl[Decl];
    if (!commonLocks(Uses).empty())
      return;
    const Use *Write = firstWrite(Uses);
    auto OnThread = llvm::find_if(Uses, [](const Use &Each) { return Each.Thread != nullptr; });
    if (!Write)
      return;
    // A thread of the unit shares it with others, or it is a flag that a loop waits for in a class with a thread, lock or atomic of its own.
    if (OnThread != Uses.end() && (Awaited.contains(Decl) || OnThread->Many || llvm::any_of(Uses, [&](const Use &Each) {
                                     return Each.Thread != OnThread->Thread;
                                   }))) {
      const Expr *Other = Write->Where == OnThread->Where ? nullptr : Write->Where;
      Found.push_back({RacyStorage::Volatile, Decl, nullptr, OnThread->Where, Other});
      return;
    }
    const auto *Field = dyn_cast<FieldDecl>(Decl);
    if (Field && Awaited.contains(Decl) && llvm::any_of(Field->getParent()->fields(), [&](const FieldDecl *Each) {
          const TagDecl *Class = classOf(Each->getType());
          return (Class && Names.thread(Class)) || Model.types().isSynchronised(Each->getType());
        }))
      Found.push_back({RacyStorage::Volatile, Decl, nullptr, Uses.front().Where, Write->Where == Uses.front().Where ? nullptr : Write->Where});
  }

  UnitFlow &Unit;
  UnitModel &Model;
  CatalogIndex &Names;
  std::optional<ThreadCode> Threads;
  llvm::DenseMap<const ValueDecl *, std::vector<Use>> ByDecl;
  llvm::DenseSet<const ValueDecl *> Awaited;
  llvm::DenseMap<const ValueDecl *, MemberConflict> OfMembers;
  std::vector<const ValueDecl *> Order;
  std::vector<RacyStorage> Found;
};

} // namespace

std::vector<RacyStorage> findRacyStorage(UnitFlow &Unit) { return StorageSearch(Unit).run(); }

} // namespace ward
