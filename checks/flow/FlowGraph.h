// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The control flow graph of a function on which all dataflow analyses run: Clang's CFG.
#ifndef WARD_FLOW_FLOWGRAPH_H
#define WARD_FLOW_FLOWGRAPH_H

#include "model/UnitModel.h"
#include "clang/Analysis/CFG.h"

#include <memory>

namespace ward {

/// The graph of \p Function, with implicit destructors, temporaries' destructors, member initialisers and scopes. Null
/// for a template's pattern that hides its locks, and for code that Clang can't build a graph for. It has no edges for
/// exceptions that leave a call.
std::unique_ptr<clang::CFG> buildFlowGraph(const FunctionModel &Function, clang::ASTContext &Context);

} // namespace ward

#endif // WARD_FLOW_FLOWGRAPH_H
