// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The control flow graph of a function on which all dataflow analyses run: Clang's CFG.
#ifndef WARD_FLOW_FLOWGRAPH_H
#define WARD_FLOW_FLOWGRAPH_H

#include "model/UnitModel.h"
#include "clang/Analysis/CFG.h"

#include <memory>
#include <optional>

namespace ward {

/// The graph of \p Function, with implicit destructors, temporaries' destructors, member initialisers and scopes. Null
/// for a template's pattern that hides its locks, and for code that Clang can't build a graph for. It has no edges for
/// exceptions that leave a call.
std::unique_ptr<clang::CFG> buildFlowGraph(const FunctionModel &Function, clang::ASTContext &Context);

/// Spreads a fact forward through \p Graph, from the entry, where it holds if \p AtEntry: it holds at the start of a block if some path
/// brings it there. \p Through is called with each block that is reached, the last time with whether the fact holds at its start, and says
/// whether it holds at its end, or none to stop. \p Ends says whether the fact ends on the way to the successor of that number.
void spread(const clang::CFG &Graph, bool AtEntry, llvm::function_ref<std::optional<bool>(const clang::CFGBlock &, bool)> Through,
            llvm::function_ref<bool(const clang::CFGBlock &, unsigned)> Ends);

/// Of each subject of an analysis the states that it may be in, as bits.
using StateSets = llvm::SmallVector<unsigned, 4>;

/// Spreads states forward through \p Graph, from the entry, where the subjects are in \p AtEntry, until none is added: those at the start
/// of each block, by its number, joined over the paths to it; empty for a block that is not reached. \p Through changes them as the block
/// does; nothing follows a block that does not return.
std::vector<StateSets> spreadStates(const clang::CFG &Graph, StateSets AtEntry,
                                    llvm::function_ref<void(const clang::CFGBlock &, StateSets &)> Through);

/// The condition that decides between the two successors of \p Block, of `a && b` the last part; null if there are not two.
const clang::Expr *decidingCondition(const clang::CFGBlock &Block);

} // namespace ward

#endif // WARD_FLOW_FLOWGRAPH_H
