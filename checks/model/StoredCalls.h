// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// What functions store in objects, and which of the stored callables and tasks they run: the summaries from which the user's own
/// thread classes and pools are recognised.
///
/// A place is an access path without its element steps: what is stored in a container is stored in the place of the container.
#ifndef WARD_MODEL_STOREDCALLS_H
#define WARD_MODEL_STOREDCALLS_H

#include "model/AccessPath.h"
#include "model/UnitModel.h"
#include "llvm/ADT/DenseMap.h"

#include <memory>
#include <optional>
#include <vector>

namespace ward {

/// What an expression may be: a place, or, without one, the expression itself (a closure, a function, a new object).
struct StoredValue {
  const clang::Expr *E;
  /// The function that E stands in.
  const FunctionModel *In;
  std::optional<AccessPath> Place;
};

/// \c Value is stored in the place \c Into.
struct Store {
  AccessPath Into;
  StoredValue Value;
  /// The assignment, construction or call in the function that the summary is of.
  const clang::Expr *Site;
  /// As one of several elements of a container.
  bool AsElement = false;
};

/// A call of what is stored in \c Place.
struct StoredRun {
  AccessPath Place;
  /// The virtual function that is called on the object in Place; null if what is in Place is called itself.
  const clang::CXXMethodDecl *Method = nullptr;
  /// The places of the arguments, as far as they are known.
  llvm::SmallVector<std::optional<AccessPath>, 2> Arguments;
  /// The call itself, which may be in a callee.
  const clang::CallExpr *Call = nullptr;
  /// A handler around the call catches all exceptions.
  bool Caught = false;
};

/// The construction of an object whose place is known.
struct Construction {
  const clang::Expr *Site;
  const clang::CXXConstructorDecl *Constructor;
  llvm::ArrayRef<const clang::Expr *> Arguments;
  AccessPath Object;
};

/// The constructor that runs in the end: for an inherited one, that of the base class.
const clang::CXXConstructorDecl *calledConstructor(const clang::CXXConstructorDecl *Constructor);

/// One names a part of the other, or both are the same.
bool mayOverlap(const AccessPath &First, const AccessPath &Second);

/// \p Path is one that a caller can name.
bool isRooted(const AccessPath &Path);

/// \p Site calls a member function of a library's class, or one of which nothing is known: `queue.push(f)`, `queue.front()`.
bool isOpaqueMember(const CallSite &Site, UnitModel &Unit);

/// An object of \p Type may hold or refer to a callable or a task; a number does not.
bool mayHoldCallable(clang::QualType Type);

/// For the functions of one unit, callees included. A recursion is followed once.
class StoredCalls {
public:
  explicit StoredCalls(UnitModel &Unit) : Unit(Unit), Names(Unit.names()) {}

  const std::vector<Store> &stores(const FunctionModel &Function) { return summary(Function).Stores; }
  const std::vector<Construction> &constructions(const FunctionModel &Function) { return summary(Function).Constructions; }
  /// What \p Function runs on the thread that calls it.
  const std::vector<StoredRun> &runs(const FunctionModel &Function);
  llvm::SmallVector<StoredValue, 2> values(const clang::Expr *E, const FunctionModel &Function);
  /// \p Inner, a place in \p Callee, in terms of the function \p Caller that calls it at \p Call. \p Object is that of a constructor.
  llvm::SmallVector<StoredValue, 2> atCall(const AccessPath &Inner, const clang::FunctionDecl *Callee, const CallSite &Call,
                                           const std::optional<AccessPath> &Object, const FunctionModel &Caller);
  llvm::SmallVector<AccessPath, 2> placesAtCall(const AccessPath &Inner, const clang::FunctionDecl *Callee, const CallSite &Call,
                                                const std::optional<AccessPath> &Object, const FunctionModel &Caller);
  /// \p Run of \p Callee in terms of its caller.
  llvm::SmallVector<StoredRun, 2> runsAtCall(const StoredRun &Run, const clang::FunctionDecl *Callee, const CallSite &Call,
                                             const std::optional<AccessPath> &Object, const FunctionModel &Caller);
  /// What the call \p Call itself runs, through a pointer, a function object or a virtual function.
  llvm::SmallVector<StoredRun, 2> runBy(const clang::CallExpr *Call, const FunctionModel &Function);
  /// The constructor of \p Class that takes so many arguments; null if there are several, or none of this unit.
  const FunctionModel *constructorFor(const clang::CXXRecordDecl *Class, unsigned Arguments) const;

private:
  struct Summary {
    std::vector<Store> Stores;
    std::vector<Construction> Constructions;
  };
  using Values = llvm::SmallVector<StoredValue, 2>;

  const Summary &summary(const FunctionModel &Function);
  void visit(const clang::Stmt *S, const FunctionModel &Function, Summary &Into);
  void visitCall(const clang::CallExpr *Call, const FunctionModel &Function, Summary &Into);
  void storeInto(const AccessPath &Target, const clang::Expr *E, const FunctionModel &Function, const clang::Expr *Site, bool AsElement,
                 Summary &Into, unsigned Depth = 8);
  void construct(const AccessPath &Target, const clang::CXXConstructorDecl *Constructor, llvm::ArrayRef<const clang::Expr *> Arguments,
                 const FunctionModel &Function, const clang::Expr *Site, bool AsElement, Summary &Into);
  void add(const AccessPath &Target, const StoredValue &Value, const FunctionModel &Function, const clang::Expr *Site, bool AsElement,
           Summary &Into);
  void collect(const clang::Expr *E, const FunctionModel &Function, unsigned Depth, Values &Into);
  void collectVariable(const clang::Expr *E, const clang::ValueDecl *Decl, const FunctionModel &Function, unsigned Depth, Values &Into);
  void collectLocal(const clang::Stmt *S, const clang::VarDecl *Variable, const FunctionModel &Function, unsigned Depth, Values &Into);
  void collectCall(const clang::CallExpr *Call, const FunctionModel &Function, unsigned Depth, Values &Into);

  UnitModel &Unit;
  CatalogIndex &Names;
  llvm::DenseMap<const FunctionModel *, std::unique_ptr<Summary>> Summaries;
  llvm::DenseMap<const FunctionModel *, std::unique_ptr<std::vector<StoredRun>>> Runs;
  /// Functions whose returned values are being collected.
  llvm::DenseSet<const clang::FunctionDecl *> Returning;
  /// Local variables whose values are being collected.
  llvm::DenseSet<const clang::VarDecl *> Assigned;
};

} // namespace ward

#endif // WARD_MODEL_STOREDCALLS_H
