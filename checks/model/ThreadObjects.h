// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The user's own thread classes and pools, by their structure: a thread of the class runs what its objects store.
#ifndef WARD_MODEL_THREADOBJECTS_H
#define WARD_MODEL_THREADOBJECTS_H

#include "model/Spawns.h"
#include "model/StoredCalls.h"
#include "llvm/ADT/MapVector.h"

namespace ward {

/// Runs once for a unit, after its direct spawns are known: those of the catalog and of annotations.
class ThreadObjects {
public:
  /// \p All has the direct spawns only.
  ThreadObjects(UnitModel &Unit, const Spawns &All);

  /// \p Parameter of \p Function runs on a thread of the class.
  struct PassedOn {
    const FunctionModel *Function;
    unsigned Parameter;
    /// The virtual function that is called on it; null if it is called itself.
    const clang::CXXMethodDecl *Method;
    bool Serial, Caught;
    /// A thread runs it only if the object is told to start one.
    bool NeedsStart;
    /// The thread has ended when Function returns.
    bool EndsInside;
    /// The parameters that it is called with, as far as they are parameters of Function.
    llvm::SmallVector<unsigned, 2> Arguments = {};
  };
  llvm::ArrayRef<PassedOn> passed() const { return Passed; }
  /// \p Function starts a thread of its local \p Object.
  bool startsThreadOf(const FunctionModel &Function, const clang::VarDecl *Object);
  /// The starts of threads that show only where an object of such a class is used.
  std::vector<Spawn> &found() { return Found; }
  /// Adds what the object \p E, a function of which \p Started runs, was given.
  void addGivenOf(Spawn &Started, const clang::Expr *E);
  /// \p Call, in the code of a thread class, runs what a spawn of the unit was given: \p Callee.
  bool standsForSpawn(const clang::Stmt *Call, const FunctionModel *Callee) const { return Dispatches.contains({Call, Callee}); }
  /// The classes whose threads run what their objects store.
  llvm::ArrayRef<const clang::CXXRecordDecl *> classes() const { return Classes.getArrayRef(); }

private:
  /// A thread is started that runs something that is stored.
  struct Start {
    StoredRun Run;
    /// The call or construction in the function that the summary is of, and what starts the thread in the end.
    const clang::Expr *Site;
    const Spawn *Origin;
  };

  const std::vector<Start> &starts(const FunctionModel &Function);
  void addDirect(const Spawn &Started, const FunctionModel &Function, std::vector<Start> &Into);
  /// The starts of \p Constructor, which may be implicit, and of the default member initialisers of its class.
  std::vector<Start> startsOf(const clang::CXXConstructorDecl *Constructor, unsigned Depth = 4);
  void resolveInClass(const FunctionModel &Function, const Start &At);
  void resolveHere(const FunctionModel &Function, const Start &At);
  void emit(const Start &At, const FunctionModel &In, const clang::Expr *Site, const StoredValue &What, const clang::Expr *StoredAt);
  void emitObject(const Start &At, const FunctionModel &In, const AccessPath &Object);
  void addGiven(Spawn &Started, const FunctionModel &In, const AccessPath &Object, const clang::Expr *StoredAt);
  void add(Spawn Started, const StoredRun &Run);
  const FunctionModel *codeOf(const StoredValue &Value, const StoredRun &Run) const;
  bool isSerial(const Start &At) const;
  bool endsInside(const FunctionModel &Function, const clang::VarDecl *Object) const;
  bool isPassedOnBy(const clang::Expr *Site) const;
  /// \p At runs \p Parameter of \p Function; if \p Posted, on a thread that another function starts.
  void pass(const FunctionModel &Function, const clang::ParmVarDecl *Parameter, const Start &At, bool Posted, bool NeedsStart);

  UnitModel &Unit;
  const Spawns &Direct;
  StoredCalls Stored;
  llvm::DenseMap<const FunctionModel *, std::unique_ptr<std::vector<Start>>> StartsOf;
  llvm::DenseMap<const clang::CXXRecordDecl *, std::vector<const FunctionModel *>> MembersOf;
  std::vector<PassedOn> Passed;
  std::vector<Spawn> Found;
  llvm::DenseSet<std::pair<const clang::Stmt *, const FunctionModel *>> Dispatches;
  llvm::SmallSetVector<const clang::CXXRecordDecl *, 4> Classes;
};

/// The object that owns the thread that the call or construction \p Site, in \p In, starts: that of a member function, else the first
/// argument; for an element of a range-for, the container.
const clang::Expr *ownerOfThread(const clang::Expr *Site, const FunctionModel &In);

/// The class of which \p Function is a member, or the function around it if it is a closure; null if there is none.
const clang::CXXRecordDecl *classAround(const FunctionModel &Function);

/// The function that a call of the virtual \p Method on an object that \p E names, creates or points to runs; null if it is unknown.
const FunctionModel *overrideFor(const clang::CXXMethodDecl *Method, const clang::Expr *E, UnitModel &Unit);

} // namespace ward

#endif // WARD_MODEL_THREADOBJECTS_H
