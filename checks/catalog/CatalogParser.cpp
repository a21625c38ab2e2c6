// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The YAML form of the catalogs, as tables: the names of enumerators, the keys of entries, the sections of a file. LLVM's YAML
/// I/O interprets them, and reports unknown keys and wrong values with file, line and column.
#include "catalog/Catalog.h"

#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/YAMLTraits.h"

#include <tuple>
#include <type_traits>

using namespace llvm;

namespace ward {
namespace {

/// An enumerator and its spelling in YAML.
template <class Enum> struct EnumName {
  const char *Name;
  Enum Value;
};

/// A key of an entry and the member that it sets. The type of the member determines which values are valid.
template <class Entry, class Value> struct EntryKey {
  const char *Name;
  Value Entry::*Member;
  bool IsRequired;
};
template <class Entry, class Value> constexpr EntryKey<Entry, Value> required(const char *Name, Value Entry::*Member) {
  return {Name, Member, true};
}
template <class Entry, class Value> constexpr EntryKey<Entry, Value> optional(const char *Name, Value Entry::*Member) {
  return {Name, Member, false};
}

/// The tables, for each enumeration and each kind of entry; null for other types.
template <class Enum> constexpr std::nullptr_t NamesOf = nullptr;
template <class Entry> constexpr std::nullptr_t KeysOf = nullptr;

template <> constexpr EnumName<LockMode> NamesOf<LockMode>[] = {
    {"exclusive", LockMode::Exclusive},
    {"shared", LockMode::Shared},
};
template <> constexpr EnumName<FunctionEffect> NamesOf<FunctionEffect>[] = {
    {"lock", FunctionEffect::Lock},
    {"try_lock", FunctionEffect::TryLock},
    {"unlock", FunctionEffect::Unlock},
    {"shared_lock", FunctionEffect::SharedLock},
    {"shared_try_lock", FunctionEffect::SharedTryLock},
    {"drop", FunctionEffect::Drop},
    {"join", FunctionEffect::Join},
    {"bind", FunctionEffect::Bind},
    {"forward", FunctionEffect::Forward},
    {"once", FunctionEffect::Once},
    {"closure_kept", FunctionEffect::ClosureKept},
    {"wait", FunctionEffect::Wait},
    {"notify_one", FunctionEffect::NotifyOne},
    {"notify_all", FunctionEffect::NotifyAll},
    {"detach", FunctionEffect::Detach},
    {"destroy", FunctionEffect::Destroy},
    {"set_up", FunctionEffect::SetUp},
    {"throw", FunctionEffect::Throw},
    {"set_kind", FunctionEffect::SetKind},
    {"free", FunctionEffect::Free},
};
template <> constexpr EnumName<ThreadRule> NamesOf<ThreadRule>[] = {
    {"yes", ThreadRule::Yes},
    {"no", ThreadRule::No},
    {"unknown", ThreadRule::Unknown},
    {"elements", ThreadRule::Elements},
    {"if_send", ThreadRule::IfSend},
    {"if_sync", ThreadRule::IfSync},
    {"if_both", ThreadRule::IfBoth},
};
template <> constexpr EnumName<ThreadEnd> NamesOf<ThreadEnd>[] = {
    {"handle", ThreadEnd::Handle},
    {"call", ThreadEnd::Call},
    {"scoped", ThreadEnd::Scoped},
    {"detached", ThreadEnd::Detached},
};
template <> constexpr EnumName<HandleDestruction> NamesOf<HandleDestruction>[] = {
    {"joins", HandleDestruction::Joins},
    {"detaches", HandleDestruction::Detaches},
    {"terminates", HandleDestruction::Terminates},
};
template <> constexpr EnumName<BlockingKind> NamesOf<BlockingKind>[] = {
    {"never", BlockingKind::Never},
    {"any", BlockingKind::Any},
    {"sleep", BlockingKind::Sleep},
    {"join", BlockingKind::Join},
    {"result", BlockingKind::Result},
    {"event", BlockingKind::Event},
    {"condvar", BlockingKind::Condvar},
    {"message", BlockingKind::Message},
    {"network", BlockingKind::Network},
    {"io", BlockingKind::Io},
    {"console", BlockingKind::Console},
    {"stream", BlockingKind::Stream},
    {"process", BlockingKind::Process},
};
template <> constexpr EnumName<AtomicAction> NamesOf<AtomicAction>[] = {
    {"load", AtomicAction::Load},
    {"store", AtomicAction::Store},
    {"update", AtomicAction::Update},
    {"compare_exchange", AtomicAction::CompareExchange},
    {"weak_compare_exchange", AtomicAction::WeakCompareExchange},
};

template <> constexpr auto KeysOf<GuardFactory> = std::tuple{
    required("member", &GuardFactory::Member),
    optional("mode", &GuardFactory::Mode),
    optional("try", &GuardFactory::Try),
};
template <> constexpr auto KeysOf<MutexEntry> = std::tuple{
    required("name", &MutexEntry::Name),
    optional("lock", &MutexEntry::Lock),
    optional("try_lock", &MutexEntry::TryLock),
    optional("unlock", &MutexEntry::Unlock),
    optional("shared_lock", &MutexEntry::SharedLock),
    optional("shared_try_lock", &MutexEntry::SharedTryLock),
    optional("shared_unlock", &MutexEntry::SharedUnlock),
    optional("guards", &MutexEntry::Guards),
    optional("with", &MutexEntry::With),
    optional("guard", &MutexEntry::Guard),
    optional("plain", &MutexEntry::Plain),
    optional("recursive", &MutexEntry::Recursive),
    optional("recursive_initializers", &MutexEntry::RecursiveInitializers),
    optional("recursive_kinds", &MutexEntry::RecursiveKinds),
    optional("async", &MutexEntry::Async),
    optional("named", &MutexEntry::Named),
};
template <> constexpr auto KeysOf<GuardEntry> = std::tuple{
    required("name", &GuardEntry::Name),
    optional("mode", &GuardEntry::Mode),
    optional("adopt_tags", &GuardEntry::AdoptTags),
    optional("defer_tags", &GuardEntry::DeferTags),
    optional("try_tags", &GuardEntry::TryTags),
    optional("lock", &GuardEntry::Lock),
    optional("try_lock", &GuardEntry::TryLock),
    optional("unlock", &GuardEntry::Unlock),
    optional("release", &GuardEntry::Release),
    optional("status", &GuardEntry::Status),
    optional("associates", &GuardEntry::Associates),
    optional("inverse", &GuardEntry::Inverse),
    optional("writer", &GuardEntry::Writer),
    optional("writer_flag", &GuardEntry::WriterFlag),
    optional("reader", &GuardEntry::Reader),
};
template <> constexpr auto KeysOf<CondvarEntry> = std::tuple{
    required("name", &CondvarEntry::Name),
    optional("wait", &CondvarEntry::Wait),
    optional("notify_one", &CondvarEntry::NotifyOne),
    optional("notify_all", &CondvarEntry::NotifyAll),
};
template <> constexpr auto KeysOf<FunctionEntry> = std::tuple{
    required("name", &FunctionEntry::Name),
    required("effect", &FunctionEntry::Effect),
};
template <> constexpr auto KeysOf<TypeEntry> = std::tuple{
    required("name", &TypeEntry::Name),
    required("send", &TypeEntry::Send),
    required("sync", &TypeEntry::Sync),
    optional("arguments", &TypeEntry::Arguments),
    optional("why", &TypeEntry::Why),
    optional("borrows", &TypeEntry::Borrows),
    optional("shares", &TypeEntry::Shares),
    optional("keeps_exceptions", &TypeEntry::KeepsExceptions),
    optional("serial", &TypeEntry::Serial),
};
template <> constexpr auto KeysOf<SpawnEntry> = std::tuple{
    required("name", &SpawnEntry::Name),
    optional("callable", &SpawnEntry::Callable),
    optional("passes_arguments", &SpawnEntry::PassesArguments),
    optional("skips", &SpawnEntry::Skips),
    optional("needs", &SpawnEntry::Needs),
    optional("end", &SpawnEntry::End),
    optional("handle_argument", &SpawnEntry::HandleArgument),
    optional("carries_exceptions", &SpawnEntry::CarriesExceptions),
    optional("parallel", &SpawnEntry::Parallel),
    optional("together", &SpawnEntry::Together),
    optional("on_executor", &SpawnEntry::OnExecutor),
    optional("exits", &SpawnEntry::Exits),
};
template <> constexpr auto KeysOf<ThreadEntry> = std::tuple{
    required("name", &ThreadEntry::Name),
    optional("join", &ThreadEntry::Join),
    optional("detach", &ThreadEntry::Detach),
    optional("alive", &ThreadEntry::Alive),
    optional("on_destroy", &ThreadEntry::OnDestroy),
    optional("id", &ThreadEntry::Id),
    optional("start", &ThreadEntry::Start),
    optional("join_once", &ThreadEntry::JoinOnce),
    optional("runs_here", &ThreadEntry::RunsHere),
    optional("shared", &ThreadEntry::Shared),
};
template <> constexpr auto KeysOf<BlockingEntry> = std::tuple{
    required("name", &BlockingEntry::Name),
    required("kind", &BlockingEntry::Kind),
    optional("timeout", &BlockingEntry::Timeout),
    optional("flags", &BlockingEntry::Flags),
    optional("nonblocking", &BlockingEntry::Nonblocking),
    optional("flags_field", &BlockingEntry::FlagsField),
    optional("descriptor", &BlockingEntry::Descriptor),
    optional("stream", &BlockingEntry::StreamArgument),
};
template <> constexpr auto KeysOf<DescriptorEntry> = std::tuple{
    required("name", &DescriptorEntry::Name),
    optional("descriptor", &DescriptorEntry::Descriptor),
    optional("flags", &DescriptorEntry::Flags),
    optional("nonblocking", &DescriptorEntry::Nonblocking),
    optional("selector", &DescriptorEntry::Selector),
    optional("command", &DescriptorEntry::Command),
};
template <> constexpr auto KeysOf<WeakOperation> = std::tuple{
    required("weak", &WeakOperation::Weak),
    optional("strong", &WeakOperation::Strong),
};
template <> constexpr auto KeysOf<AtomicEntry> = std::tuple{
    required("name", &AtomicEntry::Name),
    optional("load", &AtomicEntry::Load),
    optional("store", &AtomicEntry::Store),
    optional("update", &AtomicEntry::Update),
    optional("compare_exchange", &AtomicEntry::CompareExchange),
    optional("weak_compare_exchange", &AtomicEntry::WeakCompareExchange),
    optional("relaxed", &AtomicEntry::Relaxed),
    optional("refers", &AtomicEntry::Refers),
};
template <> constexpr auto KeysOf<AtomicFunctionEntry> = std::tuple{
    required("name", &AtomicFunctionEntry::Name),
    required("does", &AtomicFunctionEntry::Action),
};
template <> constexpr auto KeysOf<ArgumentEffectEntry> = std::tuple{
    required("functions", &ArgumentEffectEntry::Functions),
    optional("writes", &ArgumentEffectEntry::Writes),
    optional("range_writes", &ArgumentEffectEntry::RangeWrites),
    optional("and_following", &ArgumentEffectEntry::AndFollowing),
    optional("writes_last", &ArgumentEffectEntry::WritesLast),
    optional("by_callable", &ArgumentEffectEntry::ByCallable),
};
template <> constexpr auto KeysOf<HiddenStateEntry> = std::tuple{
    required("functions", &HiddenStateEntry::Functions),
    required("state", &HiddenStateEntry::State),
    optional("reads", &HiddenStateEntry::Reads),
    optional("of", &HiddenStateEntry::Of), optional("unless_null", &HiddenStateEntry::UnlessNull), optional("result", &HiddenStateEntry::Result),
    optional("instead", &HiddenStateEntry::Instead),
    optional("declare", &HiddenStateEntry::Declare),
    optional("pass", &HiddenStateEntry::Pass),
};
template <> constexpr auto KeysOf<RemovalEntry> = std::tuple{
    required("member", &RemovalEntry::Member),
    required("borrow", &RemovalEntry::Borrow),
};
template <> constexpr auto KeysOf<ContainerEntry> = std::tuple{
    required("name", &ContainerEntry::Name),
    optional("grows", &ContainerEntry::Grows),
    optional("moves", &ContainerEntry::Moves),
    optional("rehashes", &ContainerEntry::Rehashes),
    optional("ends", &ContainerEntry::Ends),
    optional("removes", &ContainerEntry::Removes),
    optional("removes_at", &ContainerEntry::RemovesAt),
    optional("stable", &ContainerEntry::Stable),
    optional("reserves", &ContainerEntry::Reserves),
    optional("foreign", &ContainerEntry::Foreign),
};
template <> constexpr auto KeysOf<CellEntry> = std::tuple{
    required("name", &CellEntry::Name),
    optional("borrow", &CellEntry::Borrow),
    optional("borrow_mut", &CellEntry::BorrowMut),
    optional("try_borrow", &CellEntry::TryBorrow),
    optional("try_borrow_mut", &CellEntry::TryBorrowMut),
    optional("needs_free", &CellEntry::NeedsFree),
};

template <class T> constexpr bool HasNames = !std::is_same_v<decltype(NamesOf<T>), const std::nullptr_t>;
template <class T> constexpr bool HasKeys = !std::is_same_v<decltype(KeysOf<T>), const std::nullptr_t>;

} // namespace

/// One YAML document, whose sections go into the catalog as they are read.
struct Catalog::Document {
  Catalog &Into;

  void read(yaml::IO &Io);

private:
  template <class Entry> void section(yaml::IO &Io, const char *Key, StringMap<Entry> &Map) {
    std::vector<Entry> Entries;
    Io.mapOptional(Key, Entries);
    for (Entry &Each : Entries) {
      Into.addUnqualified(Each.Name);
      Map[Each.Name] = std::move(Each);
    }
  }
  /// A section that lists names only.
  void section(yaml::IO &Io, const char *Key, StringMap<char> &Set) {
    std::vector<std::string> Names;
    Io.mapOptional(Key, Names);
    for (const std::string &Name : Names) {
      Into.addUnqualified(Name);
      Set.try_emplace(Name);
    }
  }
  /// A section of entries that describe several functions each.
  template <class Entry> void section(yaml::IO &Io, const char *Key, std::vector<Entry> &All, StringMap<unsigned> &Of) {
    std::vector<Entry> Entries;
    Io.mapOptional(Key, Entries);
    for (Entry &Each : Entries) {
      for (const std::string &Name : Each.Functions) {
        Into.addUnqualified(Name);
        Of[Name] = All.size();
      }
      All.push_back(std::move(Each));
    }
  }
};

} // namespace ward

namespace llvm::yaml {

template <class Enum> struct ScalarEnumerationTraits<Enum, std::enable_if_t<ward::HasNames<Enum>>> {
  static void enumeration(IO &Io, Enum &Value) {
    for (const ward::EnumName<Enum> &Each : ward::NamesOf<Enum>)
      Io.enumCase(Value, Each.Name, Each.Value);
  }
};

template <class Entry> requires(ward::HasKeys<Entry>) struct MappingTraits<Entry> {
  static void mapping(IO &Io, Entry &Read) {
    auto Map = [&](const auto &Key) {
      if (Key.IsRequired)
        Io.mapRequired(Key.Name, Read.*Key.Member);
      else
        Io.mapOptional(Key.Name, Read.*Key.Member);
    };
    std::apply([&](const auto &...Keys) { (Map(Keys), ...); }, ward::KeysOf<Entry>);
  }
};

template <class Entry> struct SequenceElementTraits<Entry, std::enable_if_t<ward::HasKeys<Entry>>> {
  static const bool flow = false;
};

template <> struct MappingTraits<ward::Catalog::Document> {
  static void mapping(IO &Io, ward::Catalog::Document &Document) { Document.read(Io); }
};

} // namespace llvm::yaml

namespace ward {

void Catalog::Document::read(yaml::IO &Io) {
  std::string Library;
  Io.mapRequired("library", Library);
  section(Io, "mutexes", Into.Mutexes);
  section(Io, "guards", Into.Guards);
  section(Io, "condvars", Into.Condvars);
  section(Io, "functions", Into.Functions);
  section(Io, "types", Into.Types);
  section(Io, "spawns", Into.Spawns);
  section(Io, "threads", Into.Threads);
  section(Io, "blocking", Into.Blocking);
  section(Io, "descriptors", Into.Descriptors);
  section(Io, "runners", Into.Runners);
  section(Io, "callbacks", Into.Callbacks);
  section(Io, "signals", Into.Signals);
  section(Io, "signal_macros", Into.SignalMacros);
  section(Io, "atomic_types", Into.AtomicTypes);
  section(Io, "atomic_functions", Into.AtomicFunctions);
  section(Io, "argument_effects", Into.ArgumentEffects, Into.ArgumentEffectsOf);
  section(Io, "hidden_state", Into.HiddenStates, Into.HiddenStateOf);
  section(Io, "execution_policies", Into.ExecutionPolicies);
  section(Io, "harmless", Into.Harmless);
  section(Io, "constants", Into.Constants);
  section(Io, "thread_ids", Into.ThreadIds);
  section(Io, "containers", Into.Containers);
  section(Io, "cells", Into.Cells);
  section(Io, "carriers", Into.Carriers);
  section(Io, "values", Into.Values);
  section(Io, "atomics", Into.Atomics);
  section(Io, "pointers", Into.Pointers);
  section(Io, "sinks", Into.Sinks);
  section(Io, "namespaces", Into.Namespaces);
  section(Io, "emplacers", Into.Emplacers);
  section(Io, "relaxed_orders", Into.RelaxedOrders);
  section(Io, "fences", Into.Fences);
  section(Io, "keyed", Into.Keyed);
  section(Io, "packed_bools", Into.PackedBools);
  section(Io, "signal_types", Into.SignalTypes);
}

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
  Document Read{*this};
  do {
    Input >> Read;
    if (Input.error())
      return createStringError(Input.error(), Messages.empty() ? Yaml.getBufferIdentifier().str() + ":1:1: not a catalog" : Messages);
  } while (Input.nextDocument());
  return Error::success();
}

} // namespace ward
