// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/locks/GuardedBy.h"

#include "model/Annotations.h"

using namespace clang;

namespace ward {

std::vector<GuardVerdict> annotatedGuards(const SharedAccesses::Group &Group, bool Pointee, CatalogIndex &Names) {
  std::vector<GuardVerdict> Result;
  for (const AnnotatedLock &Lock : Pointee ? pointeeGuardedBy(Group.Subject, Names) : guardedBy(Group.Subject, Names)) {
    if (!Lock.Path)
      continue;
    GuardVerdict Verdict{Group.Subject, GuardKey::ofAnnotation(*Lock.Path), /*IsAnnotated=*/true, Pointee};
    for (const SharedAccess &Access : Group.Accesses) {
      if (Access.IsOwn || Access.IsIndirect != Pointee)
        continue;
      // A lock that the object reaches through a pointer may be held under another name.
      bool Elsewhere = Verdict.Guard.Steps.size() > 1 && llvm::any_of(Access.Held, [&](const LockRef &Ref) {
                         const FieldDecl *Field = Ref.Mutex ? Ref.Mutex->lastField() : nullptr;
                         return Field && AccessPath::Step::field(patternOf(Field)) == Verdict.Guard.Steps.back();
                       });
      if (Access.holds(Verdict.Guard))
        Verdict.Guarded.push_back(&Access);
      else if (!Access.mayHold(Verdict.Guard) && !Elsewhere)
        Verdict.Lacking.push_back({&Access, Access.Where, Access.In});
    }
    Result.push_back(std::move(Verdict));
  }
  return Result;
}

} // namespace ward
