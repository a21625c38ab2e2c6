// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/UnitFlow.h"
#include "flow/locks/GuardedBy.h"

using namespace clang;

namespace ward {

llvm::DenseSet<const ValueDecl *> subjectsWithoutTheirLock(UnitFlow &Unit) {
  llvm::DenseSet<const ValueDecl *> Result;
  GuardInference Inference(Unit);
  for (const SharedAccesses::Group &Group : Unit.shared().groups()) {
    std::vector<GuardVerdict> Stated = annotatedGuards(Group, /*Pointee=*/false, Unit.model().names());
    if (Stated.empty())
      if (std::optional<GuardVerdict> Verdict = Inference.infer(Group, Confidence::Likely))
        Stated.push_back(std::move(*Verdict));
    if (llvm::any_of(Stated, [](const GuardVerdict &Verdict) { return !Verdict.Lacking.empty(); }))
      Result.insert(Group.Subject);
  }
  return Result;
}

} // namespace ward
