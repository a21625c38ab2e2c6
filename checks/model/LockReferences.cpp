// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The lock at a place, and the object that owns it.
#include "model/Acquisition.h"

using namespace clang;

namespace ward {
namespace {

/// The type of the place that \p Path names; null for `this`.
QualType typeAt(const AccessPath &Path) {
  if (const FieldDecl *Field = Path.lastField())
    return Field->getType();
  return Path.steps().empty() && Path.root() ? Path.root()->getType() : QualType();
}

} // namespace

LockRef lockAt(std::optional<AccessPath> Mutex, LockMode Mode, LockTypes &Types, QualType Type) {
  LockRef Result{std::move(Mutex), std::nullopt, Mode};
  if (Type.isNull() && Result.Mutex)
    Type = typeAt(*Result.Mutex);
  Result.Type = Types.mutex(Type);
  if (!Result.Mutex)
    return Result;
  if (Result.Type && Result.Type->Inner) { // the lock of a monitor is the mutex inside
    Result.Mutex->push(AccessPath::Step::field(Result.Type->Inner));
    Result.Type = Types.mutex(Result.Type->Inner->getType());
  }
  AccessPath Owner = *Result.Mutex;
  while (!Owner.steps().empty()) {
    AccessPath::Step Last = Owner.steps().back();
    const FieldDecl *Field = Last.asField();
    Owner = Owner.parent();
    if (Last.isElement() && !Owner.steps().empty())
      continue; // one of many locks in a container: the owner is that of the container
    if (!Field || !Types.holdsOnlySynchronisation(Field->getParent())) {
      Result.Owner = Owner;
      return Result;
    }
  }
  // `*this` or a variable that is a lock itself: a monitor protects its own fields; a plain mutex has no owner.
  const TagDecl *Class = Owner.root() ? classOf(Owner.root()->getType()->isPointerType() ? Owner.root()->getType()->getPointeeType()
                                                                                         : Owner.root()->getType())
                                      : nullptr;
  const auto *Record = dyn_cast_or_null<RecordDecl>(Class);
  if (Owner.isThis())
    Result.Owner = Owner;
  else if (Record && Record->getDefinition() && !Types.names().mutex(Record) &&
           !Types.holdsOnlySynchronisation(Record->getDefinition()))
    Result.Owner = Owner;
  return Result;
}

} // namespace ward
