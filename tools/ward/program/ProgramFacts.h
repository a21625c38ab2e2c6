// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The merged facts of many units: what checks/facts/UnitFacts.h describes, with each name and each function stored once.
#ifndef WARD_TOOLS_PROGRAM_PROGRAMFACTS_H
#define WARD_TOOLS_PROGRAM_PROGRAMFACTS_H

#include "flow/locks/GuardEvidence.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace ward {

/// An index into one of the tables of ProgramFacts.
using Id = uint32_t;
constexpr Id None = ~Id(0);
/// The root of a path to a member of an unknown object.
constexpr Id Somewhere = None - 1;

struct ProgramPlace {
  Id File = None;
  uint32_t Line = 0, Column = 0;
  auto operator<=>(const ProgramPlace &) const = default;
};

/// A path of fields from `this` (root None), from a variable, or from an unknown object (Somewhere). The step None is an element.
struct ProgramPath {
  Id Root = None;
  std::vector<Id> Steps;

  bool operator==(const ProgramPath &) const = default;
  bool startsWith(const ProgramPath &Prefix) const {
    return Root == Prefix.Root && Steps.size() >= Prefix.Steps.size() && std::equal(Prefix.Steps.begin(), Prefix.Steps.end(), Steps.begin());
  }
};

struct ProgramLock {
  Id Path = None;
  int32_t Owner = -1; ///< how many steps of Path lead to the object that owns the lock; -1 if unknown
  bool Shared = false;
  bool operator==(const ProgramLock &) const = default;
};
using ProgramLocks = std::vector<ProgramLock>;

struct ProgramSymbol {
  enum Kind : uint8_t { Field, Global, Parameter, Local, Function, Declared };
  Kind What = Local;
  bool IsPointer = false;      ///< of a field
  bool IsMutex = false;        ///< of a field or global
  bool IsDefined = false;      ///< of a global: At is its definition
  bool IsAmbiguous = false;    ///< of a global: several programs define one of this name
  bool IsAddressTaken = false; ///< of a declaration: it may be called through a pointer
  Id Of = None;                ///< of a parameter: the function; of a function: its declaration
  uint32_t Index = 0;          ///< of a parameter
  std::vector<Id> Overrides;   ///< of a function: declarations
  ProgramPlace At;
  std::string Name, Scope;

  /// `Account::balance_` for a field: its class without namespaces. The bare name for all others.
  std::string qualifiedName() const;
};

/// A local object or discarded temporary whose constructor, defined in another unit, is passed a lock.
struct ProgramObject {
  ProgramPlace At;
  Id Constructor = None;
  ProgramLock Lock;
  Id Class = None; ///< of the lock
  int32_t Argument = 0; ///< that is the lock; -1 for the object of a call
  bool IsDiscarded = false;
  bool IsAssumed = false; ///< the unit takes it for a guard that holds the lock
  ProgramLocks Held, Must;
  std::vector<Id> Released;
  std::vector<uint32_t> Under; ///< the objects around it, by their numbers in the function
  bool operator==(const ProgramObject &) const = default;
};

/// What a definition of a constructor does with the lock that it is passed.
struct ProgramHolder {
  int32_t Argument = 0;
  bool IsInverse = false; ///< releases it, until the object is destroyed
  bool Shared = false;
  bool IsNone = false; ///< does nothing to it
  bool Releases = false; ///< of a function
};

/// A wait for State with Mutex.
struct ProgramWait {
  ProgramPlace At;
  Id Condvar = None, Mutex = None;
  std::vector<Id> State;
};

/// A write before a notification. A waiter with Mutex may miss the notification if it waits for State.
struct ProgramWake {
  ProgramPlace At, Notification;
  Id Condvar = None, Mutex = None, State = None;
  auto operator<=>(const ProgramWake &) const = default;
};

/// An acquisition. The flags are those of AcquiredLock (flow/locks/AcquiredLocks.h).
struct ProgramAcquisition {
  ProgramPlace At;
  ProgramLock Lock;
  bool IsNonReentrant = false, Tries = false, AfterRelease = false, DependsOnParameter = false;
  ProgramLocks Held, Must;
  Id Class = None; ///< of a lock that the unit does not know to be non-reentrant
  std::vector<Id> Released = {};
  std::vector<uint32_t> Under = {}; ///< the objects that exist there, by their numbers in the function
  bool operator==(const ProgramAcquisition &) const = default;
};

struct ProgramCall {
  ProgramPlace At;
  Id To = None, Object = None;
  std::vector<Id> Arguments;
  bool DependsOnParameter = false, IsConstructionOrDestruction = false, IsConfined = false, Closure = false, Virtual = false;
  ProgramLocks Held, Must;
  std::vector<Id> Released;
  std::vector<uint32_t> Under = {};
  /// No other thread has the object, unless it has a thread of its own; and the earlier calls on it.
  bool OnOwn = false;
  std::vector<ProgramPlace> After = {};
  bool operator==(const ProgramCall &) const = default;
};

/// A thread that a function starts.
struct ProgramStart {
  ProgramPlace At;
  Id Function = None;  ///< that it runs
  bool OnThis = false; ///< on the object of the function that starts it
  bool Once = false;   ///< once by each call of that
  bool InConstructor = false;
  bool operator==(const ProgramStart &) const = default;
};

struct ProgramAccess {
  ProgramPlace At;
  Id Subject = None, Object = None;
  bool Write = false, Indirect = false, IsConfined = false, Own = false, Unknown = false;
  bool NamedLocked = false; ///< the function's name says that its callers hold the lock
  ProgramLocks Must;
  std::vector<Id> Released, Around;
  ProgramPlace Statement = {}; ///< where the statement begins that it is a part of
  bool ThroughAlias = false; ///< a local variable refers to it
  Id Part = None; ///< the member of the subject that is accessed; None for the whole
  /// The declaration of the function that makes the access, by its argument of that number (-1: its object): Write is what that
  /// suggests, until a definition says otherwise. None if it is known.
  Id By = None;
  int32_t Argument = -1;
  /// Where the thread starts that alone runs the function, one for each object; and the threads that do not run at this time.
  ProgramPlace Only = {};
  std::vector<ProgramPlace> Apart = {};
  /// The unit took it for a write, and the definition says that it is none.
  bool Refuted = false;
  std::vector<uint32_t> Under = {};
  bool operator==(const ProgramAccess &) const = default;
};

/// One unit's facts about a function. Units with equal facts share a variant.
struct ProgramVariant {
  ProgramLocks Requires;
  bool ChangesLocks = false; ///< it returns with other locks than it was called with
  bool Joins = false; ///< a thread of its own object
  std::vector<ProgramStart> Starts;
  std::vector<ProgramAcquisition> Acquisitions;
  std::vector<ProgramCall> Calls;
  std::vector<ProgramAccess> Accesses;
  std::vector<ProgramObject> Objects;
  std::vector<ProgramPlace> DiscardedGuards;
  std::vector<ProgramWake> Wakes;
  bool operator==(const ProgramVariant &) const = default;
};

struct ProgramFunction {
  enum Callers : uint8_t { Closure, Inside, Anyone, Virtual, Thread, Unknown };
  Callers CalledBy = Closure; ///< the widest that a unit states
  uint8_t Checks = 0;         ///< a bit for each of wholeProgramChecks() that is on in a unit that has it
  std::vector<ProgramVariant> Variants;
};

/// What a definition writes of its object and arguments.
struct ProgramWrites {
  /// The arguments; -1: the object.
  std::vector<int32_t> Surely;
  /// The argument Parameter, if Callee writes its argument number Argument. Assumed is what the declaration of Callee suggests.
  struct Dependency {
    int32_t Parameter;
    Id Callee;
    int32_t Argument;
    bool Assumed;
    bool operator==(const Dependency &) const = default;
  };
  std::vector<Dependency> If;
  bool operator==(const ProgramWrites &) const = default;
};

/// A function calls a callable that is its parameter or a member of its object.
struct ProgramRun {
  Id Function, Path;
  ProgramLocks Must;
  bool operator==(const ProgramRun &) const = default;
};
/// A function keeps the callable that is its argument in a member of its object.
struct ProgramKeep {
  Id Function;
  uint32_t Argument;
  Id Path;
  bool operator==(const ProgramKeep &) const = default;
};
/// A call that passes a closure as an argument.
struct ProgramGive {
  ProgramCall Call;
  uint32_t Argument;
  Id Closure;
  bool operator==(const ProgramGive &) const = default;
};

/// A guard that an annotation states.
struct ProgramGuard {
  Id Subject, Path;
  bool Pointee;
  bool operator==(const ProgramGuard &) const = default;
};

/// What a project has of one kind of lock, guard or condition variable.
struct SeenLocks {
  std::set<ProgramPlace> Places;
  std::string Entry; ///< of a class that only looks like one: the entry of a catalog that would describe it
};

/// The checks that run on the whole program, in the order of their bits.
llvm::ArrayRef<llvm::StringRef> wholeProgramChecks();
enum WholeProgramCheck : unsigned { MissingLock, LockOrdering, Relocking, DiscardedGuards, LostWakeups };

/// Merges units. Their order and duplicates change nothing but the order of the tables. Memory grows with the distinct facts: a header's
/// function is stored once.
class ProgramFacts {
public:
  /// Adds the facts of one unit in which the checks \p Enabled are on. An error if they have not the form that UnitFacts writes.
  llvm::Error add(const llvm::json::Object &Unit, uint8_t Enabled);

  const std::vector<std::string> &files() const { return FileNames; }
  /// The digest of the content of \p File; empty if units read different contents.
  llvm::StringRef digest(Id File) const { return FileDigests[File]; }
  const ProgramSymbol &symbol(Id Symbol) const { return Symbols[Symbol]; }
  /// The path from \p Root, which may be None, over \p Steps as the source writes it: printPath() of model/AccessPath.h over facts.
  std::string print(Id Root, llvm::ArrayRef<Id> Steps) const;
  llvm::StringRef key(Id Symbol) const { return SymbolKeys[Symbol]; }
  size_t symbols() const { return Symbols.size(); }
  const ProgramPath &path(Id Path) const { return *Paths[Path]; }
  Id intern(ProgramPath Path);
  /// Decides which accesses by functions in other units are writes, once all units are merged.
  void resolveWrites();
  /// Applies what constructors in other units do to locks, and which classes of locks are not reentrant, once all units are merged.
  void resolveHolders();
  /// The functions, by symbol. Moves them out: a copy may be large.
  std::unordered_map<Id, ProgramFunction> takeFunctions() { return std::move(Functions); }
  const std::vector<ProgramGuard> &guards() const { return Guards; }
  /// As if an annotation stated \p Guard.
  void annotate(ProgramGuard Guard) { Guards.push_back(Guard); }
  const std::vector<ProgramRun> &runs() const { return Runs; }
  const std::vector<ProgramKeep> &keeps() const { return Keeps; }
  const std::vector<ProgramGive> &gives() const { return Gives; }
  /// The parameter \p Index of \p Function; None if no fact mentions it.
  Id parameter(Id Function, uint32_t Index) const;

  const std::vector<ProgramWait> &waits() const { return Waits; }
  /// By what it is (mutex, guard, condvar, or with a question mark what only looks like it) and by class.
  const std::map<std::pair<std::string, std::string>, SeenLocks> &seen() const { return Seen; }

  /// The least confidence in a guard that any unit asks for.
  Confidence minConfidence() const { return MinConfidence; }
  bool sameClass() const { return SameClass; }

private:
  class UnitReader;
  struct PathHash {
    size_t operator()(const ProgramPath &Path) const;
  };

  std::vector<std::string> FileNames, FileDigests;
  llvm::StringMap<Id> FileIds, SymbolIds;
  std::vector<ProgramSymbol> Symbols;
  std::vector<llvm::StringRef> SymbolKeys;
  std::unordered_map<ProgramPath, Id, PathHash> PathIds;
  std::vector<const ProgramPath *> Paths;
  std::unordered_map<Id, ProgramFunction> Functions;
  std::unordered_map<uint64_t, Id> Parameters;
  /// By declaration: the definitions of it, and of the functions that override it.
  std::unordered_map<Id, std::vector<ProgramWrites>> Writes;
  /// By constructor.
  std::unordered_map<Id, ProgramHolder> Holders;
  /// The classes of locks that are surely not reentrant.
  std::unordered_set<Id> NonReentrant;
  std::map<std::pair<std::string, std::string>, SeenLocks> Seen;
  std::vector<ProgramWait> Waits;
  std::vector<ProgramGuard> Guards;
  std::vector<ProgramRun> Runs;
  std::vector<ProgramKeep> Keeps;
  std::vector<ProgramGive> Gives;
  llvm::StringMap<char> KnownCallbacks;
  llvm::StringMap<char> KnownGuards;
  Confidence MinConfidence = Confidence::Sure;
  bool SameClass = false;
};

} // namespace ward

#endif // WARD_TOOLS_PROGRAM_PROGRAMFACTS_H
