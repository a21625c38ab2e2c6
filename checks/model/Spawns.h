// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Where a unit starts threads, and what it gives them.
#ifndef WARD_MODEL_SPAWNS_H
#define WARD_MODEL_SPAWNS_H

#include "model/UnitModel.h"

#include <vector>

namespace ward {

/// One start of a thread (or of a task on another thread).
struct Spawn {
  /// The call or construction that starts it, and the function in which it stands; null for a default member initialiser.
  const clang::Expr *Site;
  const FunctionModel *In;
  /// What runs, as it is written at the site, and what is handed to it there.
  const clang::Expr *Callable;
  llvm::SmallVector<const clang::Expr *, 2> Arguments;
  ThreadEnd End;
  bool Parallel = false;
  bool CarriesExceptions = false;
  /// The other callables of the same call run at the same time.
  bool Together = false;
  /// The object that a wrapper's thread lives in, such as the pool in `pool.submit(f)`; null for none.
  const clang::Expr *Owner = nullptr;
  /// Site makes an object of the user's own, which has the thread inside, in place: `workers.emplace_back(f)`.
  bool Emplaced = false;
  /// The member whose default initialiser starts it; null for none.
  const clang::FieldDecl *Field = nullptr;
  /// The argument that receives the handle; null if it is the result.
  const clang::Expr *Handle = nullptr;
  /// It waits for whoever runs its executor's loop; OnLoop, and nothing in the unit shows that another thread does.
  bool OnLoop = false;
  bool MayRunHere = false;
  /// It runs one after the other with the tasks of the same executor, which is Executor; null if nobody can tell which.
  bool Serial = false;
  const clang::Expr *Executor = nullptr;
};

/// One thing that a spawned closure or call takes along.
struct Captured {
  /// How the text names it: "job", "this", "the argument".
  std::string Name;
  /// The variable that is captured, if it is one; null for `this` and for other expressions.
  const clang::ValueDecl *Variable = nullptr;
  /// The type on the thread's side; a reference for a capture by reference.
  clang::QualType Type;
  /// The expression that it is made from; null for a plain capture.
  const clang::Expr *Source = nullptr;
  /// Where the closure or argument stands that brings it.
  clang::SourceLocation Location;
  bool IsThis = false;
  /// The lambda that captures it; null for an argument.
  const clang::LambdaExpr *Lambda = nullptr;
};

/// The class of the object that \p Call, of a member or function that the catalog says makes one in place, makes from its
/// arguments; null if it takes one that exists already.
const clang::CXXRecordDecl *emplacedClass(const clang::CallExpr *Call);

/// All starts of threads in a unit, through the user's own wrappers too.
class Spawns {
public:
  explicit Spawns(UnitModel &Unit);

  const std::vector<Spawn> &all() const { return Found; }

  /// What \p Started takes along: the captures of its closures, opened up, and its other arguments.
  llvm::SmallVector<Captured, 4> captured(const Spawn &Started) const;

  /// The code that runs on the new thread; null if it can't be seen.
  const FunctionModel *bodyOf(const Spawn &Started) const;

  /// \p First and \p Second never run at the same time, as one executor runs them in turn.
  bool takeTurns(const Spawn &First, const Spawn &Second) const;

  /// The thread \p Started runs the loop that \p Task waits for.
  bool runsLoopOf(const Spawn &Started, const Spawn &Task) const;

  /// Whether \p Function touches \p Field, itself or through what it calls on its own object.
  bool touchesField(const FunctionModel &Function, const clang::FieldDecl *Field) const;

private:
  /// What a function does with one of its parameters: it runs on a thread that ends so.
  struct Passed {
    unsigned Parameter;
    ThreadEnd End;
    bool Parallel;
    bool CarriesExceptions;
    /// The thread belongs to the object whose member function this is.
    bool OwnedByObject;
    bool MayRunHere = false;
  };

  void collectDirect(const FunctionModel &Function);
  void addCatalogued(const FunctionModel &Function, const clang::Expr *Site, const SpawnEntry &Entry,
                     llvm::ArrayRef<const clang::Expr *> Arguments);
  /// \p Started with its callable and arguments, as \p Entry says; false if these arguments start no thread.
  bool readArguments(Spawn &Started, const SpawnEntry &Entry, llvm::ArrayRef<const clang::Expr *> Arguments) const;
  void addEmplaced(const FunctionModel &Function, const clang::CallExpr *Call);
  void addThroughWrapper(const FunctionModel &Function, const clang::Expr *Site, const CallSite &Call);
  void addEmplacedWrapper(const FunctionModel &Function, const clang::CallExpr *Call);
  bool summarise(const FunctionModel &Function);
  void notePassed(const FunctionModel &Function, const clang::Expr *E, Passed What);
  void summariseQueues();
  bool storesFor(const FunctionModel &Function, const clang::FieldDecl *Queue, unsigned &Parameter) const;
  bool touches(const FunctionModel &Function, const clang::FieldDecl *Field, unsigned Depth) const;
  void collectFieldInitialiser(const clang::FieldDecl *Field);
  bool endsInside(const Spawn &Started) const;
  void noteExecutor(Spawn &Started, llvm::ArrayRef<const clang::Expr *> Executors) const;
  using Loops = llvm::SmallVector<const clang::Expr *, 1>;
  bool runsLoop(const FunctionModel &Function, llvm::DenseSet<const FunctionModel *> &Seen, Loops &Run) const;
  bool runsLoop(const Spawn &Started, Loops &Run) const;
  bool mayBeLoopOf(const clang::Expr *Loop, const clang::Expr *Executor) const;
  void settleExecutors();

  UnitModel &Unit;
  std::vector<Spawn> Found;
  llvm::DenseMap<const clang::FunctionDecl *, llvm::SmallVector<Passed, 1>> Wrappers;
};

} // namespace ward

#endif // WARD_MODEL_SPAWNS_H
