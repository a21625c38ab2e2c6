// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// What code does to the objects of another function, in the words of that function: which object is which (object identity), across
/// calls, captures and the arguments of threads.
#ifndef WARD_FLOW_THREADS_OBJECTACCESSES_H
#define WARD_FLOW_THREADS_OBJECTACCESSES_H

#include "flow/UnitFlow.h"

namespace ward {

/// An object of the function that the walk begins with (the base), as other code names it.
struct ObjectName {
  /// `this`, a parameter or a captured variable of that code, or a member of one.
  AccessPath Inner;
  /// The same object in the words of the base.
  AccessPath Outer;
  /// It is what the pointer at the end of Outer points to.
  bool IsPointee = false;
  /// The code has a pointer or value of its own: only what the pointer leads to belongs to the base.
  bool IsCopy = false;
  /// The values of the indices in Outer, if all are constants; empty otherwise.
  llvm::SmallVector<int64_t, 1> At = {};
};

/// The names \p Inner, of a callee, say, in the words of the caller, for which \p Outer are those of the callee.
llvm::SmallVector<ObjectName, 4> throughNames(llvm::ArrayRef<ObjectName> Inner, llvm::ArrayRef<ObjectName> Outer);

/// A call that leads from the base to an access.
struct WalkStep {
  const FunctionModel *In;
  const clang::Expr *At;
};

/// An access, or an operation by which threads synchronise, of the base or of code that it runs.
struct ObjectAccess {
  const FunctionModel *In;
  const clang::Expr *Where;
  /// In the words of the base.
  AccessPath Place;
  AccessKind Kind;
  /// It is to what the pointer at the end of Place points to.
  bool Indirect = false;
  /// The length of the prefix of Place that ends in the last pointer that is dereferenced.
  std::optional<unsigned> Pointer = std::nullopt;
  /// That many steps of Place were not read here.
  unsigned Copied = 0;
  bool Atomic = false;
  /// It destroys the object: `delete p`, `p.reset()`.
  bool Frees = false;
  /// Of a lock, an atomic or the like, which threads may use at once while it is there.
  bool Synchronises = false;
  /// Of such an object, by a member that no other thread may call it beside: `m.get_mut()`.
  bool Exclusive = false;
  /// The code was given the object by that: its base does not share all of its names.
  bool IsGiven = false;
  /// The code was given an element of a container.
  bool OfElement = false;
  /// The values of the indices by which an element is accessed, or was given, if all are constants; empty otherwise.
  llvm::SmallVector<int64_t, 1> At = {};
  /// The locks held there, in the words of the base, and whether others may be held that it has no words for.
  LockList Held = {};
  bool HoldsUnknown = false;
  /// The calls from the base to In, none if In is the base.
  llvm::SmallVector<WalkStep, 2> Calls = {};

  bool writes() const { return Kind == AccessKind::Write; }
  /// The expression of the base that makes the access: a call, or the access itself.
  const clang::Expr *inBase() const { return Calls.empty() ? Where : Calls.front().At; }
};

/// A lock is held at \p First and \p Second that keeps the two apart, or may be.
bool haveCommonLock(const ObjectAccess &First, const ObjectAccess &Second);
/// The two are to one place, or one to a part of the other's, and at least one of them writes it. If \p DisjointElements, accesses to
/// elements by index are taken to be to different elements unless their indices are the same constants.
bool isSamePlaceWritten(const ObjectAccess &First, const ObjectAccess &Second, bool DisjointElements = true);

/// Which statements of the functions that a walk visits count.
using CountsFn = llvm::function_ref<bool(const FunctionModel &In, const clang::Stmt *S)>;

class ObjectAccesses {
public:
  explicit ObjectAccesses(UnitFlow &Flow) : Flow(Flow), Unit(Flow.model()), Names(Unit.names()) {}

  /// What the thread \p Started does to objects of the function that starts it, or of the object whose member it is.
  std::vector<ObjectAccess> ofThread(const Spawn &Started) { return ofThread(Started, given(Started)); }
  /// The same for code that names the objects of its starter \p Given.
  std::vector<ObjectAccess> ofThread(const Spawn &Started, llvm::SmallVector<ObjectName, 4> Given);
  /// What \p Function and its callees do where \p Counts; everything if that is null.
  std::vector<ObjectAccess> ofFunction(const FunctionModel &Function, CountsFn Counts = nullptr);
  /// How the code of \p Started names what it was given. Empty if it was given nothing, or that is unknown.
  llvm::SmallVector<ObjectName, 4> given(const Spawn &Started);
  /// How the callee of \p Edge names what its caller gives it by its arguments, and what the members of its object refer to.
  llvm::SmallVector<ObjectName, 4> namesAt(const CallEdge &Edge);
  /// What the initialiser of the local \p Variable makes it refer to, if that is one place: then it is another name of that.
  ReachedPlace placeOf(const clang::VarDecl *Variable);
  /// The object that \p E names, or if it \p IsPointer, what its value points to; none if unknown.
  std::optional<ReachedPlace> objectOf(const clang::Expr *E, bool IsPointer);

private:
  struct Visit {
    const FunctionModel *Function;
    llvm::SmallVector<ObjectName, 4> Known;
    LockList Held;
    bool HoldsUnknown = false;
    llvm::SmallVector<WalkStep, 2> Calls;
  };

  void walk(Visit At, CountsFn Counts);
  /// What \p Function destroys; of a thread's code, what it destroys in any case.
  void addFrees(const Visit &At, CountsFn Counts);
  /// The objects of \p Function's calls of members that need the object for themselves.
  llvm::SmallPtrSet<const clang::Expr *, 4> exclusiveUses(const FunctionModel &Function) const;
  void addAccess(const Visit &At, const ClassifiedAccess &Access, bool IsAtomic, bool OnlyPointer, bool Exclusive = false);
  /// The locks that \p Function itself holds at \p S, in the words of the base.
  void addLocks(const Visit &At, const FunctionModel &Function, const clang::Stmt *S, const CallEdge *Through, LockList &Held, bool &Unknown);
  /// How the callee of \p Edge names what its caller knows.
  llvm::SmallVector<ObjectName, 4> passedBy(const CallEdge &Edge, const Visit &At);
  std::optional<AccessPath> toBase(const AccessPath &Path, const Visit &At, const ObjectName **Used = nullptr) const;
  /// A local variable of the base, or of a function around it.
  bool isOfBase(const clang::VarDecl *Variable) const;
  enum class Sharing { None, Plain, Synchronised };
  Sharing sharingOf(const AccessPath &Path);
  /// The values of the indices in \p E, from the last to the first; none unless each is a constant.
  llvm::SmallVector<int64_t, 1> constantIndices(const clang::Expr *E) const;
  void nameArguments(const clang::FunctionDecl *Code, const clang::Expr *Object, llvm::ArrayRef<const clang::Expr *> Arguments,
                     llvm::SmallVectorImpl<ObjectName> &Into, bool ByValue);
  void nameMember(const clang::FieldDecl *Field, const clang::Expr *Value, llvm::SmallVectorImpl<ObjectName> &Into);
  void nameParts(const clang::Expr *Object, llvm::SmallVectorImpl<ObjectName> &Into);
  void nameMembersOf(const AccessPath &Inner, const clang::Expr *Object, llvm::SmallVectorImpl<ObjectName> &Into);
  void nameAssigned(const clang::VarDecl *Variable, llvm::SmallVectorImpl<ObjectName> &Into);
  void nameObject(const clang::Expr *Object, const FunctionModel &Caller, llvm::SmallVectorImpl<ObjectName> &Into);
  void nameCaptures(const clang::LambdaExpr *Lambda, llvm::SmallVectorImpl<ObjectName> &Into);

  UnitFlow &Flow;
  UnitModel &Unit;
  CatalogIndex &Names;
  const FunctionModel *Base = nullptr;
  std::vector<ObjectAccess> Found;
  unsigned Visits = 0;
  /// The walk begins with the code of a thread of its own.
  bool OfThread = false;
};

} // namespace ward

#endif // WARD_FLOW_THREADS_OBJECTACCESSES_H
