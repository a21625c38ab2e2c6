// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/threads/OwnedData.h"

using namespace clang;

namespace ward {
namespace {

bool isInsideMutex(const AccessPath &Place, LockTypes &Types) {
  auto OwnsData = [&](QualType Type) {
    const MutexType *Mutex = Types.mutex(Type);
    return Mutex && Mutex->Entry && !Mutex->Entry->Guards.empty();
  };
  bool Inside = Place.root() && OwnsData(Place.root()->getType());
  for (const AccessPath::Step &Step : Place.steps()) {
    const FieldDecl *Field = Step.asField();
    if (Field && Inside)
      return true;
    Inside = Field && OwnsData(Field->getType());
  }
  return false;
}

} // namespace

AccessPath owningMutex(AccessPath Place, LockTypes &Types) {
  while (isInsideMutex(Place, Types))
    Place = Place.parent();
  return Place;
}

} // namespace ward
