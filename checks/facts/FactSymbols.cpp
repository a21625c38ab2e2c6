// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "facts/FactSymbols.h"

#include "flow/locks/SharedAccesses.h"

#include "model/Callables.h"
#include "clang/AST/DeclCXX.h"
#include "clang/Index/USRGeneration.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/BLAKE3.h"

using namespace clang;

namespace ward {
namespace {

std::string qualifiedName(const NamedDecl *Decl) {
  std::string Result;
  llvm::raw_string_ostream Out(Result);
  Decl->printQualifiedName(Out);
  return llvm::json::fixUTF8(Result);
}

} // namespace

FactSymbols::FactSymbols(UnitModel &Unit, std::function<std::string(llvm::StringRef)> NameFile)
    : Unit(Unit), Sources(Unit.context().getSourceManager()), NameFile(std::move(NameFile)) {
  Main = Files[file(Sources.getMainFileID())].first;
}

unsigned FactSymbols::file(FileID File) {
  auto [It, New] = FileNumbers.try_emplace(File, Files.size());
  if (!New)
    return It->second;
  OptionalFileEntryRef Entry = Sources.getFileEntryRefForID(File);
  std::string Name = Entry ? NameFile(Entry->getName()) : "";
  // A file that is included more than once has several FileIDs.
  for (unsigned I = 0; I != Files.size(); ++I)
    if (Files[I].first == Name)
      return FileNumbers[File] = I;
  std::optional<llvm::StringRef> Text = Sources.getBufferDataOrNone(File);
  llvm::BLAKE3 Hash;
  Hash.update(Text.value_or(""));
  Files.emplace_back(std::move(Name), llvm::toHex(Hash.final<16>(), /*LowerCase=*/true));
  return FileNumbers[File] = Files.size() - 1;
}

llvm::json::Array FactSymbols::place(SourceLocation Where) {
  auto [File, Offset] = Sources.getDecomposedLoc(Sources.getFileLoc(Where));
  return llvm::json::Array{file(File), Sources.getLineNumber(File, Offset), Sources.getColumnNumber(File, Offset)};
}

std::string FactSymbols::placeText(SourceLocation Where) {
  auto [File, Offset] = Sources.getDecomposedLoc(Sources.getFileLoc(Where));
  return Files[file(File)].first + ":" + std::to_string(Sources.getLineNumber(File, Offset)) + ":" +
         std::to_string(Sources.getColumnNumber(File, Offset));
}

std::string FactSymbols::usr(const Decl *Decl) {
  llvm::SmallString<128> Result;
  if (index::generateUSRForDecl(Decl, Result))
    return placeText(Decl->getLocation());
  return llvm::json::fixUTF8(Result);
}

unsigned FactSymbols::add(std::string Key, llvm::json::Object Rest) {
  auto [It, New] = SymbolNumbers.try_emplace(Key, Symbols.size());
  if (New) {
    Rest["u"] = std::move(Key);
    Symbols.push_back(std::move(Rest));
  }
  return It->second;
}

bool FactSymbols::isVisibleElsewhere(const ValueDecl *Decl) const {
  if (isa<VarDecl>(Decl))
    return Decl->isExternallyVisible();
  return Decl->isExternallyVisible() && !Sources.isInMainFile(Sources.getFileLoc(Decl->getLocation()));
}

unsigned FactSymbols::variable(const ValueDecl *Decl) {
  LockTypes &Types = Unit.types();
  if (const auto *Field = dyn_cast<FieldDecl>(Decl)) {
    Field = patternOf(Field);
    std::string Key = usr(Field) + " " + Files[file(Sources.getFileID(Sources.getFileLoc(Field->getLocation())))].first;
    if (!Field->isExternallyVisible())
      Key += " " + Main;
    const RecordDecl *Class = Field->getParent();
    llvm::json::Object Rest{{"k", "field"},
                            {"n", Field->getNameAsString()},
                            {"c", qualifiedName(Class)},
                            {"at", place(Field->getLocation())}};
    if (Field->getType()->isPointerType() || Field->getType()->isReferenceType())
      Rest["ptr"] = true;
    if (const MutexType *Mutex = Types.mutex(Field->getType()))
      Rest["mutex"] = Mutex->MayBeReentrant || Mutex->IsGuess ? "unsure" : "sure";
    return add(std::move(Key), std::move(Rest));
  }
  const auto *Variable = cast<VarDecl>(Decl);
  if (const auto *Parameter = dyn_cast<ParmVarDecl>(Variable))
    if (const auto *Owner = dyn_cast_or_null<FunctionDecl>(Parameter->getDeclContext()))
      if (const FunctionModel *Body = Unit.function(Owner)) {
        unsigned Number = function(*Body);
        unsigned Index = Parameter->getFunctionScopeIndex();
        return add(
            std::to_string(Index) + " of " + Symbols[Number].getString("u")->str(),
            llvm::json::Object{{"k", "parameter"}, {"n", Parameter->getNameAsString()}, {"f", Number}, {"i", Index}});
      }
  if (!Variable->hasGlobalStorage())
    return add(
        "local " + placeText(Variable->getLocation()) + " " + Main,
        llvm::json::Object{{"k", "local"}, {"n", Variable->getNameAsString()}, {"at", place(Variable->getLocation())}});
  std::string Key = usr(Variable);
  if (!Variable->isExternallyVisible())
    Key += " " + Main;
  const VarDecl *Definition = Variable->getDefinition();
  const auto *Scope = dyn_cast<NamedDecl>(Variable->getDeclContext());
  llvm::json::Object Rest{{"k", "global"},
                          {"n", Variable->getNameAsString()},
                          {"c", Scope ? qualifiedName(Scope) : ""},
                          {"at", place((Definition ? Definition : Variable)->getLocation())}};
  // Tells apart the globals of one name in several programs of one compilation database.
  Rest["defined"] = Definition != nullptr;
  if (const MutexType *Mutex = Types.mutex(Variable->getType()))
    Rest["mutex"] = Mutex->MayBeReentrant || Mutex->IsGuess ? "unsure" : "sure";
  return add(std::move(Key), std::move(Rest));
}

unsigned FactSymbols::declared(const FunctionDecl *Function) {
  return add(
      "declared " + usr(Function),
      llvm::json::Object{{"k", "declared"}, {"n", qualifiedName(Function)}, {"at", place(Function->getLocation())}});
}

unsigned FactSymbols::lockClass(const TagDecl *Class) {
  return add("class " + usr(Class),
             llvm::json::Object{{"k", "declared"}, {"n", qualifiedName(Class)}, {"at", place(Class->getLocation())}});
}

void FactSymbols::addOverridden(const CXXMethodDecl *Method, llvm::json::Array &To) {
  for (const CXXMethodDecl *Overridden : Method->overridden_methods()) {
    To.push_back(declared(Overridden));
    addOverridden(Overridden, To);
  }
}

llvm::json::Array FactSymbols::overridden(const CXXMethodDecl *Method) {
  llvm::json::Array Result;
  addOverridden(Method, Result);
  return Result;
}

unsigned FactSymbols::function(const FunctionModel &Function) {
  const FunctionDecl *Decl = Function.Function;
  std::string Name = isClosure(Decl) ? "lambda" : usr(Decl);
  std::string Key = Name + " " + placeText(Decl->getLocation());
  bool Linked = !isClosure(Decl) && Decl->isExternallyVisible() && !Decl->isMain();
  if (!Linked)
    Key += " " + Main;
  llvm::json::Object Rest{{"k", "function"},
                          {"n", isClosure(Decl) ? "a closure" : qualifiedName(Decl)},
                          {"at", place(Decl->getLocation())}};
  if (Linked)
    Rest["d"] = declared(Decl);
  if (const auto *Method = dyn_cast<CXXMethodDecl>(Decl))
    if (llvm::json::Array Overrides = overridden(Method); !Overrides.empty())
      Rest["o"] = std::move(Overrides);
  return add(std::move(Key), std::move(Rest));
}

unsigned FactSymbols::path(const AccessPath &Path) {
  std::string Text = Path.root() ? "v" + std::to_string(variable(Path.root())) : "t";
  for (const AccessPath::Step &Step : Path.steps())
    Text += Step.asField() ? " " + std::to_string(variable(Step.asField())) : " e";
  auto [It, New] = PathNumbers.try_emplace(Text, Paths.size());
  if (New)
    Paths.push_back(Text);
  return It->second;
}

void FactSymbols::write(llvm::json::OStream &Out) const {
  Out.attributeArray("files", [&] {
    for (const auto &[Name, Digest] : Files)
      Out.value(llvm::json::Array{Name, Digest});
  });
  Out.attributeArray("symbols", [&] {
    for (const llvm::json::Object &Symbol : Symbols)
      Out.value(llvm::json::Object(Symbol));
  });
  Out.attributeArray("paths", [&] {
    for (const std::string &Path : Paths)
      Out.value(Path);
  });
}

} // namespace ward
