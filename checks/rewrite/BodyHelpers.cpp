// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The member functions that need the lock of their object and do not acquire it: they get the data as a parameter.
#include "rewrite/BodyMigrator.h"

#include "base/SourceEdit.h"
#include "rewrite/Annotator.h"

using namespace clang;

namespace ward {

const MigratedClass *BodyMigrator::helperOf(const FunctionDecl *Function) const {
  const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Function);
  if (!Method)
    return nullptr;
  const FunctionDecl *Pattern = Method->getTemplateInstantiationPattern();
  const FunctionDecl *Own = Pattern ? Pattern : Method;
  const FunctionDecl *Definition = Own->getDefinition();
  std::string Usr = usrOf(Own), Place = Definition ? Edits.placeOf(Definition->getLocation()) : "";
  for (const MigratedClass &Class : Classes)
    if (cast<CXXMethodDecl>(Own)->getParent()->getCanonicalDecl() == Class.Class->getCanonicalDecl() &&
        (Class.Plan->Helpers.contains(Usr) || (!Place.empty() && Class.Plan->Helpers.contains(Place))))
      return &Class;
  return nullptr;
}

void BodyMigrator::addParameter(const FunctionDecl &Function, const MigratedClass &Class) {
  const auto &Method = cast<CXXMethodDecl>(Function);
  if (Method.isVirtual() || Method.isStatic() || Method.isOverloadedOperator() || isa<CXXConversionDecl>(Method))
    return obstacle(Class, Function.getLocation(), "'" + Function.getNameAsString() + "' needs the lock, and cannot take another parameter");
  FunctionTypeLoc Type = Function.getFunctionTypeLoc();
  if (Type.isNull() || Type.getLParenLoc().isMacroID())
    return obstacle(Class, Function.getLocation(), "'" + Function.getNameAsString() + "' is declared in a macro");
  const FunctionDecl *Definition = Function.getDefinition();
  std::string Name = nameFor(Class, nullptr);
  if (Definition) {
    Name = unusedName(Name, Definition->getBody());
    while (llvm::any_of(Definition->parameters(), [&](const ParmVarDecl *Each) { return Each->getName() == Name; }))
      Name += "_data";
  }
  std::string Text = Class.parameter(Method.isConst(), Edits) + Name;
  if (Type.getNumParams())
    Edits.insert(Class.Group, Type.getParam(0)->getBeginLoc(), Text + ", ");
  else
    Edits.replace(Class.Group, Edits.after(Type.getLParenLoc()), Type.getRParenLoc(), Text);
}

void BodyMigrator::declareStruct(const MigratedClass &Class) {
  const CXXMethodDecl *First = nullptr;
  for (const Decl *Each : Class.Class->decls()) {
    const FunctionDecl *Function = Each->getAsFunction();
    if (Function && Function->getParent() == Class.Class && helperOf(Function) == &Class &&
        Sources.isBeforeInTranslationUnit(Function->getLocation(), Class.Mutex->getLocation())) {
      First = cast<CXXMethodDecl>(Function);
      break;
    }
  }
  if (!First || Class.isSingle())
    return;
  SourceLocation Begin = First->getBeginLoc();
  if (const FunctionTemplateDecl *Template = First->getDescribedFunctionTemplate())
    Begin = Template->getBeginLoc();
  if (First->getAccess() != Class.Mutex->getAccess() || Begin.isMacroID())
    return obstacle(Class, First->getLocation(), "'" + First->getName() + "' needs the lock, and has other access than the lock");
  // Above the comment of the function.
  auto [File, Offset] = Sources.getDecomposedLoc(Begin);
  llvm::StringRef Text = Sources.getBufferData(File);
  size_t Line = Text.take_front(Offset).rfind('\n') + 1;
  std::string Indent = Text.slice(Line, Offset).str();
  if (!llvm::StringRef(Indent).trim().empty()) {
    Edits.insert(Class.Group, Begin, "struct " + Class.Struct + "; ");
    return;
  }
  while (Line > 0) {
    size_t Above = Text.take_front(Line - 1).rfind('\n') + 1;
    if (!Text.slice(Above, Line).trim().starts_with("//"))
      break;
    Line = Above;
  }
  Edits.insert(Class.Group, Sources.getLocForStartOfFile(File).getLocWithOffset(Line), Indent + "struct " + Class.Struct + ";\n");
}

bool BodyMigrator::visitHelperCall(const CallExpr *Call, const Expr *Callee) {
  const auto *Member = dyn_cast_or_null<MemberExpr>(Callee);
  const auto *Unresolved = dyn_cast_or_null<UnresolvedMemberExpr>(Callee);
  const MigratedClass *Class = nullptr;
  const Expr *Object = nullptr;
  if (Member) {
    Class = helperOf(dyn_cast<FunctionDecl>(Member->getMemberDecl()));
    Object = Member->getBase();
  } else if (Unresolved) {
    for (const NamedDecl *Each : Unresolved->decls())
      if (const MigratedClass *Found = helperOf(Each->getAsFunction()))
        Class = Found;
    Object = Unresolved->isImplicitAccess() ? nullptr : Unresolved->getBase();
    if (Class && Unresolved->getNumDecls() != 1)
      obstacle(*Class, Call->getBeginLoc(), "a call of an overloaded function that needs the lock");
  }
  if (!Class)
    return false;
  std::string Data;
  if (Holder *Own = holderFor(*Class, Object)) {
    if (Own->State != Hold::Held)
      obstacle(*Class, Call->getBeginLoc(), "a function that needs the lock is called where it may not be held");
    else if (reach(*Own, Call->getBeginLoc()))
      Data = (Own->IsGuard ? "*" : "") + Own->Name;
  } else if (isOwnUnshared(*Class, Object)) {
    Data = Class->Member + "." + Class->Syntax->Unlocked.str();
  } else {
    obstacle(*Class, Call->getBeginLoc(), "a function that needs the lock is called without it");
  }
  unsigned Written = 0;
  while (Written < Call->getNumArgs() && !isa<CXXDefaultArgExpr>(Call->getArg(Written)))
    ++Written;
  if (!Data.empty())
    Edits.insert(Class->Group, Written ? Call->getArg(0)->getBeginLoc() : Call->getRParenLoc(), Data + (Written ? ", " : ""));
  Parents.push_back(Call);
  if (Object)
    visitIn(Object, Callee);
  else if (!Frames.empty())
    ++Frames.back().ThisUses;
  for (const Expr *Each : Call->arguments())
    visit(Each);
  Parents.pop_back();
  return true;
}

} // namespace ward
