// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Writes what one unit says of its locks as one JSON object:
///
///   files      [name, digest of its content] each
///   symbols    u: what names it in every unit (a USR, and what more tells it apart); k: field, global, parameter (i-th of function f),
///              local, function (with a body here; d: its declaration, o: those that it
///              overrides), declared; n: its name, c: its class; at; ptr: a
///              pointer; mutex: sure if it is
///              one that a thread can't take twice, unsure if it may be
///   paths      "t 3 e": from `this` over field 3 to an element; "v7 3": from variable 7
///   functions  f: which; callers: anyone, inside (all its calls are those of its class or unit), closure, virtual, thread, unknown;
///              requires: locks that its callers hold; leaves: it returns with other locks than it began with
///     takes    at; lock; held (on some path) and must (on every path) by the function itself; tries, after (it gave the lock of its
///              caller back before), asks (it depends on a parameter)
///     calls    at; to; obj, args: paths of the object and the arguments, or -1; held, must; back: its callers' locks that it gave
///              back before; asks; birth (of the object, or its end); quiet (no other thread is there); closure: that is what is called;
///              virtual: or one that overrides it
///     accesses at; s: the field or variable, obj: of which object, part: which member of it; st: where the statement begins; alias: through a
///              local variable that refers to it; w: written; by [function, argument or -1 for the object]: it is if
///              that function's definition writes it there, and w is what its declaration suggests; ptr: what it points to is
///              accessed; must; back;
///              around: locks that lie further out; quiet; own (nobody else knows the object); unknown: something that can't be told is
///              held; named: by its name, the function is called with the lock held
///   writes     f: a function by its declaration, o: those that it overrides; w: the arguments that its definition writes (-1: its
///              object); if [argument, function, its argument, what its declaration suggests]: it is, if that other function writes that
///   named      the functions that are named without being called: somebody may call them through a pointer
///   guards     [field or variable, path of the lock, 1 for what it points to] as annotations say
///
/// A place is [file, line, column], a lock [path, how many steps lead to the object that owns it or -1, 1 for a reader's]. What is false or
/// empty is left out.
#ifndef WARD_FACTS_UNITFACTS_H
#define WARD_FACTS_UNITFACTS_H

#include "facts/FactSymbols.h"
#include "flow/UnitFlow.h"
#include "llvm/Support/Regex.h"

namespace ward {

class UnitFacts {
public:
  /// \p Locked matches the names of functions that are called with the lock held.
  UnitFacts(UnitFlow &Flow, const llvm::Regex &Locked, std::function<std::string(llvm::StringRef)> NameFile);

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
  llvm::json::Array takes(const FunctionModel &Function);
  llvm::json::Array calls(const FunctionModel &Function);
  void addCall(const FunctionModel &Function, const clang::Expr *Site, const CallSite &How, unsigned To, const CallEdge *Edge, Calls &Into);
  llvm::json::Array accesses(const FunctionModel &Function);
  llvm::json::Object access(const SharedAccess &Access);
  void collectAccesses();
  void findInteresting();
  bool hasLockNear(const AccessPath &Object);
  bool hasLockInside(const clang::CXXRecordDecl *Class, unsigned Depth);
  llvm::StringRef callers(const FunctionModel &Function);
  /// The function that a call leads to though its body is not here, or by its name if it is virtual; null where that can't be told.
  const clang::FunctionDecl *elsewhere(const CallSite &Call);
  std::vector<unsigned> named();
  /// What the definition \p Function writes of what it is given; none where every caller sees that for itself.
  std::optional<llvm::json::Object> writes(const FunctionModel &Function);
  bool isTold(clang::SourceLocation Where);

  UnitFlow &Flow;
  const llvm::Regex &Locked;
  FactSymbols Symbols;
  const clang::SourceManager &Sources;
  llvm::DenseMap<const FunctionModel *, std::vector<const SharedAccess *>> Accesses;
  std::optional<SharedAccesses> Shared;
  llvm::DenseSet<const FunctionModel *> Interesting;
  llvm::DenseMap<const clang::CXXRecordDecl *, bool> LocksInside;
};

} // namespace ward

#endif // WARD_FACTS_UNITFACTS_H
