// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "thread/PanicEscapesThreadCheck.h"

#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace ward {
namespace {

/// The catalog's entry for the direct start \p Started; null if there is none.
const SpawnEntry *entryOfStart(const Spawn &Started, CatalogIndex &Names) {
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(Started.Site))
    return Names.spawn(Construct->getConstructor()->getParent());
  const auto *Call = dyn_cast<CallExpr>(Started.Site);
  const SpawnEntry *Entry = Call ? Names.spawn(Call->getDirectCallee()) : nullptr;
  return Entry || !Call ? Entry : Names.spawn(emplacedClass(Call));
}

/// The thread library takes the exception of \p Path for the normal end of the thread.
bool endsNormally(const ThrowPath &Path, const SpawnEntry *Start) {
  const TagDecl *Class = Start && !Path.Type.isNull() ? classOf(Path.Type) : nullptr;
  return Class && llvm::is_contained(Start->Exits, qualifiedName(*Class));
}

/// The start itself, or by a thread class that catches nothing; not a call of another wrapper: how that handles exceptions is judged
/// where it starts the thread.
bool isDirect(const Spawn &Started, const SpawnEntry *Start, CatalogIndex &Names) {
  const auto *Call = dyn_cast<CallExpr>(Started.Site);
  return Started.Uncaught || Start || (Call && Names.isEmplacer(Call->getDirectCallee()));
}

/// What runs on the new thread: a function, a closure, or the call operator of an object.
const FunctionModel *entryOf(const Spawn &Started, UnitFlow &Unit) {
  if (const FunctionModel *Body = Unit.spawns().bodyOf(Started))
    return Body;
  CatalogIndex &Names = Unit.model().names();
  const Expr *E = stripped(Started.Callable);
  while (const auto *Call = dyn_cast<CallExpr>(E)) { // std::ref(f), std::move(f), std::bind(f, x)
    const FunctionDecl *Callee = Call->getDirectCallee();
    const FunctionEntry *Entry = Callee ? Names.function(Callee) : nullptr;
    if (!Entry || Call->getNumArgs() == 0 || (Entry->Effect != FunctionEffect::Forward && Entry->Effect != FunctionEffect::Bind))
      break;
    E = stripped(Call->getArg(0));
  }
  E = withoutAddressOf(E);
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E))
    if (const auto *Function = dyn_cast<FunctionDecl>(Ref->getDecl()))
      return Unit.model().function(Function);
  const auto *Record = E->getType()->getAsCXXRecordDecl();
  if (!Record || !Record->hasDefinition())
    return nullptr;
  for (const CXXMethodDecl *Method : Record->getDefinition()->methods())
    if (Method->getOverloadedOperator() == OO_Call)
      return Unit.model().function(Method);
  return nullptr;
}

/// The exception comes from an assertion macro of a test framework: its class has no virtual functions, so it carries no error.
bool isAssertion(const ThrowPath &Path, const SourceManager &Sources) {
  const CXXRecordDecl *Class = Path.Type.isNull() ? nullptr : Path.Type.getNonReferenceType()->getAsCXXRecordDecl();
  return Class && Class->hasDefinition() && !Class->isPolymorphic() && llvm::any_of(Path.Calls, [&](const Expr *Call) {
           return Sources.isMacroBodyExpansion(Call->getExprLoc());
         });
}

} // namespace

PanicEscapesThreadCheck::PanicEscapesThreadCheck(llvm::StringRef Name, tidy::ClangTidyContext *Context)
    : CxxCheck(Name, Context), Strict(boolOption("Strict", false)),
      IgnoredExceptions(Options.get("IgnoredExceptions", "std::bad_alloc").str()) {}

void PanicEscapesThreadCheck::storeOptions(tidy::ClangTidyOptions::OptionMap &Opts) {
  Options.store(Opts, "Strict", Strict ? "true" : "false");
  Options.store(Opts, "IgnoredExceptions", IgnoredExceptions);
  WardCheck::storeOptions(Opts);
}

void PanicEscapesThreadCheck::analyse(UnitFlow &Unit) {
  UnitModel &Model = Unit.model();
  if (Unit.spawns().all().empty() || !Model.context().getLangOpts().CXXExceptions)
    return;
  llvm::SmallVector<llvm::StringRef, 4> Names;
  llvm::StringRef(IgnoredExceptions).split(Names, ';', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  std::vector<std::string> Ignored;
  for (llvm::StringRef Name : Names)
    Ignored.push_back(Name.trim().str());
  Exceptions Thrown(Model, std::move(Ignored), Strict);
  for (const Spawn &Started : Unit.spawns().all()) {
    const SpawnEntry *Start = Started.CarriesExceptions ? nullptr : entryOfStart(Started, Model.names());
    if (Started.CarriesExceptions || !isDirect(Started, Start, Model.names()))
      continue;
    const FunctionModel *Entry = entryOf(Started, Unit);
    if (!Entry)
      continue;
    for (const ThrowPath &Path : Thrown.leaving(*Entry))
      if (!isAssertion(Path, Model.context().getSourceManager()) && !endsNormally(Path, Start)) {
        report(Started, Path, Unit);
        break;
      }
  }
}

void PanicEscapesThreadCheck::report(const Spawn &Started, const ThrowPath &Path, UnitFlow &Unit) {
  SourceLocation Location = Started.Site->getBeginLoc();
  if (!claim(Location, Unit.model().context().getSourceManager()))
    return;
  diag(Location, "an exception can escape the function of this thread, which terminates the program");
  for (const Expr *Call : Path.Calls)
    diag(Call->getExprLoc(), "it propagates through this call", DiagnosticIDs::Note);
  if (Path.Opaque)
    diag(Path.Origin->getExprLoc(), "this function may throw; its body is not visible here", DiagnosticIDs::Note);
  else if (Path.Type.isNull())
    diag(Path.Origin->getExprLoc(), "thrown here", DiagnosticIDs::Note);
  else
    diag(Path.Origin->getExprLoc(), "%0 is thrown here", DiagnosticIDs::Note) << Path.Type.getNonReferenceType();
}

} // namespace ward
