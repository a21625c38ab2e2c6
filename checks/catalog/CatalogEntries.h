// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The entries of the catalog: what one type or function of a library means.
#ifndef WARD_CATALOG_CATALOGENTRIES_H
#define WARD_CATALOG_CATALOGENTRIES_H

#include <string>
#include <vector>

namespace ward {

/// How a lock is held: by one thread, or by any number of readers.
enum class LockMode { Exclusive, Shared };

/// A member function of a data-owning lock that returns a guard, such as `ward::Mutex::lock`.
struct GuardFactory {
  std::string Member;
  LockMode Mode = LockMode::Exclusive;
  /// It may return a guard that holds nothing.
  bool Try = false;
};

/// A type that can be locked.
struct MutexEntry {
  std::string Name;
  std::vector<std::string> Lock, TryLock, Unlock;
  std::vector<std::string> SharedLock, SharedTryLock, SharedUnlock;
  /// Members that return a guard. A mutex with such members owns the data that it protects.
  std::vector<GuardFactory> Guards;
  /// Members that run a callable while they hold the lock, such as `ward::Mutex::with`; Mode is the mode of the lock.
  std::vector<GuardFactory> With;
  /// The guard template to recommend for it: std::lock_guard.
  std::string Guard;
  /// It has a shared mode, but code mostly uses it as a plain mutex: an exclusive lock means a write only where the guard's
  /// type says so.
  bool Plain = false;
  /// Reentrant: the thread that holds it may acquire it again.
  bool Recursive = false;
  /// Macros that initialise a reentrant one.
  std::vector<std::string> RecursiveInitializers;
  /// The constants, enumerators or macros, by which an initialisation makes a reentrant one.
  std::vector<std::string> RecursiveKinds;
  /// A coroutine may hold it over a suspension.
  bool Async = false;
  /// An object is only a handle to a mutex that a file or the operating system names.
  bool Named = false;
};

/// A type whose objects hold a lock during their lifetime.
struct GuardEntry {
  std::string Name;
  LockMode Mode = LockMode::Exclusive;
  /// Types of constructor arguments: the lock is already held; do not acquire it yet; only try to.
  std::vector<std::string> AdoptTags, DeferTags, TryTags;
  /// Members that acquire the lock, try to, and release it.
  std::vector<std::string> Lock, TryLock, Unlock;
  /// Members that dissociate the guard from its mutex without releasing it.
  std::vector<std::string> Release;
  /// Members that only query the guard or its mutex, and use no protected data.
  std::vector<std::string> Status;
  /// Constructed without a mutex, it locks nothing (`std::unique_lock<std::mutex> g;`).
  bool Associates = false;
  /// Its constructor releases the lock and its destructor acquires it again.
  bool Inverse = false;
  /// Its name declares the intent to write.
  bool Writer = false;
  /// With an argument `false` it acquires the lock in shared mode.
  bool WriterFlag = false;
  /// The guard that takes the same arguments and acquires the lock in shared mode; empty if there is none.
  std::string Reader;
};

/// A condition variable.
struct CondvarEntry {
  std::string Name;
  /// Members that wait, that wake one waiting thread, and that wake all.
  std::vector<std::string> Wait, NotifyOne, NotifyAll;
};

/// What a free function does to its arguments: locks, guards, threads, condition variables.
enum class FunctionEffect {
  Lock,          ///< acquires every mutex or guard argument
  TryLock,       ///< tries to; the result tells whether it did
  Unlock,        ///< releases every mutex argument
  SharedLock,    ///< as Lock, in shared mode
  SharedTryLock, ///< as TryLock, in shared mode
  Drop,          ///< destroys the guard that is passed to it
  Join,          ///< joins the thread of its first argument
  Bind,          ///< makes a callable from its first argument and the others
  Forward,       ///< returns its first argument itself, as std::move does
  ClosureKept,   ///< passes its arguments to a constructor, or keeps them: a callable runs later unless that runs it
  Once,          ///< runs a callable once; what that did happens before each return
  Wait,          ///< waits on its first argument, a condition variable, with its second; without arguments, parks the thread
  NotifyOne,     ///< wakes one thread that waits on its first argument
  NotifyAll,     ///< wakes all of them
  Detach,        ///< detaches the thread of its first argument
  Destroy,       ///< destroys the mutex of its first argument
  SetUp,         ///< initialises the mutex of its first argument, with the attributes of its second unless that is null
  Throw,         ///< throws
  SetKind,       ///< sets the kind, its second argument, of the mutexes that are initialised with its first
  Free,          ///< ends the lifetime of what its first argument points to
  Allocate,      ///< returns new memory, which it does not initialise
  AllocateZeroed, ///< returns new memory, all zero
  Guards,    ///< acquires the locks among its arguments, and returns guards of them
  TryGuards, ///< as Guards, but returns nothing if one of them is held
  InSharedMode,    ///< names its argument, a lock, for a function of Guards to acquire in shared mode
  InExclusiveMode, ///< the same, in exclusive mode
  Exclusive, ///< a member of a lock or the like that reads or writes what is inside without it: no other thread may use the object
};

/// \p Effect concerns locks or guards.
inline bool isLockEffect(FunctionEffect Effect) { return Effect <= FunctionEffect::Drop; }

/// Which holders of a lock with a shared mode an unlock function is for.
enum class ReleasedMode { Any, Exclusive, Shared };

struct FunctionEntry {
  std::string Name;
  FunctionEffect Effect = FunctionEffect::Lock;
  /// Of a try-lock whose result is an integer: not zero is success, as of a boolean; by default zero is, as of a status.
  bool Truthy = false;
  /// Of SetUp: it makes a reentrant mutex.
  bool Recursive = false;
  /// Of Unlock.
  ReleasedMode Releases = ReleasedMode::Any;
};

/// Functions that share hidden state: static results, or the environment, the locale, a random sequence. Two threads must not call them at
/// once, except that any number may read.
struct HiddenStateEntry {
  std::vector<std::string> Functions;
  /// What they share, as messages name it: "the environment".
  std::string State;
  /// They only read it.
  bool Reads = false;
  /// The index of the argument that has the state, such as a stream; -1 if all calls share it.
  int Of = -1;
  /// They do nothing to it if the argument with this index is null; -1 for none.
  int UnlessNull = -1;
  /// Only their result is shared: a call whose result is not used does no harm.
  bool Result = false;
  /// What to call instead, or to do.
  std::string Instead;
  /// The fix: a declaration of what is passed as additional last argument, `@` being its name, and that argument.
  std::string Declare, Pass;
};

/// What one call does to an atomic object.
enum class AtomicAction {
  Load,
  Store,
  Update,              ///< reads and writes in one step: exchange, fetch_add, test_and_set
  CompareExchange,     ///< as Update, if the value is as expected
  WeakCompareExchange, ///< the same, but may fail spuriously
};

/// A member that may fail spuriously, and the one with the same arguments that does not.
struct WeakOperation {
  std::string Weak, Strong;
};

/// An atomic type. Its conversions load, its `operator=` stores, and its other operators update.
struct AtomicEntry {
  std::string Name;
  std::vector<std::string> Load, Store, Update, CompareExchange;
  std::vector<WeakOperation> WeakCompareExchange;
  /// The members among them that are relaxed: atomic, but without ordering.
  std::vector<std::string> Relaxed;
  /// It is no object of its own, but refers to its constructor's argument, as std::atomic_ref does.
  bool Refers = false;
};

/// A free function on the atomic object that its first argument points or refers to. The second argument of a store is the
/// value.
struct AtomicFunctionEntry {
  std::string Name;
  AtomicAction Action = AtomicAction::Load;
};

/// What functions write of their arguments: of an object by reference the object, of an iterator, pointer or view what it
/// refers to. They only read the rest.
struct ArgumentEffectEntry {
  std::vector<std::string> Functions;
  /// The arguments that they write, counted from 0.
  std::vector<unsigned> Writes;
  /// The same where the first argument is a range in place of two iterators; as Writes if empty.
  std::vector<unsigned> RangeWrites;
  /// They also write all arguments after the last one of Writes.
  bool AndFollowing = false;
  /// They write the last of the iterators among their arguments, and none of Writes.
  bool WritesLast = false;
  /// They write what the callable among their arguments writes through its parameters, and none of Writes.
  bool ByCallable = false;
};

/// Whether values may move to another thread (Send), or may be shared by threads through const access (Sync).
enum class ThreadRule {
  Yes,
  No,
  Unknown,  ///< depends on a value whose type is erased
  Elements, ///< as its arguments: Send if they are Send, Sync if they are Sync
  IfSend,   ///< if its arguments are Send
  IfSync,   ///< if its arguments are Sync
  IfBoth,   ///< if its arguments are Send and Sync
};

/// Whether a type is Send and Sync, given its template arguments.
struct TypeEntry {
  std::string Name;
  ThreadRule Send = ThreadRule::Unknown;
  ThreadRule Sync = ThreadRule::Unknown;
  /// The indices of the type arguments that count; all if empty.
  std::vector<unsigned> Arguments;
  /// Why it is not, as the end of a sentence: "whose reference count is not atomic".
  std::string Why;
  /// It refers to data that it does not own, as a view or an iterator does.
  bool Borrows = false;
  /// It shares ownership of an object of its argument's type, as std::shared_ptr does.
  bool Shares = false;
  /// It is callable, and stores an exception of its callable for the reader of the result, as std::packaged_task does.
  bool KeepsExceptions = false;
  /// An executor that runs its tasks one after the other, on any number of threads.
  bool Serial = false;
};

/// When the thread that a call starts ends.
enum class ThreadEnd {
  Handle,   ///< depends on the handle that the call returns or constructs: see ThreadEntry
  Call,     ///< before the call returns
  Scoped,   ///< before the scope that it belongs to ends
  Detached, ///< at any time: nothing joins it
};

/// A call or constructor that runs one of its arguments on another thread.
struct SpawnEntry {
  /// A function, a member function (Class::name), or a class whose constructor starts a thread.
  std::string Name;
  /// The index of the argument that runs, not counting those that Skips names; -1 for the last callable one.
  int Callable = 0;
  /// The arguments after the callable are passed to it on the new thread.
  bool PassesArguments = false;
  /// The index of the only argument that is passed to it on the new thread; -1 if PassesArguments decides.
  int Argument = -1;
  /// Types of leading arguments that determine how or where it runs.
  std::vector<std::string> Skips;
  /// It starts a thread only if an argument has one of these types.
  std::vector<std::string> Needs;
  ThreadEnd End = ThreadEnd::Handle;
  /// The index of the argument that receives the handle; -1 if the result is the handle.
  int HandleArgument = -1;
  /// An exception that leaves the callable is rethrown where the thread is joined.
  bool CarriesExceptions = false;
  /// The callable runs on several threads at once.
  bool Parallel = false;
  /// Each argument is a callable, and they run in parallel.
  bool Together = false;
  /// The task runs on an executor: the threads of an argument, or of the library if none is an executor; if the executor has
  /// no threads, the thread that runs its loop.
  bool OnExecutor = false;
  /// Exceptions that the library takes for the normal end of the thread.
  std::vector<std::string> Exits;
};

/// What the destructor of a thread's handle does to the thread.
enum class HandleDestruction { Joins, Detaches, Terminates };

/// The handle of a thread.
struct ThreadEntry {
  std::string Name;
  /// Members that join the thread, that detach it, and that tell whether there is one.
  std::vector<std::string> Join, Detach, Alive;
  HandleDestruction OnDestroy = HandleDestruction::Terminates;
  /// Members that return the thread's id.
  std::vector<std::string> Id;
  /// Members that start the thread after construction.
  std::vector<std::string> Start;
  /// The virtual member function that the thread runs, of a class to derive from.
  std::string Runs;
  /// It must not be joined or detached twice; one that does not join on destruction must be joined or detached before.
  bool JoinOnce = false;
  /// It has no thread of its own: the members of Join run its tasks on the thread that calls them.
  bool RunsHere = false;
  /// Threads may submit tasks to it concurrently.
  bool Shared = false;
};

/// What a call waits for.
enum class BlockingKind {
  Never,   ///< nothing; overrides every other entry of the name
  Any,     ///< something outside of its thread
  Sleep,   ///< time to pass
  Join,    ///< a thread to end
  Result,  ///< the result of another thread
  Event,   ///< an action of another thread: a semaphore, a latch, unpark
  Condvar, ///< the same, and it releases the locks among its arguments meanwhile
  Message, ///< a message or free space in a channel
  Network, ///< sockets, pipes and other peers that may never answer
  Io,      ///< input or output through C streams and POSIX descriptors
  Console, ///< output to the terminal
  Stream,  ///< a file behind a C++ stream
  Process, ///< another process
};

/// A call that may block: wait for something outside of its thread. If the name is a class or a variable, every call with such an
/// object, or that variable, as operand may block.
struct BlockingEntry {
  std::string Name;
  BlockingKind Kind = BlockingKind::Event;
  /// The index of the time limit, where zero means not to wait; -1 for none.
  int Timeout = -1;
  /// The index of the flags, and the flags with which it does not wait; -1 for none. With FlagsField, the argument points to a struct
  /// whose field of that name has the flags.
  int Flags = -1;
  unsigned Nonblocking = 0;
  std::string FlagsField;
  /// The index of the descriptor; if that is in non-blocking mode, it does not wait. -1 for none.
  int Descriptor = -1;
  /// The index of the stream, where the standard output and error are the console; -1 for none.
  int StreamArgument = -1;
};

/// A function that makes a descriptor, or sets the mode of one: to non-blocking, if its flags say so.
struct DescriptorEntry {
  std::string Name;
  /// The index of the argument that receives the descriptor, or names the one whose mode is set; -1 for the result.
  int Descriptor = -1;
  /// The index of the flags, or of a pointer to them, and the flags for non-blocking mode.
  int Flags = -1;
  unsigned Nonblocking = 0;
  /// It sets a mode, and only if the argument with the index Selector has the value Command; -1 if it makes a descriptor.
  int Selector = -1;
  unsigned Command = 0;
};

/// A member that removes the element that another member returns, such as pop_back and back.
struct RemovalEntry {
  std::string Member, Borrow;
};

/// A container, and what its members invalidate: iterators, references, pointers and views to its elements.
struct ContainerEntry {
  std::string Name;
  /// Members that may relocate all elements: only to grow, unless a call of Reserves came before; and in any case.
  std::vector<std::string> Grows, Moves;
  /// Members that invalidate iterators, but leave the elements in place.
  std::vector<std::string> Rehashes;
  /// Members that destroy all elements.
  std::vector<std::string> Ends;
  /// Members that destroy the elements that their arguments name. If Stable, the others stay in place.
  std::vector<std::string> Removes;
  std::vector<RemovalEntry> RemovesAt;
  bool Stable = false;
  /// Members that reserve capacity.
  std::vector<std::string> Reserves;
  /// Members that copy a range, their last two arguments, which must not be a range of the container itself.
  std::vector<std::string> Foreign;
  /// Of a pointer that shares ownership: members that give access to modify what it owns alone, and those after which it does not.
  std::vector<std::string> Exclusive, Shares;
};

/// A cell that checks its borrows at run time, and fails where they exclude each other.
struct CellEntry {
  std::string Name;
  /// Members whose result borrows the cell during its lifetime; the last two may return nothing instead.
  std::vector<std::string> Borrow, BorrowMut, TryBorrow, TryBorrowMut;
  /// Members that fail while the cell is borrowed.
  std::vector<std::string> NeedsFree;
};

} // namespace ward

#endif // WARD_CATALOG_CATALOGENTRIES_H
