// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The YAML form of the catalogs, as tables: the names of enumerators and the keys of entries.
#ifndef WARD_CATALOG_CATALOGKEYS_H
#define WARD_CATALOG_CATALOGKEYS_H

#include "catalog/CatalogEntries.h"

#include <tuple>
#include <type_traits>

namespace ward {

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

template <> inline constexpr EnumName<LockMode> NamesOf<LockMode>[] = {
    {"exclusive", LockMode::Exclusive},
    {"shared", LockMode::Shared},
};
template <> inline constexpr EnumName<FunctionEffect> NamesOf<FunctionEffect>[] = {
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
    {"allocate", FunctionEffect::Allocate},
    {"allocate_zeroed", FunctionEffect::AllocateZeroed},
    {"exclusive", FunctionEffect::Exclusive},
    {"guards", FunctionEffect::Guards},
    {"try_guards", FunctionEffect::TryGuards},
    {"in_shared_mode", FunctionEffect::InSharedMode},
    {"in_exclusive_mode", FunctionEffect::InExclusiveMode},
};
template <> inline constexpr EnumName<ReleasedMode> NamesOf<ReleasedMode>[] = {
    {"any", ReleasedMode::Any},
    {"exclusive", ReleasedMode::Exclusive},
    {"shared", ReleasedMode::Shared},
};
template <> inline constexpr EnumName<ThreadRule> NamesOf<ThreadRule>[] = {
    {"yes", ThreadRule::Yes},
    {"no", ThreadRule::No},
    {"unknown", ThreadRule::Unknown},
    {"elements", ThreadRule::Elements},
    {"if_send", ThreadRule::IfSend},
    {"if_sync", ThreadRule::IfSync},
    {"if_both", ThreadRule::IfBoth},
};
template <> inline constexpr EnumName<ThreadEnd> NamesOf<ThreadEnd>[] = {
    {"handle", ThreadEnd::Handle},
    {"call", ThreadEnd::Call},
    {"scoped", ThreadEnd::Scoped},
    {"detached", ThreadEnd::Detached},
};
template <> inline constexpr EnumName<HandleDestruction> NamesOf<HandleDestruction>[] = {
    {"joins", HandleDestruction::Joins},
    {"detaches", HandleDestruction::Detaches},
    {"terminates", HandleDestruction::Terminates},
};
template <> inline constexpr EnumName<BlockingKind> NamesOf<BlockingKind>[] = {
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
template <> inline constexpr EnumName<AtomicAction> NamesOf<AtomicAction>[] = {
    {"load", AtomicAction::Load},
    {"store", AtomicAction::Store},
    {"update", AtomicAction::Update},
    {"compare_exchange", AtomicAction::CompareExchange},
    {"weak_compare_exchange", AtomicAction::WeakCompareExchange},
};

template <> inline constexpr auto KeysOf<GuardFactory> = std::tuple{
    required("member", &GuardFactory::Member),
    optional("mode", &GuardFactory::Mode),
    optional("try", &GuardFactory::Try),
};
template <> inline constexpr auto KeysOf<MutexEntry> = std::tuple{
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
template <> inline constexpr auto KeysOf<GuardEntry> = std::tuple{
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
template <> inline constexpr auto KeysOf<CondvarEntry> = std::tuple{
    required("name", &CondvarEntry::Name),
    optional("wait", &CondvarEntry::Wait),
    optional("notify_one", &CondvarEntry::NotifyOne),
    optional("notify_all", &CondvarEntry::NotifyAll),
};
template <> inline constexpr auto KeysOf<FunctionEntry> = std::tuple{
    required("name", &FunctionEntry::Name),
    required("effect", &FunctionEntry::Effect),
    optional("truthy", &FunctionEntry::Truthy),
    optional("recursive", &FunctionEntry::Recursive),
    optional("releases", &FunctionEntry::Releases),
};
template <> inline constexpr auto KeysOf<TypeEntry> = std::tuple{
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
template <> inline constexpr auto KeysOf<SpawnEntry> = std::tuple{
    required("name", &SpawnEntry::Name),
    optional("callable", &SpawnEntry::Callable),
    optional("passes_arguments", &SpawnEntry::PassesArguments),
    optional("argument", &SpawnEntry::Argument),
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
template <> inline constexpr auto KeysOf<ThreadEntry> = std::tuple{
    required("name", &ThreadEntry::Name),
    optional("join", &ThreadEntry::Join),
    optional("detach", &ThreadEntry::Detach),
    optional("alive", &ThreadEntry::Alive),
    optional("on_destroy", &ThreadEntry::OnDestroy),
    optional("id", &ThreadEntry::Id),
    optional("start", &ThreadEntry::Start),
    optional("runs", &ThreadEntry::Runs),
    optional("join_once", &ThreadEntry::JoinOnce),
    optional("runs_here", &ThreadEntry::RunsHere),
    optional("shared", &ThreadEntry::Shared),
};
template <> inline constexpr auto KeysOf<BlockingEntry> = std::tuple{
    required("name", &BlockingEntry::Name),
    required("kind", &BlockingEntry::Kind),
    optional("timeout", &BlockingEntry::Timeout),
    optional("flags", &BlockingEntry::Flags),
    optional("nonblocking", &BlockingEntry::Nonblocking),
    optional("flags_field", &BlockingEntry::FlagsField),
    optional("descriptor", &BlockingEntry::Descriptor),
    optional("stream", &BlockingEntry::StreamArgument),
};
template <> inline constexpr auto KeysOf<DescriptorEntry> = std::tuple{
    required("name", &DescriptorEntry::Name),
    optional("descriptor", &DescriptorEntry::Descriptor),
    optional("flags", &DescriptorEntry::Flags),
    optional("nonblocking", &DescriptorEntry::Nonblocking),
    optional("selector", &DescriptorEntry::Selector),
    optional("command", &DescriptorEntry::Command),
};
template <> inline constexpr auto KeysOf<WeakOperation> = std::tuple{
    required("weak", &WeakOperation::Weak),
    optional("strong", &WeakOperation::Strong),
};
template <> inline constexpr auto KeysOf<AtomicEntry> = std::tuple{
    required("name", &AtomicEntry::Name),
    optional("load", &AtomicEntry::Load),
    optional("store", &AtomicEntry::Store),
    optional("update", &AtomicEntry::Update),
    optional("compare_exchange", &AtomicEntry::CompareExchange),
    optional("weak_compare_exchange", &AtomicEntry::WeakCompareExchange),
    optional("relaxed", &AtomicEntry::Relaxed),
    optional("refers", &AtomicEntry::Refers),
};
template <> inline constexpr auto KeysOf<AtomicFunctionEntry> = std::tuple{
    required("name", &AtomicFunctionEntry::Name),
    required("does", &AtomicFunctionEntry::Action),
};
template <> inline constexpr auto KeysOf<ArgumentEffectEntry> = std::tuple{
    required("functions", &ArgumentEffectEntry::Functions),
    optional("writes", &ArgumentEffectEntry::Writes),
    optional("range_writes", &ArgumentEffectEntry::RangeWrites),
    optional("and_following", &ArgumentEffectEntry::AndFollowing),
    optional("writes_last", &ArgumentEffectEntry::WritesLast),
    optional("by_callable", &ArgumentEffectEntry::ByCallable),
};
template <> inline constexpr auto KeysOf<HiddenStateEntry> = std::tuple{
    required("functions", &HiddenStateEntry::Functions),
    required("state", &HiddenStateEntry::State),
    optional("reads", &HiddenStateEntry::Reads),
    optional("of", &HiddenStateEntry::Of), optional("unless_null", &HiddenStateEntry::UnlessNull), optional("result", &HiddenStateEntry::Result),
    optional("instead", &HiddenStateEntry::Instead),
    optional("declare", &HiddenStateEntry::Declare),
    optional("pass", &HiddenStateEntry::Pass),
};
template <> inline constexpr auto KeysOf<RemovalEntry> = std::tuple{
    required("member", &RemovalEntry::Member),
    required("borrow", &RemovalEntry::Borrow),
};
template <> inline constexpr auto KeysOf<ContainerEntry> = std::tuple{
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
    optional("exclusive", &ContainerEntry::Exclusive),
    optional("shares", &ContainerEntry::Shares),
};
template <> inline constexpr auto KeysOf<CellEntry> = std::tuple{
    required("name", &CellEntry::Name),
    optional("borrow", &CellEntry::Borrow),
    optional("borrow_mut", &CellEntry::BorrowMut),
    optional("try_borrow", &CellEntry::TryBorrow),
    optional("try_borrow_mut", &CellEntry::TryBorrowMut),
    optional("needs_free", &CellEntry::NeedsFree),
};

template <class T> constexpr bool HasNames = !std::is_same_v<decltype(NamesOf<T>), const std::nullptr_t>;
template <class T> constexpr bool HasKeys = !std::is_same_v<decltype(KeysOf<T>), const std::nullptr_t>;

} // namespace ward

#endif // WARD_CATALOG_CATALOGKEYS_H
