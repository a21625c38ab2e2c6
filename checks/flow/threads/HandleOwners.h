// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Which objects own the handle of a thread while the function that starts it runs.
#ifndef WARD_FLOW_THREADS_HANDLEOWNERS_H
#define WARD_FLOW_THREADS_HANDLEOWNERS_H

#include "flow/threads/Outlives.h"
#include "flow/threads/ThreadWaits.h"
#include "model/ThreadHandle.h"

namespace ward {

/// The owners of the handle of one thread, from its start through the moves that follow. The state is that of the last
/// statement visited.
class HandleOwners {
public:
  /// \p Captures is all that the thread takes along.
  HandleOwners(const Spawn &Started, llvm::ArrayRef<Captured> Captures, UnitFlow &Flow)
      : Started(Started), Flow(Flow), Unit(Flow.model()), Names(Unit.names()), Waits(Started, Captures, Flow) {}

  /// Finds the first owner. False if there is nothing left to follow: the thread has ended by then, or escapes \p AtOnce.
  bool followStart(std::optional<Escape> &AtOnce);
  /// The effect of \p S on the owners; the escape if the handle is moved where it can't be followed.
  std::optional<Escape> followMove(const clang::Stmt *S);
  /// The handle is detached at \p Where.
  void detach(clang::SourceLocation Where);

  /// \p Other, which this function starts, joins the thread, and this function joins \p Other. If it does so later, the handle
  /// of \p Other stands for the thread from here on.
  bool isEndedBy(const Spawn &Other);
  /// The destruction of \p Variable joins the thread.
  bool joinsWhenDestroyed(const clang::VarDecl *Variable) const { return llvm::is_contained(Joiners, Variable); }
  bool isJoinedByDestructor() const { return !Joiners.empty(); }

  /// How the thread escapes if it is still running when control leaves the borrow's scope at \p Where.
  Escape escapeAt(clang::SourceLocation Where) const {
    return {LastWay, LastWay == Escape::Detached && DetachedAt.isValid() ? DetachedAt : Where};
  }
  Escape::Way lastWay() const { return LastWay; }
  ThreadWaits &waits() { return Waits; }
  const ThreadWaits &waits() const { return Waits; }

private:
  bool followScope(const HandlePlace &Place);
  /// A thread of the same function that runs the event loop has run the posted task when it ends.
  void followLoop();
  /// The handle is in \p Variable now, whose destruction ends the thread if it joins.
  void moveTo(const clang::VarDecl *Variable);

  const Spawn &Started;
  UnitFlow &Flow;
  UnitModel &Unit;
  CatalogIndex &Names;
  ThreadWaits Waits;
  /// Local objects whose destruction joins the thread.
  llvm::SmallVector<const clang::VarDecl *, 2> Joiners;
  Escape::Way LastWay = Escape::NotJoined;
  clang::SourceLocation DetachedAt;
};

} // namespace ward

#endif // WARD_FLOW_THREADS_HANDLEOWNERS_H
