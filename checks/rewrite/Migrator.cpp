// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "rewrite/Migrator.h"

#include "rewrite/Annotator.h"
#include "rewrite/BodyMigrator.h"
#include "rewrite/MigratedClass.h"
#include "clang/AST/RecursiveASTVisitor.h"

using namespace clang;

namespace ward {
namespace {

/// Calls visitors for the declarations of the user's, patterns of templates included.
template <class Derived> class UserDecls : public RecursiveASTVisitor<Derived> {
public:
  explicit UserDecls(ASTContext &Context) : Sources(Context.getSourceManager()) {}
  bool TraverseDecl(Decl *D) {
    if (D && !isa<TranslationUnitDecl>(D) && D->getLocation().isValid() && Sources.isInSystemHeader(D->getLocation()))
      return true;
    return RecursiveASTVisitor<Derived>::TraverseDecl(D);
  }

protected:
  const SourceManager &Sources;
};

class Finder : public UserDecls<Finder> {
public:
  Finder(ASTContext &Context, const RewritePlan &Plan, UnitEdits &Edits, std::vector<MigratedClass> &Into)
      : UserDecls(Context), Context(Context), Edits(Edits), Into(Into), Syntax(syntaxOf(Plan.Target)) {
    for (const PlannedMigration &Each : Plan.Migrations)
      ByMutex[Each.Mutex] = &Each;
  }
  bool VisitFieldDecl(FieldDecl *Field) {
    auto Found = Syntax ? ByMutex.find(usrOf(Field)) : ByMutex.end();
    if (Found == ByMutex.end() || !isa<CXXRecordDecl>(Field->getParent()))
      return true;
    MigratedClass Class;
    Class.Plan = Found->second;
    Class.Group = Found->first();
    Class.Syntax = Syntax;
    Class.Mutex = Field;
    describe(Class, Edits, Context);
    if (!Class.Fields.empty())
      Into.push_back(std::move(Class));
    return true;
  }

private:
  ASTContext &Context;
  UnitEdits &Edits;
  std::vector<MigratedClass> &Into;
  const TargetSyntax *Syntax;
  llvm::StringMap<const PlannedMigration *> ByMutex;
};

class Rewriter : public UserDecls<Rewriter> {
public:
  Rewriter(ASTContext &Context, llvm::ArrayRef<MigratedClass> Classes, UnitEdits &Edits)
      : UserDecls(Context), Context(Context), Classes(Classes), Edits(Edits), Bodies(Classes, Edits, Context) {}

  bool VisitFunctionDecl(FunctionDecl *Function) {
    if (Function->isImplicit() || isLambda(Function))
      return true;
    if (const MigratedClass *Class = Bodies.helperOf(Function))
      Bodies.addParameter(*Function, *Class);
    for (const MigratedClass &Class : Classes)
      removeAnnotations(Class, *Function, Edits, Context);
    if (const auto *Constructor = dyn_cast<CXXConstructorDecl>(Function); Constructor && Constructor->isDefaulted() && Constructor->isDefaultConstructor())
      writeOut(*Constructor);
    if (!Function->doesThisDeclarationHaveABody() || Function->isDefaulted())
      return true;
    if (const auto *Constructor = dyn_cast<CXXConstructorDecl>(Function))
      for (const MigratedClass &Class : Classes)
        if (Constructor->getParent()->getCanonicalDecl() == Class.Class->getCanonicalDecl())
          rewriteInitialisers(Class, *Constructor, Edits, Context);
    Bodies.migrate(*Function);
    return true;
  }

private:
  /// `= default` is judged inside the class, where a nested struct with initialisers has no default constructor yet.
  void writeOut(const CXXConstructorDecl &Constructor) {
    FunctionTypeLoc Type = Constructor.getFunctionTypeLoc();
    for (const MigratedClass &Class : Classes)
      if (!Class.isSingle() && !Type.isNull() && Constructor.getParent()->getCanonicalDecl() == Class.Class->getCanonicalDecl() &&
          Constructor.isFirstDecl())
        Edits.replace(Class.Group, Edits.after(Type.getRParenLoc()), Edits.after(Constructor.getEndLoc()), " {}");
  }

  static bool isLambda(const FunctionDecl *Function) {
    const auto *Method = dyn_cast<CXXMethodDecl>(Function);
    return Method && Method->getParent()->isLambda();
  }

  ASTContext &Context;
  llvm::ArrayRef<MigratedClass> Classes;
  UnitEdits &Edits;
  BodyMigrator Bodies;
};

} // namespace

void migrateUnit(UnitFlow &Flow, const RewritePlan &Plan, UnitEdits &Edits) {
  if (Plan.Migrations.empty())
    return;
  ASTContext &Context = Flow.model().context();
  std::vector<MigratedClass> Classes;
  Finder(Context, Plan, Edits, Classes).TraverseDecl(Context.getTranslationUnitDecl());
  if (Classes.empty())
    return;
  BodyMigrator Bodies(Classes, Edits, Context);
  for (const MigratedClass &Class : Classes) {
    rewriteFields(Class, Edits, Context);
    Bodies.declareStruct(Class);
  }
  Rewriter(Context, Classes, Edits).TraverseDecl(Context.getTranslationUnitDecl());
}

} // namespace ward
