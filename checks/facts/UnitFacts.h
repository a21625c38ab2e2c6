// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Writes the facts of one unit about locks, calls and shared data as a JSON object, for the whole-program analysis
/// (tools/ward/program): per function, what the analyses of flow/ compute without its callers in other units.
///
///   files      [name, digest of the content] each
///   symbols    u: the name in every unit (a USR, and what else identifies it)
///              k: field, global, parameter (number i of function f), local, function (with a body here; d: its
///                 declaration, o: the functions that it overrides), declared (a function by name alone)
///              n: name, c: class or namespace, at: place, defined: a global's definition is here
///              ptr: a pointer or reference
///              mutex: "sure" if a thread can't acquire it twice, "unsure" if it may be reentrant
///   paths      "t 3 e": an element of field 3 of `this`; "v7 3": field 3 of variable 7
///   functions  f: the function
///              callers: anyone (other units), inside (its class or unit only), closure, virtual (overrides of it
///                 too), thread (a thread starts with it, or it is called through a pointer), unknown
///              requires: locks that its callers must hold
///              leaves: it has acquired or released locks when it returns
///              joins: it joins a thread of its own object
///     starts   the threads that it starts. at; f: the function that they run; this: on the object of the starting function;
///              sole: one for each object; birth: a constructor starts it
///     acquires the locks that it acquires itself. at; lock; sure: the mutex is surely not reentrant; class: its class, if not
///              held, must: its own locks on some path and on every path
///              tries: a try-lock; reacquires: it has released this lock of its caller's before
///              conditional: whether it does depends on a parameter
///     calls    at; to: the callee; obj, args: paths of the object and the arguments, or -1
///              held, must; released: locks of its callers that it has released; conditional
///              virtual: an override may be called; closure: the callee is a closure
///              construction: in the constructor or destructor of the object; confined: no other thread can run now
///              own: no other thread has the object, unless it has a thread of its own; after: the places of the calls on the object that
///                may come before
///     objects  local objects and temporaries whose constructor, defined elsewhere, is passed a lock, and calls of functions that are
///              defined elsewhere and get one. at; c: the constructor or function; lock, its argument number arg (-1: the object)
///              drop: a discarded temporary; assumed: the unit takes it for a guard by its shape; under: the objects around it
///     wakes    writes without a lock before a notification. at; by: the notification; cv; mutex: a waiter with it may miss the
///              notification if it waits for s
///     in acquires, calls and accesses  under: the numbers of the objects that exist there
///     accesses at; s: the field or variable; obj: its object; part: the member of it; ptr: what it points to is accessed
///              st: where the statement begins; alias: through a local variable that refers to it
///              w: written; by [function, argument or -1 for the object]: it is written if the definition of that function
///                 writes it, and w is what the declaration suggests
///              must; released; unknown: an unknown lock is held; around: mutexes of objects around it
///              only: where the thread starts that alone runs this function; apart: those that do not run at this time
///              confined; own: the object is not published; named: by its name, the function is called under the lock
///   writes     f: a function by its declaration, o: those that it overrides; w: the arguments that its definition writes (-1: its
///              object); if [argument, function, its argument, what its declaration suggests]: it is, if that function writes that
///   holders    c: a constructor of a guard, defined here; arg: its lock; inverse: it releases the lock until it is destroyed;
///              shared; none: it does nothing to the lock. Or c: another function that acquires a lock, or releases it;
///              arg: -1 for its object
///   locks      classes of locks that are surely not reentrant
///   waits      at; cv: the condition variable; mutex; state: what it waits for
///   seen       [what, name of the class, place]: mutex, guard, condvar: one object; thread: a class whose
///              threads run what its objects store; "mutex?", "guard?": a class that looks like one,
///              with the entry of a catalog that would describe it
///   runs       f: a function, p: a parameter or member that it calls, must: the locks that it holds there
///   keeps      f: a function, arg: a callable argument, p: the member in which it keeps that
///   gives      c: a closure that is passed to the function `to` as argument number arg; obj, args, must: as in a call
///   named      functions that are named without being called: calls through pointers may reach them
///   guards     [field or variable, path of the lock, 1 for PT_GUARDED_BY] by annotation
///
/// A place is [file, line, column]. A lock is [path, number of steps of the path that lead to the object that owns it,
/// or -1; 1 for shared mode]. Members that are false or empty are left out.
#ifndef WARD_FACTS_UNITFACTS_H
#define WARD_FACTS_UNITFACTS_H

#include "facts/FactSymbols.h"
#include "flow/UnitFlow.h"
#include "flow/threads/ThreadRoles.h"
#include "llvm/Support/Regex.h"

namespace ward {

class UnitFacts {
public:
  /// \p Locked matches the names of functions whose callers hold the lock, by convention.
  UnitFacts(UnitFlow &Flow, const llvm::Regex &Locked, std::function<std::string(llvm::StringRef)> NameFile);

  ~UnitFacts();

  void write(llvm::json::OStream &Out);

private:
  struct Calls {
    llvm::json::Array All;
    llvm::DenseSet<std::pair<const clang::Stmt *, unsigned>> Known;
  };

  llvm::json::Array locks(const LockList &List);
  llvm::json::Array paths(llvm::ArrayRef<AccessPath> List);
  llvm::json::Array lock(const LockRef &Ref);
  void setHeld(llvm::json::Object &Into, const FunctionModel &Function, const clang::Stmt *At, const CallEdge *Edge);
  llvm::json::Array acquisitions(const FunctionModel &Function);
  llvm::json::Array calls(const FunctionModel &Function);
  void addCall(const FunctionModel &Function, const clang::Expr *Site, const CallSite &How, unsigned To,
               const CallEdge *Edge, Calls &Into);
  llvm::json::Array accesses(const FunctionModel &Function);
  std::optional<unsigned> startedFunction(const Spawn &Started);
  llvm::json::Array starts(const FunctionModel &Function);
  bool joinsOwnThread(const FunctionModel &Function);
  llvm::json::Array callsBefore(const FunctionModel &Function, const clang::Expr *Site, const clang::VarDecl *Root);
  llvm::json::Object access(const SharedAccess &Access);
  void collectAccesses();
  /// The functions with facts of their own, and their callers.
  void findRelevant();
  bool hasLockNear(const AccessPath &Object);
  bool hasLockInside(const clang::RecordDecl *Class, unsigned Depth);
  llvm::StringRef callers(const FunctionModel &Function);
  /// The callee of \p Call if its body is not here, or if it is virtual; null if it is here, unknown, or of a library.
  const clang::FunctionDecl *calleeElsewhere(const CallSite &Call);
  std::vector<unsigned> named();
  /// What the definition \p Function writes of its object and arguments; none if every caller has its body in view.
  std::optional<llvm::json::Object> writes(const FunctionModel &Function);
  /// The constructors of guards that are defined here, for units that see only their declarations.
  llvm::json::Array holders();
  void addOperation(const FunctionModel &Function, llvm::json::Array &Into);
  /// The classes of locks that are surely not reentrant.
  llvm::json::Array locks();
  /// A write before a notification, which a waiter with Mutex may miss if it waits for State.
  struct Wake {
    const clang::ValueDecl *Condvar, *Mutex, *State;
    const clang::Expr *Where;
    const clang::CallExpr *Notification;
  };
  void collectWakes();
  llvm::json::Array wakes(const FunctionModel &Function);
  llvm::json::Array waits();
  /// The locks, guards, condition variables and thread classes, and the classes that only look like locks.
  llvm::json::Array seen();
  llvm::json::Array objects(const FunctionModel &Function);
  /// The fields and variables that are accessed somewhere while such an object exists.
  llvm::DenseSet<const clang::ValueDecl *> accessedUnderObjects();
  void setUnder(llvm::json::Object &Into, const FunctionModel &Function, const clang::Stmt *At);
  /// The closures that functions pass to others, and what those do with them.
  void writeCallbacks(llvm::json::OStream &Out);
  void writeRuns(const FunctionModel &Function, llvm::json::OStream &Out);
  void writeKeeps(const FunctionModel &Function, llvm::json::OStream &Out);
  void writeGives(const FunctionModel &Function, llvm::json::OStream &Out);
  /// \p Where is in the user's code.
  bool isReported(clang::SourceLocation Where);

  UnitFlow &Flow;
  const llvm::Regex &Locked;
  FactSymbols Symbols;
  const clang::SourceManager &Sources;
  ThreadRoles &Roles;
  llvm::DenseMap<const FunctionModel *, std::vector<const SharedAccess *>> Accesses;
  std::optional<SharedAccesses> Shared;
  llvm::DenseMap<const FunctionModel *, std::vector<Wake>> Wakes;
  llvm::DenseSet<const FunctionModel *> Relevant;
  llvm::DenseMap<const clang::RecordDecl *, bool> LocksInside;
};

} // namespace ward

#endif // WARD_FACTS_UNITFACTS_H
