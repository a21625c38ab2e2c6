// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "catalog/Catalog.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace llvm;

namespace ward {
namespace {

struct EmbeddedFile {
  const char *Name;
  const char *Text;
};
const EmbeddedFile EmbeddedCatalogs[] = {
#include "BuiltinCatalogs.inc"
};

template <class T>
const T *find(const StringMap<T> &Map, StringRef Name) {
  auto It = Map.find(Name);
  return It == Map.end() ? nullptr : &It->second;
}

} // namespace

std::shared_ptr<const Catalog> Catalog::builtin() {
  static const std::shared_ptr<const Catalog> Builtin = [] {
    auto Result = std::make_shared<Catalog>();
    for (const EmbeddedFile &File : EmbeddedCatalogs)
      if (Error E = Result->add(MemoryBufferRef(File.Text, File.Name)))
        report_fatal_error(std::move(E), /*gen_crash_diag=*/false);
    return Result;
  }();
  return Builtin;
}

Expected<std::shared_ptr<const Catalog>> Catalog::load(StringRef Paths) {
  SmallVector<StringRef, 4> Files;
  Paths.split(Files, ';', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  if (Files.empty())
    return builtin();
  auto Result = std::make_shared<Catalog>(*builtin());
  for (StringRef Path : Files) {
    Path = Path.trim();
    ErrorOr<std::unique_ptr<MemoryBuffer>> Buffer = MemoryBuffer::getFile(Path, /*IsText=*/true);
    if (std::error_code EC = Buffer.getError())
      return createStringError(EC, "%s: cannot read this catalog: %s", Path.str().c_str(), EC.message().c_str());
    if (Error E = Result->add((*Buffer)->getMemBufferRef()))
      return E;
  }
  return Result;
}

const MutexEntry *Catalog::mutex(StringRef Name) const { return find(Mutexes, Name); }
const GuardEntry *Catalog::guard(StringRef Name) const { return find(Guards, Name); }
const CondvarEntry *Catalog::condvar(StringRef Name) const { return find(Condvars, Name); }
const FunctionEntry *Catalog::function(StringRef Name) const { return find(Functions, Name); }
const TypeEntry *Catalog::type(StringRef Name) const { return find(Types, Name); }
const SpawnEntry *Catalog::spawn(StringRef Name) const { return find(Spawns, Name); }
const ThreadEntry *Catalog::thread(StringRef Name) const { return find(Threads, Name); }
const BlockingEntry *Catalog::blocking(StringRef Name) const { return find(Blocking, Name); }
const DescriptorEntry *Catalog::descriptor(StringRef Name) const { return find(Descriptors, Name); }
const AtomicEntry *Catalog::atomic(StringRef Name) const { return find(AtomicTypes, Name); }
const AtomicFunctionEntry *Catalog::atomicFunction(StringRef Name) const { return find(AtomicFunctions, Name); }
const ArgumentEffectEntry *Catalog::argumentEffects(StringRef Name) const {
  const unsigned *Index = find(ArgumentEffectsOf, Name);
  return Index ? &ArgumentEffects[*Index] : nullptr;
}
const HiddenStateEntry *Catalog::hiddenState(StringRef Name) const {
  const unsigned *Index = find(HiddenStateOf, Name);
  return Index ? &HiddenStates[*Index] : nullptr;
}
const ContainerEntry *Catalog::container(StringRef Name) const { return find(Containers, Name); }
const CellEntry *Catalog::cell(StringRef Name) const { return find(Cells, Name); }

void Catalog::addUnqualified(StringRef Name) {
  size_t Colon = Name.rfind("::");
  Unqualifieds.try_emplace(Colon == StringRef::npos ? Name : Name.substr(Colon + 2));
}

} // namespace ward
