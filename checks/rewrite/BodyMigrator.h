// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The edits of function bodies that use the members of migrated classes.
///
/// A structural walk: in each scope it knows the guards, whether they hold their locks, and by which name the data is reached. A use that
/// fits nowhere is an obstacle.
#ifndef WARD_REWRITE_BODYMIGRATOR_H
#define WARD_REWRITE_BODYMIGRATOR_H

#include "rewrite/MigratedClass.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

#include <optional>

namespace ward {

class BodyMigrator {
public:
  BodyMigrator(llvm::ArrayRef<MigratedClass> Classes, UnitEdits &Edits, clang::ASTContext &Context)
      : Classes(Classes), Edits(Edits), Context(Context), Sources(Context.getSourceManager()) {}

  void migrate(const clang::FunctionDecl &Function);
  /// \p Function needs the lock of its object, which its callers hold.
  const MigratedClass *helperOf(const clang::FunctionDecl *Function) const;
  /// Adds the parameter to a declaration of a helper.
  void addParameter(const clang::FunctionDecl &Function, const MigratedClass &Class);

  /// Declares the struct of the data before the first helper, if that stands before the lock.
  void declareStruct(const MigratedClass &Class);

private:
  enum class Hold { Held, Released, Unknown };
  /// What gives access to the data of one object.
  struct Holder {
    const MigratedClass *Class = nullptr;
    const clang::Expr *Object = nullptr;                ///< null for `this`
    const clang::VarDecl *Variable = nullptr; ///< std's guard; null for a lock by hand and for a parameter
    std::string Name = {};
    bool IsGuard = true;  ///< a guard, which is dereferenced
    bool Shared = false, ByHand = false;
    unsigned Frame = 0;
    Hold State = Hold::Held;
    std::string Acquire = {}; ///< the expression that acquires the lock
  };
  struct Frame {
    const clang::FunctionDecl *Function = nullptr;
    const clang::LambdaExpr *Lambda = nullptr;
    const clang::Stmt *Body = nullptr;
    bool IsRunInPlace = false;
    unsigned ThisUses = 0;
    bool DroppedThis = false;
    llvm::SmallVector<std::string, 2> Captured = {};
  };
  struct Flow {
    bool Reached = true;
    llvm::SmallVector<Hold, 4> States;
    bool operator==(const Flow &) const = default;
  };

  void visit(const clang::Stmt *S);
  void visitChildren(const clang::Stmt *S);
  void visitIn(const clang::Stmt *S, const clang::Stmt *Parent);
  void visitScope(const clang::Stmt *S);
  void visitLoop(llvm::function_ref<void()> Condition, llvm::function_ref<void()> Body, bool Endless, bool BodyFirst);
  void visitSwitch(const clang::SwitchStmt *S);
  void visitDeclaration(const clang::DeclStmt *S);
  void visitLambda(const clang::LambdaExpr *L, const Holder *Given);
  void visitMember(const clang::MemberExpr *M);
  void visitReference(const clang::DeclRefExpr *Ref);
  bool visitCall(const clang::CallExpr *Call);
  bool visitGuardCall(const clang::CXXMemberCallExpr *Call);
  bool visitLockCall(const clang::CXXMemberCallExpr *Call);
  bool visitCondvarCall(const clang::CallExpr *Call);
  bool visitHelperCall(const clang::CallExpr *Call, const clang::Expr *Callee);
  bool declareGuard(const clang::DeclStmt *S, const clang::VarDecl *Variable);
  void access(const clang::MemberExpr *M, const MigratedClass &Class, const clang::FieldDecl *Field);

  const MigratedClass *classOfMutex(const clang::Expr *E, const clang::MemberExpr *&Member) const;
  const MigratedClass *classOfCondvar(const clang::Expr *E) const;
  Holder *holderFor(const MigratedClass &Class, const clang::Expr *Object);
  Holder *holderOf(const clang::Expr *E);
  /// Makes the guard of an outer frame available in the current one. False with an obstacle.
  bool reach(Holder &Of, clang::SourceLocation Where);
  bool isOwnUnshared(const MigratedClass &Class, const clang::Expr *Object) const;
  bool escapes(const clang::MemberExpr *M, const MigratedClass &Class, const clang::FieldDecl *Field);
  void checkShared(const clang::MemberExpr *M, const MigratedClass &Class);
  bool usesGuard(const clang::Stmt *S, const clang::VarDecl *Variable) const;
  bool isReassigned(const clang::Expr *Object, const clang::Stmt *Scope) const;

  std::string nameFor(const MigratedClass &Class, const clang::Expr *Object) const;
  /// The text before a member of \p Object: "", "this->", "other.".
  std::string prefixOf(const clang::MemberExpr *M);
  std::string acquireOf(const MigratedClass &Class, const clang::MemberExpr *Mutex, bool Shared, bool Unique);
  static bool isThis(const clang::Expr *Object);
  bool isSame(const clang::Expr *A, const clang::Expr *B) const;
  const clang::Stmt *parent(unsigned Up = 0) const { return Parents.size() > Up ? Parents[Parents.size() - 1 - Up] : nullptr; }

  Flow save() const;
  void restore(const Flow &To);
  static Flow join(const Flow &A, const Flow &B);
  void closeScope(size_t Count, clang::SourceLocation Where);
  void leave(size_t Count, clang::SourceLocation Where);
  void obstacle(const MigratedClass &Class, clang::SourceLocation Where, const llvm::Twine &Why) { Edits.obstacle(Class.Group, Where, Why.str()); }

  llvm::ArrayRef<MigratedClass> Classes;
  UnitEdits &Edits;
  clang::ASTContext &Context;
  const clang::SourceManager &Sources;
  std::vector<Frame> Frames;
  std::vector<Holder> Holders;
  std::vector<const clang::Stmt *> Parents;
  bool Reached = true;
  /// Of the loops and switches around: where a break and a continue lead.
  struct Jumps {
    std::vector<Flow> Breaks, Continues;
    size_t Holders;
    bool IsLoop;
  };
  std::vector<Jumps> Around;
};

} // namespace ward

#endif // WARD_REWRITE_BODYMIGRATOR_H
