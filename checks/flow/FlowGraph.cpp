// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/FlowGraph.h"

using namespace clang;

namespace ward {

std::unique_ptr<CFG> buildFlowGraph(const FunctionModel &Function, ASTContext &Context) {
  if (!Function.hasKnownLocks())
    return nullptr;
  CFG::BuildOptions Options;
  Options.AddImplicitDtors = true;
  Options.AddTemporaryDtors = true;
  Options.AddInitializers = true;
  Options.AddScopes = true;
  // A variable of dependent type has no destructor yet, but its lifetime ends.
  Options.AddLifetime = Function.IsPattern;
  Options.setAllAlwaysAdd();
  return CFG::buildCFG(Function.Function, const_cast<Stmt *>(Function.Body), &Context, Options);
}

} // namespace ward
