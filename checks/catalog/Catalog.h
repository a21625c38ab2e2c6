// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// What the types and functions of libraries mean, as data. The catalog holds names only; the model matches them against the
/// declarations of a program.
#ifndef WARD_CATALOG_CATALOG_H
#define WARD_CATALOG_CATALOG_H

#include "catalog/CatalogEntries.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBufferRef.h"

#include <memory>
#include <string>
#include <vector>

namespace ward {

/// All entries, by name. Each lookup finds the entry of its kind that was added last, so a user's catalog overrides the built-in
/// ones. Immutable once built, hence safe to read from several threads.
class Catalog {
public:
  /// The catalogs that come with Ward, parsed once per process. A mistake in them is a bug and terminates the process.
  static std::shared_ptr<const Catalog> builtin();

  /// The built-in catalogs, and on top the YAML files of \p Paths, which ';' separates. A file that can't be read, does not
  /// parse or has an unknown key is an error with file, line and column.
  static llvm::Expected<std::shared_ptr<const Catalog>> load(llvm::StringRef Paths);

  /// Adds the entries of \p Yaml. An error has one line per mistake, `file:line:column: text`, and leaves the catalog with part
  /// of the entries.
  llvm::Error add(llvm::MemoryBufferRef Yaml);

  /// Lookups by qualified name, without inline namespaces and template arguments; null if there is no entry.
  const MutexEntry *mutex(llvm::StringRef Name) const;
  const GuardEntry *guard(llvm::StringRef Name) const;
  const CondvarEntry *condvar(llvm::StringRef Name) const;
  const FunctionEntry *function(llvm::StringRef Name) const;
  const TypeEntry *type(llvm::StringRef Name) const;
  const SpawnEntry *spawn(llvm::StringRef Name) const;
  const ThreadEntry *thread(llvm::StringRef Name) const;
  const BlockingEntry *blocking(llvm::StringRef Name) const;
  const DescriptorEntry *descriptor(llvm::StringRef Name) const;
  /// A function that runs the callables among its arguments before it returns, such as std::for_each.
  bool isRunner(llvm::StringRef Name) const { return Runners.contains(Name); }
  /// A type that can hold any callable of a signature, such as std::function.
  bool isCallback(llvm::StringRef Name) const { return Callbacks.contains(Name); }
  /// A type whose call runs the callables that are connected to it.
  bool isSignal(llvm::StringRef Name) const { return Signals.contains(Name); }
  /// A macro that precedes the signals of a class, or the call of a signal.
  bool isSignalMacro(llvm::StringRef Name) const { return SignalMacros.contains(Name); }
  const AtomicEntry *atomic(llvm::StringRef Name) const;
  const AtomicFunctionEntry *atomicFunction(llvm::StringRef Name) const;
  /// A constant that means relaxed ordering, such as std::memory_order_relaxed.
  bool isRelaxedOrder(llvm::StringRef Name) const { return RelaxedOrders.contains(Name); }
  /// A function that orders the atomic accesses around it, such as std::atomic_thread_fence.
  bool isFence(llvm::StringRef Name) const { return Fences.contains(Name); }
  /// What a function, function object or member function writes of its arguments; null if it is not known.
  const ArgumentEffectEntry *argumentEffects(llvm::StringRef Name) const;
  /// The state that a function shares with others; null if it has none.
  const HiddenStateEntry *hiddenState(llvm::StringRef Name) const;
  /// A type whose objects say how an algorithm runs: its other arguments come after one.
  bool isExecutionPolicy(llvm::StringRef Name) const { return ExecutionPolicies.contains(Name); }
  /// A member function whose result does not depend on what the object holds: no access to it.
  bool isConstant(llvm::StringRef Name) const { return Constants.contains(Name); }
  /// A function that returns what identifies the calling thread.
  bool isThreadId(llvm::StringRef Name) const { return ThreadIds.contains(Name); }
  /// A member function, not const, that changes nothing for which its callers need a lock.
  bool isHarmless(llvm::StringRef Name) const { return Harmless.contains(Name); }
  const ContainerEntry *container(llvm::StringRef Name) const;
  const CellEntry *cell(llvm::StringRef Name) const;
  /// A member of a container that constructs an element in place, such as emplace_back.
  bool isEmplacer(llvm::StringRef Member) const { return Emplacers.contains(Member); }
  /// A template whose objects hold objects of its arguments' types by value, or nothing, such as std::optional.
  bool isCarrier(llvm::StringRef Name) const { return Carriers.contains(Name); }
  /// A type that owns what it holds: a copy of it borrows nothing unless its template arguments do.
  bool isValue(llvm::StringRef Name) const { return Values.contains(Name); }
  /// A container whose elements are found by key. Its members look the element up themselves, except that operator[] and at()
  /// assume that the element exists.
  bool isKeyed(llvm::StringRef Name) const { return Keyed.contains(Name); }
  /// A container that packs elements into shared words: if they are bool, or always if it has no element type.
  bool packsBools(llvm::StringRef Name) const { return PackedBools.contains(Name); }
  /// A type that signal handlers may write, such as sig_atomic_t.
  bool isSignalType(llvm::StringRef Name) const { return SignalTypes.contains(Name); }
  /// A type that synchronises its operations: using it needs no lock.
  bool isAtomic(llvm::StringRef Name) const { return Atomics.contains(Name) || AtomicTypes.contains(Name); }
  /// A pointer-like class.
  bool isPointer(llvm::StringRef Name) const { return Pointers.contains(Name); }
  /// An object to which results are assigned to discard them, such as std::ignore.
  bool isSink(llvm::StringRef Name) const { return Sinks.contains(Name); }
  /// A namespace of a library that the catalog describes, and whose headers are therefore not analysed.
  bool isLibraryNamespace(llvm::StringRef Name) const { return Namespaces.contains(Name); }

  /// Whether any entry ends with this unqualified name: a cheap first test.
  bool mayContain(llvm::StringRef Unqualified) const { return Unqualifieds.contains(Unqualified); }

  /// One YAML document; the parser defines it.
  struct Document;

private:
  void addUnqualified(llvm::StringRef Name);

  llvm::StringMap<MutexEntry> Mutexes;
  llvm::StringMap<GuardEntry> Guards;
  llvm::StringMap<CondvarEntry> Condvars;
  llvm::StringMap<FunctionEntry> Functions;
  llvm::StringMap<TypeEntry> Types;
  llvm::StringMap<SpawnEntry> Spawns;
  llvm::StringMap<ThreadEntry> Threads;
  llvm::StringMap<BlockingEntry> Blocking;
  llvm::StringMap<DescriptorEntry> Descriptors;
  llvm::StringMap<AtomicEntry> AtomicTypes;
  llvm::StringMap<AtomicFunctionEntry> AtomicFunctions;
  llvm::StringMap<char> Namespaces, Carriers, Values, Atomics, Pointers, Sinks, Emplacers, Runners, Callbacks, Signals, SignalMacros;
  std::vector<ArgumentEffectEntry> ArgumentEffects;
  llvm::StringMap<unsigned> ArgumentEffectsOf;
  std::vector<HiddenStateEntry> HiddenStates;
  llvm::StringMap<unsigned> HiddenStateOf;
  llvm::StringMap<char> ExecutionPolicies, Harmless, Constants, ThreadIds;
  llvm::StringMap<char> RelaxedOrders, Fences, Keyed, PackedBools, SignalTypes, Unqualifieds;
  llvm::StringMap<ContainerEntry> Containers;
  llvm::StringMap<CellEntry> Cells;
};

} // namespace ward

#endif // WARD_CATALOG_CATALOG_H
