// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "run/TidyRun.h"

#include "compat/TidyDiagnostics.h"
#include "model/SystemHeaders.h"

#include "clang-tidy/ClangTidy.h"
#include "clang/AST/ASTContext.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/FrontendActions.h"
#include "clang/Frontend/MultiplexConsumer.h"
#include "clang/Lex/PreprocessorOptions.h"
#include "clang/Tooling/ArgumentsAdjusters.h"
#include "clang/Tooling/Tooling.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace clang;
using namespace clang::tidy;
using namespace llvm;

namespace ward {
namespace {

// In a file system of its own, in memory.
constexpr llvm::StringLiteral HeaderPath = "/ward-shared-headers/shared.hpp", PrecompiledPath = "/ward-shared-headers/shared.pch";

/// May return a part of its object, as data() of a string does: then paths lead through its body.
bool mayBeAccessor(const FunctionDecl *F) {
  const auto *Method = dyn_cast<CXXMethodDecl>(F);
  return Method && !isa<CXXConstructorDecl, CXXDestructorDecl>(Method) && Method->getNumParams() < 2 && !Method->getReturnType()->isVoidType();
}

bool isInStandardLibrary(const Decl *D) {
  const DeclContext *Outermost = nullptr;
  for (const DeclContext *Context = D->getDeclContext(); Context; Context = Context->getParent())
    if (Context->isNamespace())
      Outermost = Context;
  const auto *Space = dyn_cast_or_null<NamespaceDecl>(Outermost);
  if (!Space || !Space->getIdentifier() || (Space->getName() != "std" && Space->getName() != "__gnu_cxx"))
    return false;
  // A user's specialisation, as of std::hash, is in the user's file.
  return isInSystemHeader(D->getLocation(), D->getASTContext().getSourceManager());
}

/// Leaves out bodies, and shows the other consumers what the unit itself declares, as opposed to the shared headers.
class LeanConsumer : public MultiplexConsumer {
public:
  LeanConsumer(std::vector<std::unique_ptr<ASTConsumer>> Inner, const ParseMode &How) : MultiplexConsumer(std::move(Inner)), How(How) {}

  /// The catalog describes what the functions of the standard library do.
  bool shouldSkipFunctionBody(Decl *D) override {
    const FunctionDecl *F = D->getAsFunction();
    return F && !How.LibraryBodies && isInStandardLibrary(D) && !mayBeAccessor(F);
  }

  void HandleTranslationUnit(ASTContext &Context) override {
    if (How.Headers) {
      std::vector<Decl *> Own;
      for (Decl *D : Context.getTranslationUnitDecl()->noload_decls())
        if (!D->isFromASTFile())
          Own.push_back(D);
      Context.setTraversalScope(Own);
    }
    MultiplexConsumer::HandleTranslationUnit(Context);
  }

private:
  ParseMode How;
};

std::unique_ptr<ASTConsumer> lean(std::unique_ptr<ASTConsumer> Inner, const ParseMode &How, CompilerInstance &Compiler) {
  if (!Inner)
    return nullptr;
  Compiler.getFrontendOpts().SkipFunctionBodies = !How.LibraryBodies;
  std::vector<std::unique_ptr<ASTConsumer>> One;
  One.push_back(std::move(Inner));
  return std::make_unique<LeanConsumer>(std::move(One), How);
}

class TidyAction : public ASTFrontendAction {
public:
  TidyAction(ClangTidyASTConsumerFactory &Consumers, const ParseMode &How) : Consumers(Consumers), How(How) {}

  std::unique_ptr<ASTConsumer> CreateASTConsumer(CompilerInstance &Compiler, StringRef File) override {
    return lean(Consumers.createASTConsumer(Compiler, File), How, Compiler);
  }

private:
  ClangTidyASTConsumerFactory &Consumers;
  const ParseMode &How;
};

class PrecompileAction : public GeneratePCHAction {
public:
  std::unique_ptr<ASTConsumer> CreateASTConsumer(CompilerInstance &Compiler, StringRef File) override {
    return lean(GeneratePCHAction::CreateASTConsumer(Compiler, File), {}, Compiler);
  }
};

/// Makes actions, and prepares the compiler as clang-tidy does.
template <class Make> class Factory : public tooling::FrontendActionFactory {
public:
  Factory(Make Create, StringRef Precompiled, StringRef Output) : Create(std::move(Create)), Precompiled(Precompiled), Output(Output) {}

  std::unique_ptr<FrontendAction> create() override { return Create(); }
  bool runInvocation(std::shared_ptr<CompilerInvocation> Invocation, FileManager *Files, std::shared_ptr<PCHContainerOperations> Containers,
                     DiagnosticConsumer *Diagnostics) override {
    Invocation->getPreprocessorOpts().SetUpStaticAnalyzer = true; // defines __clang_analyzer__
    if (!Precompiled.empty())
      Invocation->getPreprocessorOpts().ImplicitPCHInclude = Precompiled.str();
    if (!Output.empty())
      Invocation->getFrontendOpts().OutputFile = Output.str();
    return FrontendActionFactory::runInvocation(std::move(Invocation), Files, std::move(Containers), Diagnostics);
  }

private:
  Make Create;
  StringRef Precompiled, Output;
};

/// \p Files, and above them what \p Includes and \p Precompiled hold, in memory.
IntrusiveRefCntPtr<vfs::OverlayFileSystem> withShared(IntrusiveRefCntPtr<vfs::FileSystem> Files, StringRef Includes, StringRef Precompiled) {
  auto Result = makeIntrusiveRefCnt<vfs::OverlayFileSystem>(std::move(Files));
  auto Memory = makeIntrusiveRefCnt<vfs::InMemoryFileSystem>();
  Memory->addFile(HeaderPath, /*ModificationTime=*/0, MemoryBuffer::getMemBuffer(Includes, HeaderPath));
  if (!Precompiled.empty())
    Memory->addFile(PrecompiledPath, /*ModificationTime=*/0, MemoryBuffer::getMemBuffer(Precompiled, PrecompiledPath, /*RequiresNullTerminator=*/false));
  Result->pushOverlay(std::move(Memory));
  return Result;
}

/// A compile database with one command.
class OneUnit : public tooling::CompilationDatabase {
public:
  explicit OneUnit(Unit U) : U(std::move(U)) {}
  std::vector<tooling::CompileCommand> getCompileCommands(StringRef) const override { return {U}; }
  std::vector<std::string> getAllFiles() const override { return {U.Filename}; }

private:
  Unit U;
};

std::unique_ptr<tooling::CompilationDatabase> databaseOf(Unit U, IntrusiveRefCntPtr<vfs::FileSystem> Files) {
  return tooling::inferTargetAndDriverMode(tooling::expandResponseFiles(std::make_unique<OneUnit>(std::move(U)), std::move(Files)));
}

} // namespace

bool namesFileOf(const Unit &U, StringRef Argument) {
  return Argument == U.Filename || (!Argument.starts_with("-") && pathFrom(U.Directory, Argument) == pathFrom(U.Directory, U.Filename));
}

std::vector<ClangTidyError> runTidy(ClangTidyContext &Context, const Unit &U, IntrusiveRefCntPtr<vfs::FileSystem> Files, const ParseMode &How) {
  std::unique_ptr<tooling::CompilationDatabase> Database = databaseOf(U, Files);
  IntrusiveRefCntPtr<vfs::OverlayFileSystem> All = How.Headers ? withShared(Files, How.Headers->Includes, How.Headers->Precompiled)
                                                               : makeIntrusiveRefCnt<vfs::OverlayFileSystem>(Files);
  tooling::ClangTool Tool(*Database, {U.Filename}, std::make_shared<PCHContainerOperations>(), All);
  Tool.appendArgumentsAdjuster([&Context](const tooling::CommandLineArguments &Arguments, StringRef Name) {
    ClangTidyOptions Options = Context.getOptionsForFile(Name);
    tooling::CommandLineArguments Result = Arguments;
    if (Options.ExtraArgsBefore) {
      bool HasProgram = !Result.empty() && !StringRef(Result.front()).starts_with("-");
      Result.insert(Result.begin() + HasProgram, Options.ExtraArgsBefore->begin(), Options.ExtraArgsBefore->end());
    }
    if (Options.ExtraArgs)
      Result.insert(Result.end(), Options.ExtraArgs->begin(), Options.ExtraArgs->end());
    return Result;
  });
  Tool.appendArgumentsAdjuster(tooling::getStripPluginsAdjuster());

  ClangTidyDiagnosticConsumer Diagnostics(Context);
  TidyDiagnostics Engine(Context, Diagnostics);
  Tool.setDiagnosticConsumer(&Diagnostics);
  ClangTidyASTConsumerFactory Consumers(Context, All);
  Factory Actions([&] { return std::make_unique<TidyAction>(Consumers, How); }, How.Headers ? StringRef(PrecompiledPath) : StringRef(), "");
  Tool.run(&Actions);
  return Diagnostics.take();
}

std::string precompile(const std::string &Includes, Unit Like, IntrusiveRefCntPtr<vfs::FileSystem> Files) {
  SmallString<128> Output;
  if (sys::fs::createTemporaryFile("ward-shared-headers", "pch", Output))
    return {};
  FileRemover Remover(Output);
  for (std::string &Argument : Like.CommandLine)
    if (namesFileOf(Like, Argument))
      Argument = HeaderPath;
  Like.CommandLine.insert(Like.CommandLine.begin() + 1, {"-x", "c++-header"});
  Like.Filename = HeaderPath;
  std::unique_ptr<tooling::CompilationDatabase> Database = databaseOf(std::move(Like), Files);
  tooling::ClangTool Tool(*Database, {HeaderPath.str()}, std::make_shared<PCHContainerOperations>(), withShared(std::move(Files), Includes, ""));
  IgnoringDiagConsumer Ignored;
  Tool.setDiagnosticConsumer(&Ignored);
  Tool.setPrintErrorMessage(false);
  Factory Actions([] { return std::make_unique<PrecompileAction>(); }, "", Output);
  if (Tool.run(&Actions) != 0)
    return {};
  ErrorOr<std::unique_ptr<MemoryBuffer>> Written = MemoryBuffer::getFile(Output, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  return Written ? (*Written)->getBuffer().str() : std::string();
}

} // namespace ward
