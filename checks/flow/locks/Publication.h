// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Accesses that need no lock because the data is complete before they can see it: it is published by std::call_once or by an atomic
/// flag, or only the one thread that has passed a check goes on to use it.
///
/// Sites are compared by their order in the source, within one function each.
#ifndef WARD_FLOW_LOCKS_PUBLICATION_H
#define WARD_FLOW_LOCKS_PUBLICATION_H

#include "flow/locks/SharedAccesses.h"

namespace ward {

class Publication {
public:
  Publication(UnitFlow &Flow, const std::vector<SharedAccesses::Group> &Groups) : Flow(Flow), Groups(Groups) {}

  /// \p Access, a read of the subject of \p Group, follows its publication.
  bool isPublished(const SharedAccess &Access, const SharedAccesses::Group &Group);

private:
  using Writes = llvm::SmallVector<const SharedAccess *, 4>;
  bool isBefore(const clang::Stmt *A, const clang::Stmt *B) const;
  bool isAfterOnce(const SharedAccess &Access, const Writes &All);
  bool runsOnce(const FunctionModel &Function);
  bool isAfterFlag(const SharedAccess &Access, const Writes &All);
  bool isOfFirstComer(const SharedAccess &Access, const Writes &All);

  UnitFlow &Flow;
  const std::vector<SharedAccesses::Group> &Groups;
  llvm::DenseMap<const FunctionModel *, bool> Once;
};

} // namespace ward

#endif // WARD_FLOW_LOCKS_PUBLICATION_H
