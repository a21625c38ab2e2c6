// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "program/ProgramGuardKeys.h"

#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace ward {

bool ProgramGuardKeys::isGlobal(Id Variable) const { return Variable != None && Variable != Somewhere && Facts.symbol(Variable).What == ProgramSymbol::Global; }

std::optional<ProgramGuardKey> ProgramGuardKeys::key(const ProgramAccess &What, const ProgramLock &Lock) const {
  const ProgramPath &Mutex = Facts.path(Lock.Path);
  const ProgramPath *Object = What.Object == None ? nullptr : &Facts.path(What.Object);
  auto From = [&](size_t Steps) { return std::vector<Id>(Mutex.Steps.begin() + Steps, Mutex.Steps.end()); };
  if (Object && Mutex.startsWith(*Object)) // or the object itself, of a class that derives from a lock
    return ProgramGuardKey{ProgramGuardKey::SameObject, None, From(Object->Steps.size())};
  if (Object && Lock.Owner >= 0 && static_cast<size_t>(Lock.Owner) <= Mutex.Steps.size()) {
    ProgramPath Owner{Mutex.Root, {Mutex.Steps.begin(), Mutex.Steps.begin() + Lock.Owner}};
    if (Object->startsWith(Owner))
      return ProgramGuardKey{ProgramGuardKey::OuterObject, None, From(Lock.Owner)};
  }
  if (isGlobal(Mutex.Root) && !Facts.symbol(Mutex.Root).IsAmbiguous)
    return ProgramGuardKey{ProgramGuardKey::Global, Mutex.Root, Mutex.Steps};
  return std::nullopt;
}

const ProgramLock *ProgramGuardKeys::in(const ProgramLocks &Held, const ProgramAccess &What, const ProgramGuardKey &Key) const {
  const ProgramLock *Found = nullptr;
  for (const ProgramLock &Lock : Held)
    if (std::optional<ProgramGuardKey> Own = key(What, Lock); Own && *Own == Key && (!Found || !Lock.Shared))
      Found = &Lock;
  return Found;
}

bool ProgramGuardKeys::isUnknown(const ProgramVerdict::Access &A) const { return A.What->Unknown || A.In->HasUnknownLockset || !A.In->Entry; }

bool ProgramGuardKeys::isConfined(const ProgramVerdict::Access &A, const ProgramLocks &Held) const {
  if (A.What->Own || A.What->IsConfined)
    return true;
  // A program that calls a public function on its own objects alone does not make the lock there superfluous.
  return A.In->OnlyConfined && (Held.empty() || A.In->CalledBy <= ProgramFunction::Inside || A.In->OnlyBesideThreads);
}

bool ProgramGuardKeys::mayHold(const ProgramAccess &What, const ProgramLocks &Held, const ProgramGuardKey &Key) const {
  if (Key.Steps.empty() || Key.Steps.back() == None || What.Object == None)
    return false;
  const ProgramPath &Object = Facts.path(What.Object);
  // A lock of `this`, reached without a pointer, would have that name.
  if (Object.Root == None && none_of(Object.Steps, [&](Id Step) { return Step != None && Facts.symbol(Step).IsPointer; }))
    return false;
  // Two pointers may alias, unless one is reached through the other, as a list's next.
  bool ByPointer = !Object.Steps.empty() && Object.Steps.back() != None && Facts.symbol(Object.Steps.back()).IsPointer;
  return any_of(Held, [&](const ProgramLock &Lock) {
    const ProgramPath &Mutex = Facts.path(Lock.Path);
    if (Mutex.Steps.empty() || Mutex.Steps.back() != Key.Steps.back())
      return false;
    ProgramPath Owner{Mutex.Root, {Mutex.Steps.begin(), Mutex.Steps.end() - 1}};
    return Mutex.Root == Somewhere || (ByPointer && !Object.startsWith(Owner));
  });
}

bool ProgramGuardKeys::counts(const ProgramAccess &What, const ProgramLocks &Held, const ProgramGuardKey &Key) const {
  if (Key.How == ProgramGuardKey::OuterObject && (Key.Steps.empty() || !is_contained(What.Around, Key.Steps.front())))
    return false;
  // A global lock over the fields of an object that a caller passed in: the caller may hold it.
  if (Key.How == ProgramGuardKey::Global && What.Object != None && !isGlobal(Facts.path(What.Object).Root) &&
      Facts.path(What.Object).Root != None)
    return in(Held, What, Key);
  return true;
}

bool ProgramGuardKeys::isBehind(const ProgramGuardKey &Key, Id Subject) {
  return Key.How == ProgramGuardKey::Global ? Key.Root == Subject
                                            : Key.How == ProgramGuardKey::SameObject && Key.Steps.size() > 1 && Key.Steps.front() == Subject;
}

std::string ProgramGuardKey::print(const ProgramFacts &Facts) const {
  std::string Text = Facts.print(Root, Steps);
  return Text.empty() ? "*this" : Text;
}

} // namespace ward
