// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "program/ProgramFacts.h"

#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

#include <algorithm>
#include <optional>

using namespace llvm;

namespace ward {

/// Reads one unit. The input has a digest, but is validated all the same.
class ProgramFacts::UnitReader {
public:
  UnitReader(ProgramFacts &Into, const json::Object &Unit, uint8_t Enabled) : Into(Into), Unit(Unit), Enabled(Enabled) {}

  Error read() {
    readFiles();
    readSymbols();
    readPaths();
    for (const json::Value &Value : list(Unit, "functions"))
      readFunction(object(Value));
    for (const json::Value &Value : list(Unit, "guards"))
      readGuard(array(Value));
    for (const json::Value &Value : list(Unit, "writes"))
      readWrites(object(Value));
    for (const json::Value &Value : list(Unit, "waits"))
      readWait(object(Value));
    for (const json::Value &Value : list(Unit, "seen"))
      readSeen(array(Value));
    for (const json::Value &Value : list(Unit, "holders"))
      readHolder(object(Value));
    for (const json::Value &Value : list(Unit, "locks"))
      if (Id Class = in(Symbols, &Value); Class != None)
        Into.NonReentrant.insert(Class);
    readCallbacks();
    for (const json::Value &Value : list(Unit, "named"))
      if (Id Named = in(Symbols, &Value); Named != None)
        Into.Symbols[Named].IsAddressTaken = true;
    if (unsigned Level = number(Unit.get("min_confidence")); Level >= 1 && Level <= 3)
      Into.MinConfidence = std::min(Into.MinConfidence, static_cast<Confidence>(Level));
    Into.SameClass |= flag(Unit, "same_class");
    if (Wrong)
      return createStringError(inconvertibleErrorCode(), "malformed facts: %s", Wrong);
    return Error::success();
  }

private:
  const json::Array &list(const json::Object &Of, StringRef Key) {
    static const json::Array Empty;
    const json::Value *Value = Of.get(Key);
    return Value ? array(*Value) : Empty;
  }
  const json::Array &array(const json::Value &Value) {
    static const json::Array Empty;
    if (const json::Array *Result = Value.getAsArray())
      return *Result;
    Wrong = "expected a list";
    return Empty;
  }
  const json::Object &object(const json::Value &Value) {
    static const json::Object Empty;
    if (const json::Object *Result = Value.getAsObject())
      return *Result;
    Wrong = "expected an object";
    return Empty;
  }
  uint32_t number(const json::Value *Value) {
    std::optional<int64_t> Result = Value ? Value->getAsInteger() : std::nullopt;
    if (Result && *Result >= 0 && *Result <= UINT32_MAX)
      return static_cast<uint32_t>(*Result);
    Wrong = "expected a number";
    return 0;
  }
  std::string text(const json::Object &Of, StringRef Key) { return Of.getString(Key).value_or("").str(); }
  bool flag(const json::Object &Of, StringRef Key) { return Of.getBoolean(Key).value_or(false); }

  /// The program's id for entry \p Value of this unit's \p Table.
  Id in(const std::vector<Id> &Table, const json::Value *Value) {
    uint32_t Number = number(Value);
    if (Number < Table.size())
      return Table[Number];
    Wrong = "an index is out of range";
    return None;
  }
  Id perhapsIn(const std::vector<Id> &Table, const json::Value *Value) {
    return !Value || Value->getAsInteger() == -1 ? None : in(Table, Value);
  }

  void readFiles() {
    for (const json::Value &Value : list(Unit, "files")) {
      const json::Array &Pair = array(Value);
      std::optional<StringRef> Name = Pair.size() == 2 ? Pair[0].getAsString() : std::nullopt,
                               Digest = Name ? Pair[1].getAsString() : std::nullopt;
      if (!Digest) {
        Wrong = "a file has no name or no digest";
        return;
      }
      auto [It, New] = Into.FileIds.try_emplace(*Name, Into.FileNames.size());
      if (New) {
        Into.FileNames.push_back(Name->str());
        Into.FileDigests.push_back(Digest->str());
      } else if (Into.FileDigests[It->second] != *Digest) {
        Into.FileDigests[It->second].clear();
      }
      Files.push_back(It->second);
    }
  }

  ProgramPlace place(const json::Value *Value) {
    const json::Array *Parts = Value ? Value->getAsArray() : nullptr;
    if (!Parts || Parts->size() != 3) {
      Wrong = "expected a place";
      return {};
    }
    return {in(Files, &(*Parts)[0]), number(&(*Parts)[1]), number(&(*Parts)[2])};
  }

  void readSymbols() {
    const json::Array &All = list(Unit, "symbols");
    // All ids first: symbols refer to each other.
    for (const json::Value &Value : All) {
      std::string Key = text(object(Value), "u");
      auto [It, New] = Into.SymbolIds.try_emplace(Key, Into.Symbols.size());
      if (New) {
        Into.Symbols.emplace_back();
        Into.SymbolKeys.push_back(It->getKey());
      }
      Symbols.push_back(It->second);
      Fresh.push_back(New);
    }
    for (size_t I = 0; I != All.size(); ++I)
      readSymbol(object(All[I]), Symbols[I], Fresh[I]);
  }

  void readSymbol(const json::Object &From, Id Number, bool New) {
    StringRef Kind = From.getString("k").value_or("");
    ProgramSymbol Symbol;
    static const StringRef Kinds[] = {"field", "global", "parameter", "local", "function", "declared"};
    const StringRef *Found = find(Kinds, Kind);
    if (Found == std::end(Kinds)) {
      Wrong = "a symbol has an unknown kind";
      return;
    }
    Symbol.What = static_cast<ProgramSymbol::Kind>(Found - Kinds);
    Symbol.Name = text(From, "n");
    Symbol.Scope = text(From, "c");
    Symbol.IsPointer = flag(From, "ptr");
    Symbol.IsMutex = From.get("mutex") != nullptr;
    Symbol.IsDefined = flag(From, "defined");
    if (From.get("at"))
      Symbol.At = place(From.get("at"));
    if (Symbol.What == ProgramSymbol::Parameter) {
      Symbol.Of = in(Symbols, From.get("f"));
      Symbol.Index = number(From.get("i"));
      Into.Parameters[uint64_t(Symbol.Of) << 32 | Symbol.Index] = Number;
    } else if (Symbol.What == ProgramSymbol::Function) {
      Symbol.Of = perhapsIn(Symbols, From.get("d"));
      for (const json::Value &Overridden : list(From, "o"))
        Symbol.Overrides.push_back(in(Symbols, &Overridden));
    }
    ProgramSymbol &Old = Into.Symbols[Number];
    if (New) {
      Old = std::move(Symbol);
      return;
    }
    // The chosen place must not depend on the order of the units.
    if (Symbol.IsDefined && Old.IsDefined && placeLess(Old.At, Symbol.At) != placeLess(Symbol.At, Old.At))
      Old.IsAmbiguous = true;
    if ((Symbol.IsDefined && !Old.IsDefined) || (Symbol.IsDefined == Old.IsDefined && placeLess(Symbol.At, Old.At)))
      Old.At = Symbol.At;
    Old.IsDefined |= Symbol.IsDefined;
    Old.Name = std::min(Old.Name, Symbol.Name);
    Old.Scope = std::min(Old.Scope, Symbol.Scope);
  }

  bool placeLess(const ProgramPlace &A, const ProgramPlace &B) {
    if (A.File != B.File && A.File != None && B.File != None)
      return Into.FileNames[A.File] < Into.FileNames[B.File];
    return std::tie(A.Line, A.Column) < std::tie(B.Line, B.Column);
  }

  void readPaths() {
    for (const json::Value &Value : list(Unit, "paths")) {
      SmallVector<StringRef, 6> Words;
      SplitString(Value.getAsString().value_or(""), Words, " ");
      ProgramPath Path;
      auto Symbol = [&](StringRef Digits) {
        size_t Number = 0;
        if (!Digits.getAsInteger(10, Number) && Number < Symbols.size())
          return Symbols[Number];
        Wrong = "a path names an unknown symbol";
        return None;
      };
      if (Words.empty())
        Wrong = "a path is empty";
      else if (Words.front() != "t")
        Path.Root = Symbol(Words.front().drop_front());
      for (StringRef Word : drop_begin(Words, Words.empty() ? 0 : 1))
        Path.Steps.push_back(Word == "e" ? None : Symbol(Word));
      Paths.push_back(Into.intern(std::move(Path)));
    }
  }

  template <class Read> auto each(const json::Object &Of, StringRef Key, Read One) {
    std::vector<decltype(One(std::declval<const json::Value &>()))> Result;
    for (const json::Value &Value : list(Of, Key))
      Result.push_back(One(Value));
    return Result;
  }
  ProgramLock lock(const json::Value *Value) {
    const json::Array *Parts = Value ? Value->getAsArray() : nullptr;
    if (!Parts || Parts->size() != 3) {
      Wrong = "expected a lock";
      return {};
    }
    ProgramLock Result;
    Result.Path = in(Paths, &(*Parts)[0]);
    Result.Owner = static_cast<int32_t>((*Parts)[1].getAsInteger().value_or(-1));
    Result.Shared = (*Parts)[2].getAsInteger() == 1;
    return Result;
  }
  ProgramLocks locks(const json::Object &Of, StringRef Key) {
    return each(Of, Key, [&](const json::Value &Value) { return lock(&Value); });
  }
  std::vector<Id> ids(const json::Object &Of, StringRef Key, const std::vector<Id> &Table) {
    return each(Of, Key, [&](const json::Value &Value) { return perhapsIn(Table, &Value); });
  }

  ProgramAcquisition acquisition(const json::Object &From) {
    return {place(From.get("at")), lock(From.get("lock")), flag(From, "sure"),    flag(From, "tries"),
            flag(From, "reacquires"),   flag(From, "conditional"),     locks(From, "held"), locks(From, "must"),
            perhapsIn(Symbols, From.get("class")), ids(From, "released", Paths), numbers(From, "under")};
  }
  ProgramCall call(const json::Object &From) {
    return {place(From.get("at")), in(Symbols, From.get("to")), perhapsIn(Paths, From.get("obj")), ids(From, "args", Paths),
            flag(From, "conditional"),    flag(From, "construction"),         flag(From, "confined"),               flag(From, "closure"),
            flag(From, "virtual"), locks(From, "held"),         locks(From, "must"),               ids(From, "released", Paths),
            numbers(From, "under"), flag(From, "own"), places(From, "after")};
  }
  std::vector<ProgramPlace> places(const json::Object &Of, StringRef Key) {
    return each(Of, Key, [&](const json::Value &Value) { return place(&Value); });
  }
  ProgramStart start(const json::Object &From) {
    return {place(From.get("at")), in(Symbols, From.get("f")), flag(From, "this"), flag(From, "sole"), flag(From, "birth")};
  }
  int32_t argument(const json::Value &Value) { return static_cast<int32_t>(Value.getAsInteger().value_or(-1)); }
  ProgramAccess access(const json::Object &From) {
    ProgramAccess Result{place(From.get("at")), in(Symbols, From.get("s")), perhapsIn(Paths, From.get("obj")), flag(From, "w"),
            flag(From, "ptr"),     flag(From, "confined"),        flag(From, "own"),                 flag(From, "unknown"),
            flag(From, "named"),   locks(From, "must"),        ids(From, "released", Paths),      ids(From, "around", Symbols)};
    Result.Statement = From.get("st") ? place(From.get("st")) : Result.At;
    Result.ThroughAlias = flag(From, "alias");
    Result.Under = numbers(From, "under");
    Result.Part = perhapsIn(Symbols, From.get("part"));
    if (const json::Value *Only = From.get("only"))
      Result.Only = place(Only);
    Result.Apart = places(From, "apart");
    if (const json::Value *By = From.get("by"))
      if (const json::Array &Parts = array(*By); Parts.size() == 2) {
        Result.By = in(Symbols, &Parts[0]);
        Result.Argument = argument(Parts[1]);
      }
    return Result;
  }

  void readWrites(const json::Object &From) {
    ProgramWrites One;
    for (const json::Value &Value : list(From, "w"))
      One.Surely.push_back(argument(Value));
    for (const json::Value &Value : list(From, "if"))
      if (const json::Array &Parts = array(Value); Parts.size() == 4)
        One.If.push_back({argument(Parts[0]), in(Symbols, &Parts[1]), argument(Parts[2]), Parts[3].getAsInteger() == 1});
    std::vector<Id> Declarations = ids(From, "o", Symbols);
    Declarations.push_back(in(Symbols, From.get("f")));
    if (Wrong)
      return;
    for (Id Declaration : Declarations)
      if (std::vector<ProgramWrites> &Known = Into.Writes[Declaration]; !is_contained(Known, One))
        Known.push_back(One);
  }

  std::vector<uint32_t> numbers(const json::Object &Of, StringRef Key) {
    return each(Of, Key, [&](const json::Value &Value) { return number(&Value); });
  }
  int32_t argument(const json::Object &From) { return static_cast<int32_t>(From.getInteger("arg").value_or(-1)); }
  ProgramObject holdingObject(const json::Object &From) {
    return {place(From.get("at")),  in(Symbols, From.get("c")), lock(From.get("lock")),   perhapsIn(Symbols, From.get("class")),
            argument(From), flag(From, "drop"),     flag(From, "assumed"),      locks(From, "held"),        locks(From, "must"),      ids(From, "released", Paths),
            numbers(From, "under")};
  }
  void readWait(const json::Object &From) {
    ProgramWait Wait{place(From.get("at")), in(Symbols, From.get("cv")), in(Symbols, From.get("mutex")), ids(From, "state", Symbols)};
    if (!Wrong)
      Into.Waits.push_back(std::move(Wait));
  }
  ProgramWake wake(const json::Object &From) {
    return {place(From.get("at")), place(From.get("by")), in(Symbols, From.get("cv")), in(Symbols, From.get("mutex")), in(Symbols, From.get("s"))};
  }
  void readSeen(const json::Array &From) {
    std::optional<StringRef> What = From.size() >= 3 ? From[0].getAsString() : std::nullopt, Name = What ? From[1].getAsString() : std::nullopt;
    if (!Name) {
      Wrong = "expected what was seen";
      return;
    }
    ProgramPlace At = place(&From[2]);
    if (Wrong)
      return;
    SeenLocks &Seen = Into.Seen[{What->str(), Name->str()}];
    Seen.Places.insert(At);
    if (From.size() > 3)
      Seen.Entry = From[3].getAsString().value_or("").str();
  }
  void readHolder(const json::Object &From) {
    ProgramHolder Holder{argument(From), flag(From, "inverse"), flag(From, "shared"), flag(From, "none"), flag(From, "releases")};
    if (Id Constructor = in(Symbols, From.get("c")); !Wrong)
      Into.Holders.try_emplace(Constructor, Holder);
  }

  void readFunction(const json::Object &From) {
    Id Number = in(Symbols, From.get("f"));
    ProgramVariant Variant;
    Variant.Requires = locks(From, "requires");
    Variant.ChangesLocks = flag(From, "leaves");
    Variant.Joins = flag(From, "joins");
    Variant.Starts = each(From, "starts", [&](const json::Value &Value) { return start(object(Value)); });
    Variant.Objects = each(From, "objects", [&](const json::Value &Value) { return holdingObject(object(Value)); });
    Variant.Wakes = each(From, "wakes", [&](const json::Value &Value) { return wake(object(Value)); });
    Variant.Acquisitions = each(From, "acquires", [&](const json::Value &Value) { return acquisition(object(Value)); });
    Variant.Calls = each(From, "calls", [&](const json::Value &Value) { return call(object(Value)); });
    Variant.Accesses = each(From, "accesses", [&](const json::Value &Value) { return access(object(Value)); });
    auto Callers = StringSwitch<ProgramFunction::Callers>(From.getString("callers").value_or(""))
                       .Case("closure", ProgramFunction::Closure)
                       .Case("inside", ProgramFunction::Inside)
                       .Case("anyone", ProgramFunction::Anyone)
                       .Case("virtual", ProgramFunction::Virtual)
                       .Case("thread", ProgramFunction::Thread)
                       .Default(ProgramFunction::Unknown);
    if (Wrong)
      return;
    ProgramFunction &Function = Into.Functions[Number];
    Function.CalledBy = std::max(Function.CalledBy, Callers);
    Function.Checks |= Enabled;
    if (!is_contained(Function.Variants, Variant))
      Function.Variants.push_back(std::move(Variant));
  }

  template <class T> void addOnce(std::vector<T> &To, T One, std::initializer_list<Id> Key, const ProgramLocks &Locks = {}) {
    std::string Text = std::to_string(sizeof(T));
    for (Id Part : Key)
      Text += " " + std::to_string(Part);
    for (const ProgramLock &Lock : Locks)
      Text += " l" + std::to_string(Lock.Path) + (Lock.Shared ? "s" : "");
    if (!Wrong && Into.KnownCallbacks.try_emplace(Text).second)
      To.push_back(std::move(One));
  }
  void readCallbacks() {
    for (const json::Value &Value : list(Unit, "runs")) {
      ProgramRun Run{in(Symbols, object(Value).get("f")), in(Paths, object(Value).get("p")), locks(object(Value), "must")};
      addOnce(Into.Runs, Run, {0, Run.Function, Run.Path}, Run.Must);
    }
    for (const json::Value &Value : list(Unit, "keeps")) {
      ProgramKeep Keep{in(Symbols, object(Value).get("f")), number(object(Value).get("arg")), in(Paths, object(Value).get("p"))};
      addOnce(Into.Keeps, Keep, {1, Keep.Function, Keep.Argument, Keep.Path});
    }
    for (const json::Value &Value : list(Unit, "gives")) {
      ProgramGive Give{{}, number(object(Value).get("arg")), in(Symbols, object(Value).get("c"))};
      Give.Call.To = in(Symbols, object(Value).get("to"));
      Give.Call.Object = perhapsIn(Paths, object(Value).get("obj"));
      Give.Call.Arguments = ids(object(Value), "args", Paths);
      Give.Call.Must = locks(object(Value), "must");
      addOnce(Into.Gives, Give, {2, Give.Call.To, Give.Argument, Give.Closure, Give.Call.Object}, Give.Call.Must);
    }
  }

  void readGuard(const json::Array &From) {
    if (From.size() != 3) {
      Wrong = "expected a guard";
      return;
    }
    ProgramGuard Guard{in(Symbols, &From[0]), in(Paths, &From[1]), From[2].getAsInteger() == 1};
    if (!Wrong && Into.KnownGuards.try_emplace(std::to_string(Guard.Subject) + " " + std::to_string(Guard.Path) + (Guard.Pointee ? "p" : "")).second)
      Into.Guards.push_back(Guard);
  }

  ProgramFacts &Into;
  const json::Object &Unit;
  uint8_t Enabled;
  const char *Wrong = nullptr;
  std::vector<Id> Files, Symbols, Paths;
  std::vector<bool> Fresh;
};

Error ProgramFacts::add(const json::Object &Unit, uint8_t Enabled) { return UnitReader(*this, Unit, Enabled).read(); }

} // namespace ward
