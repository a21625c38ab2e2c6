// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// What the libraries' types and calls mean, as data. The catalog knows names only; matching them against a program's
/// declarations is the model's work.
#ifndef WARD_CATALOG_CATALOG_H
#define WARD_CATALOG_CATALOG_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBufferRef.h"

#include <memory>
#include <string>
#include <vector>

namespace ward {

/// How a lock is held: by one thread alone, or by any number of readers.
enum class LockMode { Exclusive, Shared };

/// A member function of a data-owning lock that returns a guard, such as `ward::Mutex::lock`.
struct GuardFactory {
  std::string Member;
  LockMode Mode = LockMode::Exclusive;
  /// The guard that it returns may hold nothing.
  bool Try = false;
};

/// A type that can be locked.
struct MutexEntry {
  std::string Name;
  std::vector<std::string> Lock, TryLock, Unlock;
  std::vector<std::string> SharedLock, SharedTryLock, SharedUnlock;
  /// Members that return a guard. A mutex that has any owns the data that it protects.
  std::vector<GuardFactory> Guards;
  /// Members that run a callable with the lock held, such as `ward::Mutex::with`; Mode says how.
  std::vector<GuardFactory> With;
  /// The template of guards for it, for advice: std::lock_guard.
  std::string Guard;
  /// It has a shared mode, and is mostly used without: only guards that say so mean to write.
  bool Plain = false;
  /// The thread that holds it may lock it again.
  bool Recursive = false;
  /// Macros that initialise one that the holder may lock again.
  std::vector<std::string> RecursiveInitializers;
  /// Made to be held over a suspension of a coroutine.
  bool Async = false;
  /// An object is only a handle: the mutex is named elsewhere, by a file or the system.
  bool Named = false;
};

/// A type whose objects hold a lock while they live.
struct GuardEntry {
  std::string Name;
  LockMode Mode = LockMode::Exclusive;
  /// Types of constructor arguments that say: the lock is held already; don't lock yet; only try.
  std::vector<std::string> AdoptTags, DeferTags, TryTags;
  /// Members that take the lock, try to, and give it back.
  std::vector<std::string> Lock, TryLock, Unlock;
  /// Members that part the guard from its mutex without unlocking it.
  std::vector<std::string> Release;
  /// Members that only ask about the guard or its mutex: no use of what is protected.
  std::vector<std::string> Status;
  /// A guard without a mutex argument locks nothing (`std::unique_lock<std::mutex> g;`).
  bool Associates = false;
  /// It unlocks where it is made and locks where it dies.
  bool Inverse = false;
  /// Its name says that it is for writing.
  bool Writer = false;
  /// An argument `false` makes it lock for reading.
  bool WriterFlag = false;
  /// The guard that is made from the same arguments and locks for reading; empty if there is none.
  std::string Reader;
};

/// A condition variable.
struct CondvarEntry {
  std::string Name;
  /// Members that wait, that wake one of those who do, and that wake all.
  std::vector<std::string> Wait, NotifyOne, NotifyAll;
};

/// What a free function does to the locks or guards among its arguments.
enum class FunctionEffect {
  Lock,          ///< locks every mutex or guard argument
  TryLock,       ///< tries to, and the result says whether it did
  Unlock,        ///< unlocks every mutex argument
  SharedLock,    ///< as Lock, for readers
  SharedTryLock, ///< as TryLock, for readers
  Drop,          ///< ends the guard that is given to it
  Join,          ///< waits for the thread of its first argument
  Bind,          ///< makes a callable of its first argument and the others
  Forward,       ///< returns its first argument itself (std::move and its like)
  Once,          ///< runs a callable once; whoever comes back from it sees what that did
  Wait,          ///< waits on its first argument, a condition variable, with its second; without arguments, parks the thread
  NotifyOne,     ///< wakes one who waits on its first argument
  NotifyAll,     ///< wakes all of them
  Detach,        ///< lets the thread of its first argument go
  Destroy,       ///< ends the mutex of its first argument
  SetUp,         ///< makes a mutex of its first argument, of the kind that its second says unless that is null
  Throw,         ///< throws
};

/// \p Effect is done to locks or guards.
inline bool isLockEffect(FunctionEffect Effect) { return Effect <= FunctionEffect::Drop; }

struct FunctionEntry {
  std::string Name;
  FunctionEffect Effect = FunctionEffect::Lock;
};

/// What one call does to an atomic object.
enum class AtomicAction {
  Load,
  Store,
  Update,              ///< reads and writes in one step: exchange, fetch_add, test_and_set
  CompareExchange,     ///< as Update, if the value is as expected
  WeakCompareExchange, ///< the same, but may fail for no reason
};

/// A member that may fail for no reason, and the one of the same arguments that does not.
struct WeakOperation {
  std::string Weak, Strong;
};

/// A type whose objects are read and written in one step each. Its conversions load, its `operator=` stores, and its other
/// operators update.
struct AtomicEntry {
  std::string Name;
  std::vector<std::string> Load, Store, Update, CompareExchange;
  std::vector<WeakOperation> WeakCompareExchange;
  /// Those of them that are atomic and no more: they order nothing around them.
  std::vector<std::string> Relaxed;
  /// It is no object of its own but names its constructor's argument.
  bool Refers = false;
};

/// A free function on the atomic object whose address (or which by reference) is its first argument. A store's value is the
/// second.
struct AtomicFunctionEntry {
  std::string Name;
  AtomicAction Does = AtomicAction::Load;
};

/// What functions write of what they are given: of an object by reference the object, of an iterator, pointer or view what it
/// refers to. They only read the rest.
struct ArgumentEffectEntry {
  std::vector<std::string> Functions;
  /// The arguments that they write, counted from 0.
  std::vector<unsigned> Writes;
  /// The same where the first argument is a range in place of two iterators; as Writes if empty.
  std::vector<unsigned> RangeWrites;
  /// They write all arguments behind the last one of Writes too.
  bool AndFollowing = false;
  /// They write the last of the iterators among their arguments, and none of Writes.
  bool WritesLast = false;
  /// They write what the callable among their arguments writes through its parameters, and none of Writes.
  bool ByCallable = false;
};

/// Whether values may move to another thread (Send), or be used by several at once through const access (Sync).
enum class ThreadRule {
  Yes,
  No,
  Unknown,  ///< it depends on what the type hides
  Elements, ///< as its arguments: Send if they are Send, Sync if they are Sync
  IfSend,   ///< if its arguments are Send
  IfSync,   ///< if its arguments are Sync
  IfBoth,   ///< if its arguments are Send and Sync
};

/// What a type says about threads, by its template arguments.
struct TypeEntry {
  std::string Name;
  ThreadRule Send = ThreadRule::Unknown;
  ThreadRule Sync = ThreadRule::Unknown;
  /// Which of its type arguments count; all if empty.
  std::vector<unsigned> Arguments;
  /// Why not, as the end of a sentence: "whose count is not atomic".
  std::string Why;
  /// It refers to what it does not own, as a view or an iterator does.
  bool Borrows = false;
  /// It shares the ownership of its argument's object, as std::shared_ptr does.
  bool Shares = false;
  /// It can be called, and an exception of what it calls reaches whoever asks for the result, not its caller.
  bool KeepsExceptions = false;
  /// An executor that runs what it is handed one after the other, whatever threads there are.
  bool Serial = false;
};

/// What becomes of the thread that a call starts.
enum class ThreadEnd {
  Handle,   ///< what the call returns or constructs decides: see ThreadEntry
  Call,     ///< it has ended when the call returns
  Scoped,   ///< it has ended when the scope that it belongs to ends
  Detached, ///< nothing waits for it
};

/// A call or constructor that runs one of its arguments on another thread.
struct SpawnEntry {
  /// A function, a member function as Class::name, or a class whose constructor starts a thread.
  std::string Name;
  /// Which argument runs, counted without those that Skips names; -1 is the last that can be called.
  int Callable = 0;
  /// The arguments behind the callable are handed to it on the new thread.
  bool PassesArguments = false;
  /// Types of leading arguments that say how or where to run.
  std::vector<std::string> Skips;
  /// It runs on other threads only if an argument has one of these types.
  std::vector<std::string> Needs;
  ThreadEnd End = ThreadEnd::Handle;
  /// The argument that receives the handle, if it is not the result; -1 for none.
  int HandleArgument = -1;
  /// An exception that leaves the callable reaches whoever joins.
  bool CarriesExceptions = false;
  /// The callable runs on several threads at once.
  bool Parallel = false;
  /// Each argument is a callable, and they run at the same time.
  bool Together = false;
  /// It runs where its executor does: an argument that has threads of its own, or none (then the library's own threads);
  /// otherwise on whichever thread runs the executor's loop.
  bool OnExecutor = false;
};

/// What a thread's handle does to the thread when it dies.
enum class HandleDeath { Joins, Detaches, Terminates };

/// A type that stands for a running thread.
struct ThreadEntry {
  std::string Name;
  /// Members that wait for the thread, that let it go, and that tell whether there is one.
  std::vector<std::string> Join, Detach, Alive;
  HandleDeath OnDestroy = HandleDeath::Terminates;
  /// Members that tell which thread it is.
  std::vector<std::string> Id;
  /// Members that start the thread of an object that is there already.
  std::vector<std::string> Start;
  /// It is to be joined or detached just once; one that does not join by itself must be, before it ends.
  bool JoinOnce = false;
  /// It has no thread of its own: the members of Join run what was handed to it on the thread that calls them.
  bool RunsHere = false;
  /// Several threads may hand it work at once.
  bool Shared = false;
};

/// What a call waits for.
enum class BlockingKind {
  Never,   ///< for nothing, whatever else the catalog says of it
  Any,     ///< for something outside of its thread
  Sleep,   ///< for time to pass
  Join,    ///< for a thread to end
  Result,  ///< for what another thread computes
  Event,   ///< for another thread to do something: a semaphore, a latch, being unparked
  Condvar, ///< the same, and it gives up the locks among its arguments meanwhile
  Message, ///< for a message or a free place in a channel
  Network, ///< for sockets, pipes and whatever else may never answer
  Io,      ///< for input or output through C's streams and POSIX's descriptors
  Console, ///< for the terminal to take some output
  Stream,  ///< for a file behind a C++ stream
  Process, ///< for another process
};

/// A call that may wait for something outside of its thread. A name may also be a class or a variable: then it is each use of
/// such an object, or of that one, in a call.
struct BlockingEntry {
  std::string Name;
  BlockingKind Kind = BlockingKind::Event;
  /// The argument that limits how long; zero is not to wait at all. -1 for none.
  int Timeout = -1;
  /// The argument with flags, and those of them under which it does not wait. -1 for none.
  int Flags = -1;
  unsigned Nonblocking = 0;
  /// The argument that says which stream; the standard output and error are the console. -1 for none.
  int StreamArgument = -1;
};

/// A member that takes out the element that another one gives, such as pop_back and back.
struct RemovalEntry {
  std::string Member, Borrow;
};

/// A container: what its members do to the iterators, references, pointers and views that refer to its elements.
struct ContainerEntry {
  std::string Name;
  /// Members that may move all elements: to make room, which they need not where Reserves came before; and in any case.
  std::vector<std::string> Grows, Moves;
  /// Members that end iterators, but leave the elements where they are.
  std::vector<std::string> Rehashes;
  /// Members that end all elements.
  std::vector<std::string> Ends;
  /// Members that end the elements that they are told. If Stable, that leaves the others where they are.
  std::vector<std::string> Removes;
  std::vector<RemovalEntry> RemovesAt;
  bool Stable = false;
  /// Members that make room beforehand.
  std::vector<std::string> Reserves;
  /// Members that copy a range, their last two arguments, that must be another container's.
  std::vector<std::string> Foreign;
};

/// A cell that counts its borrows as the program runs, and fails where they exclude each other.
struct CellEntry {
  std::string Name;
  /// Members whose result borrows the cell while it lives; those that may return nothing instead.
  std::vector<std::string> Borrow, BorrowMut, TryBorrow, TryBorrowMut;
  /// Members that fail while any borrow lives.
  std::vector<std::string> NeedsFree;
};

/// Where a name is known in several roles, each lookup finds the last entry that was added: a user's catalog overrides
/// the built-in ones. Immutable once built, hence safe to read from several threads.
class Catalog {
public:
  /// The catalogs that come with Ward. Parsed once a process; a mistake in them is a bug that ends it.
  static std::shared_ptr<const Catalog> builtin();

  /// The built-in catalogs and the YAML files of \p Paths (separated by ';') on top. A file that can't be read, does not
  /// parse or names an unknown key is an error whose text has file, line and column.
  static llvm::Expected<std::shared_ptr<const Catalog>> load(llvm::StringRef Paths);

  /// Adds what \p Yaml says; the error has one line a mistake, `file:line:column: text`.
  llvm::Error add(llvm::MemoryBufferRef Yaml);

  /// Lookups by qualified name, without inline namespaces and template arguments; null if unknown.
  const MutexEntry *mutex(llvm::StringRef Name) const;
  const GuardEntry *guard(llvm::StringRef Name) const;
  const CondvarEntry *condvar(llvm::StringRef Name) const;
  const FunctionEntry *function(llvm::StringRef Name) const;
  const TypeEntry *type(llvm::StringRef Name) const;
  const SpawnEntry *spawn(llvm::StringRef Name) const;
  const ThreadEntry *thread(llvm::StringRef Name) const;
  const BlockingEntry *blocking(llvm::StringRef Name) const;
  /// A function that runs the callables among its arguments before it returns, such as std::for_each.
  bool isRunner(llvm::StringRef Name) const { return Runners.contains(Name); }
  /// A type that can hold any callable of a signature, such as std::function.
  bool isCallback(llvm::StringRef Name) const { return Callbacks.contains(Name); }
  /// A type whose call runs whatever was connected to it.
  bool isSignal(llvm::StringRef Name) const { return Signals.contains(Name); }
  /// A macro before the signals of a class, or before the call of one.
  bool isSignalMacro(llvm::StringRef Name) const { return SignalMacros.contains(Name); }
  const AtomicEntry *atomic(llvm::StringRef Name) const;
  const AtomicFunctionEntry *atomicFunction(llvm::StringRef Name) const;
  /// A constant, such as std::memory_order_relaxed, that asks for atomicity and no more.
  bool isRelaxedOrder(llvm::StringRef Name) const { return RelaxedOrders.contains(Name); }
  /// A function that orders the atomic accesses around it, such as std::atomic_thread_fence.
  bool isFence(llvm::StringRef Name) const { return Fences.contains(Name); }
  /// What a function, function object or member function writes of its arguments; null if it is not known.
  const ArgumentEffectEntry *argumentEffects(llvm::StringRef Name) const;
  /// A type whose objects say how an algorithm runs: its other arguments come after one.
  bool isExecutionPolicy(llvm::StringRef Name) const { return ExecutionPolicies.contains(Name); }
  /// A member function, not const, that changes nothing for which its callers need a lock.
  bool isHarmless(llvm::StringRef Name) const { return Harmless.contains(Name); }
  const ContainerEntry *container(llvm::StringRef Name) const;
  const CellEntry *cell(llvm::StringRef Name) const;
  /// A member of a container that makes an element in place of its arguments, such as emplace_back.
  bool isEmplacer(llvm::StringRef Member) const { return Emplacers.contains(Member); }
  /// A template whose objects hold their first argument's object by value, or nothing: optional and its like.
  bool isCarrier(llvm::StringRef Name) const { return Carriers.contains(Name); }
  /// A type that owns what it holds: a copy of it borrows nothing that its template arguments don't.
  bool isValue(llvm::StringRef Name) const { return Values.contains(Name); }
  /// A container whose elements are found by key. Its members look for themselves, whatever was seen before; but operator[]
  /// and at() take the element to be there.
  bool isKeyed(llvm::StringRef Name) const { return Keyed.contains(Name); }
  /// A container that packs its elements into shared words if they are bool, or always if it has no type of elements.
  bool packsBools(llvm::StringRef Name) const { return PackedBools.contains(Name); }
  /// A type that signal handlers may write, such as sig_atomic_t.
  bool isSignalType(llvm::StringRef Name) const { return SignalTypes.contains(Name); }
  /// A type that synchronises itself: it needs no lock.
  bool isAtomic(llvm::StringRef Name) const { return Atomics.contains(Name) || AtomicTypes.contains(Name); }
  /// A pointer-like class: through it lies the object that it points to.
  bool isPointer(llvm::StringRef Name) const { return Pointers.contains(Name); }
  /// An object to which results are assigned to throw them away, such as std::ignore.
  bool isSink(llvm::StringRef Name) const { return Sinks.contains(Name); }
  /// A namespace of a library that the catalog describes: what its headers do is known, and not taken apart.
  bool isLibraryNamespace(llvm::StringRef Name) const { return Namespaces.contains(Name); }

  /// False if no entry ends with this unqualified name: a cheap first question.
  bool mayKnow(llvm::StringRef Unqualified) const { return Unqualifieds.contains(Unqualified); }

private:
  void note(llvm::StringRef Name);

  llvm::StringMap<MutexEntry> Mutexes;
  llvm::StringMap<GuardEntry> Guards;
  llvm::StringMap<CondvarEntry> Condvars;
  llvm::StringMap<FunctionEntry> Functions;
  llvm::StringMap<TypeEntry> Types;
  llvm::StringMap<SpawnEntry> Spawns;
  llvm::StringMap<ThreadEntry> Threads;
  llvm::StringMap<BlockingEntry> Blocking;
  llvm::StringMap<AtomicEntry> AtomicTypes;
  llvm::StringMap<AtomicFunctionEntry> AtomicFunctions;
  llvm::StringMap<char> Namespaces, Carriers, Values, Atomics, Pointers, Sinks, Emplacers, Runners, Callbacks, Signals, SignalMacros;
  std::vector<ArgumentEffectEntry> ArgumentEffects;
  llvm::StringMap<unsigned> ArgumentEffectsOf;
  llvm::StringMap<char> ExecutionPolicies, Harmless;
  llvm::StringMap<char> RelaxedOrders, Fences, Keyed, PackedBools, SignalTypes, Unqualifieds;
  llvm::StringMap<ContainerEntry> Containers;
  llvm::StringMap<CellEntry> Cells;
};

} // namespace ward

#endif // WARD_CATALOG_CATALOG_H
