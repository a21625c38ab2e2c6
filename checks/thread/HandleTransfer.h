// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The transfer functions of the analysis in ThreadStates.h: what statements do to the states of handles.
#ifndef WARD_THREAD_HANDLETRANSFER_H
#define WARD_THREAD_HANDLETRANSFER_H

#include "thread/HandleUses.h"
#include "thread/ThreadStates.h"

#include <map>

namespace ward {

/// The effects of one function's statements, and the mistakes that they are. An object serves one run of the analysis.
class HandleTransfer : protected HandleUses {
public:
  HandleTransfer(const FunctionModel &Function, UnitFlow &Flow, Exceptions &Thrown) : HandleUses(Function, Flow), Thrown(Thrown) {}

protected:
  /// What may be true of a handle; several bits where paths meet, none where it does not exist.
  enum StateBit : unsigned {
    Idle = 1, ///< it never had a thread
    Joinable = 2,
    Unknown = 4,
    Ended = 8, ///< joined, detached or moved from
  };
  using States = std::map<const clang::ValueDecl *, unsigned>;

  void applyStmt(const clang::Stmt *S, States &State);
  /// \p Handle is destroyed at \p Where.
  void destroy(const clang::ValueDecl *Handle, clang::SourceLocation Where, States &State);
  /// The effect of leaving \p Block by its successor number \p Index: of a loop that joins, of a condition on a handle.
  void refine(const clang::CFGBlock &Block, unsigned Index, States &State);

  Exceptions &Thrown;
  /// Mistakes are only collected while this is set, when the states are final.
  bool Reporting = false;
  std::vector<HandleMistake> Found;

private:
  unsigned stateOf(const States &State, const clang::ValueDecl *Handle) const;
  void report(HandleMistake::Kind What, const clang::ValueDecl *Handle, clang::SourceLocation Where, const clang::Expr *Origin,
              const clang::Expr *Before);
  /// The state of a handle that is initialised with, or assigned, \p E.
  unsigned valueState(const clang::Expr *E, HandleForm Form);
  void assign(const clang::ValueDecl *Handle, const clang::Expr *Target, const clang::Expr *Value, clang::SourceLocation Where,
              States &State);
  /// Where the thread of \p Handle is started; null if unknown.
  const clang::Expr *startOf(const clang::ValueDecl *Handle) const;
  void joinOrDetach(const clang::ValueDecl *Handle, const clang::CallExpr *Call, States &State);
  /// An exception that \p Origin throws leaves \p E, at \p Where, and destroys handles.
  void unwind(const clang::Expr *E, clang::SourceLocation Where, const clang::Expr *Origin, const States &State);
  void applyCall(const clang::CallExpr *Call, States &State);
  /// \p Init gives \p Variable a thread that is started later by a call: QThread::create(f), make_unique<Worker>().
  bool makesUnstarted(const clang::VarDecl *Variable, const clang::Expr *Init);
  bool mentionsInLoop(const clang::Stmt *Loop, const clang::ValueDecl *Handle) const;

  /// The handles that a closure has by reference, and joins or detaches whenever it is called.
  llvm::DenseSet<const clang::ValueDecl *> JoinedByClosure;
  /// The state that each std::move took, as of the last visit.
  llvm::DenseMap<const clang::Expr *, unsigned> Moved;
  /// By handle: the call that joined, detached or moved it last, and the call that starts its thread.
  llvm::DenseMap<const clang::ValueDecl *, const clang::Expr *> EndedBy, StartedBy;
};

} // namespace ward

#endif // WARD_THREAD_HANDLETRANSFER_H
