// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Where a unit starts threads, and which values it passes to them.
#ifndef WARD_MODEL_SPAWNS_H
#define WARD_MODEL_SPAWNS_H

#include "model/UnitModel.h"

#include <memory>
#include <vector>

namespace ward {

class ThreadObjects;

/// A member of the object whose function a thread runs, and what it was initialised with or assigned where the object was made. Without
/// a member, what was given to the function that starts the thread, or to its object.
struct GivenMember {
  const clang::FieldDecl *Field;
  const clang::Expr *Value;
};

/// One start of a thread (or of a task on another thread).
struct Spawn {
  /// The call or construction that starts it, and the function that contains this; null for a default member initialiser.
  const clang::Expr *Site;
  const FunctionModel *In;
  /// The callable at the site, and the arguments that it is called with.
  const clang::Expr *Callable;
  llvm::SmallVector<const clang::Expr *, 2> Arguments;
  ThreadEnd End;
  bool Parallel = false;
  bool CarriesExceptions = false;
  /// Of ThreadEnd::Scoped: the object at whose end the thread is joined; null if unknown.
  const clang::Expr *Scope = nullptr;
  /// The other callables of the same call run in parallel with it.
  bool Together = false;
  /// The object that owns a wrapper's thread, such as the pool in `pool.submit(f)`; null if none.
  const clang::Expr *Owner = nullptr;
  /// Site constructs an object of the user's that owns the thread in place: `workers.emplace_back(f)`.
  bool Emplaced = false;
  /// The member whose default initialiser starts it; null if none.
  const clang::FieldDecl *Field = nullptr;
  /// The argument that receives the handle; null if it is the result.
  const clang::Expr *Handle = nullptr;
  /// It runs on the thread that runs its executor's event loop.
  bool OnLoop = false;
  /// OnLoop, and the unit does not show that another thread than the current one runs the loop.
  bool MayRunHere = false;
  /// It does not run in parallel with other tasks of Executor.
  bool Serial = false;
  /// Null if unknown.
  const clang::Expr *Executor = nullptr;
  /// The function of an object that runs, where Callable only names or makes the object: the run() of a task. Null if Callable
  /// itself is called.
  const FunctionModel *Body = nullptr;
  /// A thread class of the user's runs it, and nothing there catches an exception that leaves it.
  bool Uncaught = false;
  /// Site is in a loop over objects that are started once each.
  bool OncePerObject = false;
  /// The class of that object; null if unknown.
  const clang::CXXRecordDecl *ObjectClass = nullptr;
  /// The members of that object.
  llvm::SmallVector<GivenMember, 2> Given = {};
};

/// A value that a spawned closure or call captures.
struct Captured {
  /// Its name in the source: "job", "this"; empty for other expressions.
  std::string Name;
  /// The captured variable; null for `this` and for other expressions.
  const clang::ValueDecl *Variable = nullptr;
  /// The member of the object that holds it, for a thread that runs a function of an object.
  const clang::FieldDecl *Member = nullptr;
  /// The type of the captured value; a reference for a capture by reference.
  clang::QualType Type;
  /// The expression that initialises it; null for a plain capture.
  const clang::Expr *Source = nullptr;
  /// The location of the closure or argument.
  clang::SourceLocation Location;
  bool IsThis = false;
  /// It is the thread object whose own function runs: other code may use its handle and other parts.
  bool IsOwner = false;
  /// The lambda that captures it; null for an argument.
  const clang::LambdaExpr *Lambda = nullptr;
};

/// The class of the object that \p Call, of an emplacing function, constructs in place from its arguments; null if it is passed an
/// existing object.
const clang::CXXRecordDecl *emplacedClass(const clang::CallExpr *Call);

/// The std::bind call that \p E is, or that initialises the local variable that \p E names; null if none.
const clang::CallExpr *bindOf(const clang::Expr *E, CatalogIndex &Names);

/// All starts of threads in a unit, including those by the user's own wrappers.
class Spawns {
public:
  explicit Spawns(UnitModel &Unit);
  ~Spawns();

  const std::vector<Spawn> &all() const { return Found; }

  /// The values that \p Started captures: the captures of its closures, including closures inside closures, and its arguments.
  llvm::SmallVector<Captured, 4> captured(const Spawn &Started) const;

  /// The code that runs on the new thread; null if it is not visible.
  const FunctionModel *bodyOf(const Spawn &Started) const;

  /// The function that \p Call, of a member function on the object that \p Started runs a function of, calls; null if it is none of the
  /// unit, or if the call is of another object.
  const FunctionModel *ownCallee(const Spawn &Started, const clang::Expr *Call) const;

  /// \p First and \p Second never run in parallel, since one executor runs them sequentially.
  bool runSequentially(const Spawn &First, const Spawn &Second) const;

  /// The thread \p Started runs the event loop that \p Task runs on.
  bool runsLoopOf(const Spawn &Started, const Spawn &Task) const;

  /// \p Call, in the code of a thread class or pool, runs \p Callee only as what some spawn of the unit was given.
  bool standsForSpawn(const clang::Stmt *Call, const FunctionModel *Callee) const;

  /// The user's own classes whose threads run what their objects store.
  llvm::ArrayRef<const clang::CXXRecordDecl *> threadClasses() const;

  /// Whether \p Function accesses \p Field, itself or in the member functions that it calls on `this`.
  bool touchesField(const FunctionModel &Function, const clang::FieldDecl *Field) const;

private:
  /// The summary of a function that runs one of its parameters on a thread.
  struct Passed {
    unsigned Parameter;
    ThreadEnd End;
    bool Parallel;
    bool CarriesExceptions;
    /// The object of the member function owns the thread.
    bool OwnedByObject;
    bool MayRunHere = false;
    bool Serial = false;
    /// The virtual function that is called on the parameter; null if that is called itself.
    const clang::CXXMethodDecl *Method = nullptr;
    /// The parameters that it is called with.
    llvm::SmallVector<unsigned, 2> Arguments = {};
    /// Only if the object is told to start a thread.
    bool NeedsStart = false;
    /// See Spawn.
    bool Uncaught = false;
    /// Of ThreadEnd::Scoped: the parameter that is the scope.
    unsigned Scope = 0;
    /// The parameter that receives the handle; none if there is none, or if the result is the handle.
    std::optional<unsigned> Handle = std::nullopt;
  };

  /// Where a start stands: in a function, or in the default initialiser of a member.
  struct Place {
    const FunctionModel *Function;
    const clang::FieldDecl *Field = nullptr;
  };

  void collectDirect(const FunctionModel &Function);
  void collectConstruct(Place In, const clang::CXXConstructExpr *Construct);
  void collectCall(Place In, const clang::CallExpr *Call);
  void addCatalogued(Place In, const clang::Expr *Site, const SpawnEntry &Entry, llvm::ArrayRef<const clang::Expr *> Arguments);
  /// Sets the callable and arguments of \p Started by \p Entry; false if a call with \p Arguments starts no thread.
  bool readArguments(Spawn &Started, const SpawnEntry &Entry, llvm::ArrayRef<const clang::Expr *> Arguments) const;
  void addEmplaced(Place In, const clang::CallExpr *Call);
  /// `loader.start()`, of a class derived from one of the catalog whose virtual function the thread runs.
  void addDerived(Place In, const clang::CallExpr *Call, const CallSite &Site);
  void addWrappedCall(Place In, const clang::CallExpr *Call);
  void addThroughWrapper(Place In, const clang::Expr *Site, const CallSite &Call, bool OnlyWithArguments = false);
  void summariseAll();
  void addEmplacedWrapper(Place In, const clang::CallExpr *Call);
  bool summarise(const FunctionModel &Function);
  void addPassed(const FunctionModel &Function, const clang::Expr *E, Passed What);
  void addThreadObjects();
  void addPassedArgument(Place In, const clang::Expr *Site, llvm::ArrayRef<const clang::Expr *> Arguments, const Passed &What,
                         const clang::Expr *Owner, bool Emplaced);
  bool touches(const FunctionModel &Function, const clang::FieldDecl *Field, unsigned Depth) const;
  bool endsInside(const Spawn &Started) const;
  void recordExecutor(Spawn &Started, llvm::ArrayRef<const clang::Expr *> Executors) const;
  using Loops = llvm::SmallVector<const clang::Expr *, 1>;
  bool runsLoop(const FunctionModel &Function, llvm::DenseSet<const FunctionModel *> &Seen, Loops &Run) const;
  bool runsLoop(const Spawn &Started, Loops &Run) const;
  bool mayBeLoopOf(const clang::Expr *Loop, const clang::Expr *Executor) const;
  void resolveExecutors();

  UnitModel &Unit;
  std::vector<Spawn> Found;
  llvm::DenseMap<const clang::FunctionDecl *, llvm::SmallVector<Passed, 1>> Wrappers;
  std::unique_ptr<ThreadObjects> Objects;
};

} // namespace ward

#endif // WARD_MODEL_SPAWNS_H
