// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The catalogs' YAML form, on LLVM's YAML I/O, which reports unknown keys and wrong values with their place.
#include "catalog/Catalog.h"

#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/YAMLTraits.h"

using namespace llvm;

LLVM_YAML_IS_SEQUENCE_VECTOR(ward::GuardFactory)
LLVM_YAML_IS_SEQUENCE_VECTOR(ward::MutexEntry)
LLVM_YAML_IS_SEQUENCE_VECTOR(ward::GuardEntry)
LLVM_YAML_IS_SEQUENCE_VECTOR(ward::CondvarEntry)
LLVM_YAML_IS_SEQUENCE_VECTOR(ward::FunctionEntry)
LLVM_YAML_IS_SEQUENCE_VECTOR(ward::TypeEntry)
LLVM_YAML_IS_SEQUENCE_VECTOR(ward::SpawnEntry)
LLVM_YAML_IS_SEQUENCE_VECTOR(ward::ThreadEntry)
LLVM_YAML_IS_SEQUENCE_VECTOR(ward::BlockingEntry)
LLVM_YAML_IS_SEQUENCE_VECTOR(ward::WeakOperation)
LLVM_YAML_IS_SEQUENCE_VECTOR(ward::AtomicEntry)
LLVM_YAML_IS_SEQUENCE_VECTOR(ward::AtomicFunctionEntry)
LLVM_YAML_IS_SEQUENCE_VECTOR(ward::ArgumentEffectEntry)
LLVM_YAML_IS_SEQUENCE_VECTOR(ward::RemovalEntry)
LLVM_YAML_IS_SEQUENCE_VECTOR(ward::ContainerEntry)
LLVM_YAML_IS_SEQUENCE_VECTOR(ward::CellEntry)

namespace {

/// One YAML document.
struct CatalogFile {
  std::string Library;
  std::vector<ward::MutexEntry> Mutexes;
  std::vector<ward::GuardEntry> Guards;
  std::vector<ward::CondvarEntry> Condvars;
  std::vector<ward::FunctionEntry> Functions;
  std::vector<ward::TypeEntry> Types;
  std::vector<ward::SpawnEntry> Spawns;
  std::vector<ward::ThreadEntry> Threads;
  std::vector<ward::BlockingEntry> Blocking;
  std::vector<ward::AtomicEntry> AtomicTypes;
  std::vector<ward::AtomicFunctionEntry> AtomicFunctions;
  std::vector<std::string> Namespaces, Carriers, Values, Atomics, Pointers, Sinks, Emplacers, Runners, Callbacks, Signals, SignalMacros;
  std::vector<std::string> RelaxedOrders, Fences, Keyed, PackedBools, SignalTypes;
  std::vector<ward::ArgumentEffectEntry> ArgumentEffects;
  std::vector<std::string> ExecutionPolicies, Harmless;
  std::vector<ward::ContainerEntry> Containers;
  std::vector<ward::CellEntry> Cells;
};

} // namespace

namespace llvm::yaml {

template <> struct ScalarEnumerationTraits<ward::LockMode> {
  static void enumeration(IO &Io, ward::LockMode &Mode) {
    Io.enumCase(Mode, "exclusive", ward::LockMode::Exclusive);
    Io.enumCase(Mode, "shared", ward::LockMode::Shared);
  }
};

template <> struct ScalarEnumerationTraits<ward::FunctionEffect> {
  static void enumeration(IO &Io, ward::FunctionEffect &Effect) {
    using ward::FunctionEffect;
    Io.enumCase(Effect, "lock", FunctionEffect::Lock);
    Io.enumCase(Effect, "try_lock", FunctionEffect::TryLock);
    Io.enumCase(Effect, "unlock", FunctionEffect::Unlock);
    Io.enumCase(Effect, "shared_lock", FunctionEffect::SharedLock);
    Io.enumCase(Effect, "shared_try_lock", FunctionEffect::SharedTryLock);
    Io.enumCase(Effect, "drop", FunctionEffect::Drop);
    Io.enumCase(Effect, "join", FunctionEffect::Join);
    Io.enumCase(Effect, "bind", FunctionEffect::Bind);
    Io.enumCase(Effect, "forward", FunctionEffect::Forward);
    Io.enumCase(Effect, "once", FunctionEffect::Once);
    Io.enumCase(Effect, "wait", FunctionEffect::Wait);
    Io.enumCase(Effect, "notify_one", FunctionEffect::NotifyOne);
    Io.enumCase(Effect, "notify_all", FunctionEffect::NotifyAll);
    Io.enumCase(Effect, "detach", FunctionEffect::Detach);
    Io.enumCase(Effect, "destroy", FunctionEffect::Destroy);
    Io.enumCase(Effect, "set_up", FunctionEffect::SetUp);
    Io.enumCase(Effect, "throw", FunctionEffect::Throw);
  }
};

template <> struct MappingTraits<ward::GuardFactory> {
  static void mapping(IO &Io, ward::GuardFactory &Factory) {
    Io.mapRequired("member", Factory.Member);
    Io.mapOptional("mode", Factory.Mode);
    Io.mapOptional("try", Factory.Try);
  }
};

template <> struct MappingTraits<ward::MutexEntry> {
  static void mapping(IO &Io, ward::MutexEntry &Mutex) {
    Io.mapRequired("name", Mutex.Name);
    Io.mapOptional("lock", Mutex.Lock);
    Io.mapOptional("try_lock", Mutex.TryLock);
    Io.mapOptional("unlock", Mutex.Unlock);
    Io.mapOptional("shared_lock", Mutex.SharedLock);
    Io.mapOptional("shared_try_lock", Mutex.SharedTryLock);
    Io.mapOptional("shared_unlock", Mutex.SharedUnlock);
    Io.mapOptional("guards", Mutex.Guards);
    Io.mapOptional("with", Mutex.With);
    Io.mapOptional("guard", Mutex.Guard);
    Io.mapOptional("plain", Mutex.Plain);
    Io.mapOptional("recursive", Mutex.Recursive);
    Io.mapOptional("recursive_initializers", Mutex.RecursiveInitializers);
    Io.mapOptional("async", Mutex.Async);
    Io.mapOptional("named", Mutex.Named);
  }
};

template <> struct MappingTraits<ward::GuardEntry> {
  static void mapping(IO &Io, ward::GuardEntry &Guard) {
    Io.mapRequired("name", Guard.Name);
    Io.mapOptional("mode", Guard.Mode);
    Io.mapOptional("adopt_tags", Guard.AdoptTags);
    Io.mapOptional("defer_tags", Guard.DeferTags);
    Io.mapOptional("try_tags", Guard.TryTags);
    Io.mapOptional("lock", Guard.Lock);
    Io.mapOptional("try_lock", Guard.TryLock);
    Io.mapOptional("unlock", Guard.Unlock);
    Io.mapOptional("release", Guard.Release);
    Io.mapOptional("status", Guard.Status);
    Io.mapOptional("associates", Guard.Associates);
    Io.mapOptional("inverse", Guard.Inverse);
    Io.mapOptional("writer", Guard.Writer);
    Io.mapOptional("writer_flag", Guard.WriterFlag);
    Io.mapOptional("reader", Guard.Reader);
  }
};

template <> struct MappingTraits<ward::CondvarEntry> {
  static void mapping(IO &Io, ward::CondvarEntry &Condvar) {
    Io.mapRequired("name", Condvar.Name);
    Io.mapOptional("wait", Condvar.Wait);
    Io.mapOptional("notify_one", Condvar.NotifyOne);
    Io.mapOptional("notify_all", Condvar.NotifyAll);
  }
};

template <> struct MappingTraits<ward::FunctionEntry> {
  static void mapping(IO &Io, ward::FunctionEntry &Function) {
    Io.mapRequired("name", Function.Name);
    Io.mapRequired("effect", Function.Effect);
  }
};

template <> struct ScalarEnumerationTraits<ward::ThreadRule> {
  static void enumeration(IO &Io, ward::ThreadRule &Rule) {
    using ward::ThreadRule;
    Io.enumCase(Rule, "yes", ThreadRule::Yes);
    Io.enumCase(Rule, "no", ThreadRule::No);
    Io.enumCase(Rule, "unknown", ThreadRule::Unknown);
    Io.enumCase(Rule, "elements", ThreadRule::Elements);
    Io.enumCase(Rule, "if_send", ThreadRule::IfSend);
    Io.enumCase(Rule, "if_sync", ThreadRule::IfSync);
    Io.enumCase(Rule, "if_both", ThreadRule::IfBoth);
  }
};

template <> struct ScalarEnumerationTraits<ward::ThreadEnd> {
  static void enumeration(IO &Io, ward::ThreadEnd &End) {
    Io.enumCase(End, "handle", ward::ThreadEnd::Handle);
    Io.enumCase(End, "call", ward::ThreadEnd::Call);
    Io.enumCase(End, "scoped", ward::ThreadEnd::Scoped);
    Io.enumCase(End, "detached", ward::ThreadEnd::Detached);
  }
};

template <> struct ScalarEnumerationTraits<ward::HandleDeath> {
  static void enumeration(IO &Io, ward::HandleDeath &Death) {
    Io.enumCase(Death, "joins", ward::HandleDeath::Joins);
    Io.enumCase(Death, "detaches", ward::HandleDeath::Detaches);
    Io.enumCase(Death, "terminates", ward::HandleDeath::Terminates);
  }
};

template <> struct MappingTraits<ward::TypeEntry> {
  static void mapping(IO &Io, ward::TypeEntry &Type) {
    Io.mapRequired("name", Type.Name);
    Io.mapRequired("send", Type.Send);
    Io.mapRequired("sync", Type.Sync);
    Io.mapOptional("arguments", Type.Arguments);
    Io.mapOptional("why", Type.Why);
    Io.mapOptional("borrows", Type.Borrows);
    Io.mapOptional("shares", Type.Shares);
    Io.mapOptional("keeps_exceptions", Type.KeepsExceptions);
    Io.mapOptional("serial", Type.Serial);
  }
};

template <> struct MappingTraits<ward::SpawnEntry> {
  static void mapping(IO &Io, ward::SpawnEntry &Spawn) {
    Io.mapRequired("name", Spawn.Name);
    Io.mapOptional("callable", Spawn.Callable);
    Io.mapOptional("passes_arguments", Spawn.PassesArguments);
    Io.mapOptional("skips", Spawn.Skips);
    Io.mapOptional("needs", Spawn.Needs);
    Io.mapOptional("end", Spawn.End);
    Io.mapOptional("handle_argument", Spawn.HandleArgument);
    Io.mapOptional("carries_exceptions", Spawn.CarriesExceptions);
    Io.mapOptional("parallel", Spawn.Parallel);
    Io.mapOptional("together", Spawn.Together);
    Io.mapOptional("on_executor", Spawn.OnExecutor);
  }
};

template <> struct MappingTraits<ward::ThreadEntry> {
  static void mapping(IO &Io, ward::ThreadEntry &Thread) {
    Io.mapRequired("name", Thread.Name);
    Io.mapOptional("join", Thread.Join);
    Io.mapOptional("detach", Thread.Detach);
    Io.mapOptional("alive", Thread.Alive);
    Io.mapOptional("on_destroy", Thread.OnDestroy);
    Io.mapOptional("id", Thread.Id);
    Io.mapOptional("start", Thread.Start);
    Io.mapOptional("join_once", Thread.JoinOnce);
    Io.mapOptional("runs_here", Thread.RunsHere);
    Io.mapOptional("shared", Thread.Shared);
  }
};

template <> struct ScalarEnumerationTraits<ward::BlockingKind> {
  static void enumeration(IO &Io, ward::BlockingKind &Kind) {
    using ward::BlockingKind;
    Io.enumCase(Kind, "never", BlockingKind::Never);
    Io.enumCase(Kind, "any", BlockingKind::Any);
    Io.enumCase(Kind, "sleep", BlockingKind::Sleep);
    Io.enumCase(Kind, "join", BlockingKind::Join);
    Io.enumCase(Kind, "result", BlockingKind::Result);
    Io.enumCase(Kind, "event", BlockingKind::Event);
    Io.enumCase(Kind, "condvar", BlockingKind::Condvar);
    Io.enumCase(Kind, "message", BlockingKind::Message);
    Io.enumCase(Kind, "network", BlockingKind::Network);
    Io.enumCase(Kind, "io", BlockingKind::Io);
    Io.enumCase(Kind, "console", BlockingKind::Console);
    Io.enumCase(Kind, "stream", BlockingKind::Stream);
    Io.enumCase(Kind, "process", BlockingKind::Process);
  }
};

template <> struct MappingTraits<ward::BlockingEntry> {
  static void mapping(IO &Io, ward::BlockingEntry &Blocking) {
    Io.mapRequired("name", Blocking.Name);
    Io.mapRequired("kind", Blocking.Kind);
    Io.mapOptional("timeout", Blocking.Timeout);
    Io.mapOptional("flags", Blocking.Flags);
    Io.mapOptional("nonblocking", Blocking.Nonblocking);
    Io.mapOptional("stream", Blocking.StreamArgument);
  }
};

template <> struct ScalarEnumerationTraits<ward::AtomicAction> {
  static void enumeration(IO &Io, ward::AtomicAction &Action) {
    using ward::AtomicAction;
    Io.enumCase(Action, "load", AtomicAction::Load);
    Io.enumCase(Action, "store", AtomicAction::Store);
    Io.enumCase(Action, "update", AtomicAction::Update);
    Io.enumCase(Action, "compare_exchange", AtomicAction::CompareExchange);
    Io.enumCase(Action, "weak_compare_exchange", AtomicAction::WeakCompareExchange);
  }
};

template <> struct MappingTraits<ward::WeakOperation> {
  static void mapping(IO &Io, ward::WeakOperation &Operation) {
    Io.mapRequired("weak", Operation.Weak);
    Io.mapOptional("strong", Operation.Strong);
  }
};

template <> struct MappingTraits<ward::AtomicEntry> {
  static void mapping(IO &Io, ward::AtomicEntry &Atomic) {
    Io.mapRequired("name", Atomic.Name);
    Io.mapOptional("load", Atomic.Load);
    Io.mapOptional("store", Atomic.Store);
    Io.mapOptional("update", Atomic.Update);
    Io.mapOptional("compare_exchange", Atomic.CompareExchange);
    Io.mapOptional("weak_compare_exchange", Atomic.WeakCompareExchange);
    Io.mapOptional("relaxed", Atomic.Relaxed);
    Io.mapOptional("refers", Atomic.Refers);
  }
};

template <> struct MappingTraits<ward::AtomicFunctionEntry> {
  static void mapping(IO &Io, ward::AtomicFunctionEntry &Function) {
    Io.mapRequired("name", Function.Name);
    Io.mapRequired("does", Function.Does);
  }
};

template <> struct MappingTraits<ward::ArgumentEffectEntry> {
  static void mapping(IO &Io, ward::ArgumentEffectEntry &Effect) {
    Io.mapRequired("functions", Effect.Functions);
    Io.mapOptional("writes", Effect.Writes);
    Io.mapOptional("range_writes", Effect.RangeWrites);
    Io.mapOptional("and_following", Effect.AndFollowing);
    Io.mapOptional("writes_last", Effect.WritesLast);
    Io.mapOptional("by_callable", Effect.ByCallable);
  }
};

template <> struct MappingTraits<ward::RemovalEntry> {
  static void mapping(IO &Io, ward::RemovalEntry &Removal) {
    Io.mapRequired("member", Removal.Member);
    Io.mapRequired("borrow", Removal.Borrow);
  }
};

template <> struct MappingTraits<ward::ContainerEntry> {
  static void mapping(IO &Io, ward::ContainerEntry &Container) {
    Io.mapRequired("name", Container.Name);
    Io.mapOptional("grows", Container.Grows);
    Io.mapOptional("moves", Container.Moves);
    Io.mapOptional("rehashes", Container.Rehashes);
    Io.mapOptional("ends", Container.Ends);
    Io.mapOptional("removes", Container.Removes);
    Io.mapOptional("removes_at", Container.RemovesAt);
    Io.mapOptional("stable", Container.Stable);
    Io.mapOptional("reserves", Container.Reserves);
    Io.mapOptional("foreign", Container.Foreign);
  }
};

template <> struct MappingTraits<ward::CellEntry> {
  static void mapping(IO &Io, ward::CellEntry &Cell) {
    Io.mapRequired("name", Cell.Name);
    Io.mapOptional("borrow", Cell.Borrow);
    Io.mapOptional("borrow_mut", Cell.BorrowMut);
    Io.mapOptional("try_borrow", Cell.TryBorrow);
    Io.mapOptional("try_borrow_mut", Cell.TryBorrowMut);
    Io.mapOptional("needs_free", Cell.NeedsFree);
  }
};

template <> struct MappingTraits<CatalogFile> {
  static void mapping(IO &Io, CatalogFile &File) {
    Io.mapRequired("library", File.Library);
    Io.mapOptional("mutexes", File.Mutexes);
    Io.mapOptional("guards", File.Guards);
    Io.mapOptional("condvars", File.Condvars);
    Io.mapOptional("functions", File.Functions);
    Io.mapOptional("types", File.Types);
    Io.mapOptional("spawns", File.Spawns);
    Io.mapOptional("threads", File.Threads);
    Io.mapOptional("blocking", File.Blocking);
    Io.mapOptional("runners", File.Runners);
    Io.mapOptional("callbacks", File.Callbacks);
    Io.mapOptional("signals", File.Signals);
    Io.mapOptional("signal_macros", File.SignalMacros);
    Io.mapOptional("atomic_types", File.AtomicTypes);
    Io.mapOptional("atomic_functions", File.AtomicFunctions);
    Io.mapOptional("argument_effects", File.ArgumentEffects);
    Io.mapOptional("execution_policies", File.ExecutionPolicies);
    Io.mapOptional("harmless", File.Harmless);
    Io.mapOptional("containers", File.Containers);
    Io.mapOptional("cells", File.Cells);
    Io.mapOptional("carriers", File.Carriers);
    Io.mapOptional("values", File.Values);
    Io.mapOptional("atomics", File.Atomics);
    Io.mapOptional("pointers", File.Pointers);
    Io.mapOptional("sinks", File.Sinks);
    Io.mapOptional("namespaces", File.Namespaces);
    Io.mapOptional("emplacers", File.Emplacers);
    Io.mapOptional("relaxed_orders", File.RelaxedOrders);
    Io.mapOptional("fences", File.Fences);
    Io.mapOptional("keyed", File.Keyed);
    Io.mapOptional("packed_bools", File.PackedBools);
    Io.mapOptional("signal_types", File.SignalTypes);
  }
};

} // namespace llvm::yaml

namespace ward {

Error Catalog::add(MemoryBufferRef Yaml) {
  std::string Messages;
  auto Collect = [](const SMDiagnostic &Diag, void *Context) {
    raw_string_ostream Out(*static_cast<std::string *>(Context));
    if (!Out.str().empty())
      Out << '\n';
    // SMDiagnostic counts columns from 0, editors from 1.
    Out << Diag.getFilename() << ':' << Diag.getLineNo() << ':' << Diag.getColumnNo() + 1 << ": " << Diag.getMessage();
  };
  yaml::Input Input(Yaml, nullptr, Collect, &Messages);
  std::vector<CatalogFile> Documents;
  do {
    CatalogFile Document;
    Input >> Document;
    if (Input.error())
      return createStringError(Input.error(), Messages.empty() ? Yaml.getBufferIdentifier().str() + ":1:1: not a catalog" : Messages);
    Documents.push_back(std::move(Document));
  } while (Input.nextDocument());

  for (CatalogFile &File : Documents) {
    auto AddEntries = [this](auto &Map, auto &Entries) {
      for (auto &Entry : Entries) {
        note(Entry.Name);
        std::string Name = Entry.Name;
        Map[Name] = std::move(Entry);
      }
    };
    AddEntries(Mutexes, File.Mutexes);
    AddEntries(Guards, File.Guards);
    AddEntries(Condvars, File.Condvars);
    AddEntries(Functions, File.Functions);
    AddEntries(Types, File.Types);
    AddEntries(Spawns, File.Spawns);
    AddEntries(Threads, File.Threads);
    AddEntries(Blocking, File.Blocking);
    AddEntries(AtomicTypes, File.AtomicTypes);
    AddEntries(AtomicFunctions, File.AtomicFunctions);
    AddEntries(Containers, File.Containers);
    AddEntries(Cells, File.Cells);
    auto AddNames = [this](StringMap<char> &Set, const std::vector<std::string> &Names) {
      for (const std::string &Name : Names) {
        note(Name);
        Set.try_emplace(Name);
      }
    };
    for (ward::ArgumentEffectEntry &Entry : File.ArgumentEffects) {
      for (const std::string &Name : Entry.Functions) {
        note(Name);
        ArgumentEffectsOf[Name] = ArgumentEffects.size();
      }
      ArgumentEffects.push_back(std::move(Entry));
    }
    AddNames(ExecutionPolicies, File.ExecutionPolicies);
    AddNames(Harmless, File.Harmless);
    AddNames(Carriers, File.Carriers);
    AddNames(Values, File.Values);
    AddNames(Atomics, File.Atomics);
    AddNames(Pointers, File.Pointers);
    AddNames(Sinks, File.Sinks);
    AddNames(Namespaces, File.Namespaces);
    AddNames(Emplacers, File.Emplacers);
    AddNames(Runners, File.Runners);
    AddNames(Callbacks, File.Callbacks);
    AddNames(Signals, File.Signals);
    AddNames(SignalMacros, File.SignalMacros);
    AddNames(RelaxedOrders, File.RelaxedOrders);
    AddNames(Fences, File.Fences);
    AddNames(Keyed, File.Keyed);
    AddNames(PackedBools, File.PackedBools);
    AddNames(SignalTypes, File.SignalTypes);
  }
  return Error::success();
}

} // namespace ward
