// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/locks/CommonLocks.h"

using namespace clang;

namespace ward {

void CommonLocks::add(llvm::ArrayRef<LockRef> Held) {
  for (const LockRef &Ref : Held) {
    const ValueDecl *Lock = Ref.Member;
    if (Ref.Mutex)
      Lock = Ref.Mutex->lastField() ? static_cast<const ValueDecl *>(Ref.Mutex->lastField()) : Ref.Mutex->root();
    // A parameter stands for whichever lock the callers pass.
    if (!Lock || isa<ParmVarDecl>(Lock))
      HasUnknown = true;
    else
      add(cast<ValueDecl>(Lock->getCanonicalDecl()), Ref.Mode);
  }
}

bool CommonLocks::mayMeet(const CommonLocks &Other) const {
  bool AnyHere = HasUnknown || !Known.empty(), AnyThere = Other.HasUnknown || !Other.Known.empty();
  if ((HasUnknown && AnyThere) || (Other.HasUnknown && AnyHere))
    return true;
  return llvm::any_of(Known, [&](const Entry &Mine) {
    return llvm::any_of(Other.Known, [&](const Entry &Theirs) {
      return Mine.first == Theirs.first && (Mine.second == LockMode::Exclusive || Theirs.second == LockMode::Exclusive);
    });
  });
}

} // namespace ward
