// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The locks under which closures run that one unit passes to a function of another, at once or when it has kept them.
#include "program/ProgramGraph.h"

#include "llvm/ADT/STLExtras.h"

#include <map>

using namespace llvm;

namespace ward {

void ProgramGraph::findCallbacks() {
  std::unordered_map<Id, std::vector<unsigned>> Bodies; // by name, and by declaration
  for (unsigned I = 0; I != All.size(); ++I) {
    const ProgramSymbol &Symbol = Facts.symbol(All[I].Symbol);
    Bodies[All[I].Symbol].push_back(I);
    if (Symbol.Of != None)
      Bodies[Symbol.Of].push_back(I);
    for (Id Overridden : Symbol.Overrides)
      if (Overridden != Symbol.Of)
        Bodies[Overridden].push_back(I);
  }
  auto FieldsOf = [&](Id Path) {
    std::vector<Id> Result = Facts.path(Path).Steps;
    erase(Result, None); // elements
    return Result;
  };
  std::unordered_map<Id, std::vector<const ProgramRun *>> RunsOf;
  std::map<std::vector<Id>, std::vector<const ProgramRun *>> RunsOfFields;
  for (const ProgramRun &Run : Facts.runs())
    if (Facts.path(Run.Path).Root == None)
      RunsOfFields[FieldsOf(Run.Path)].push_back(&Run);
    else
      RunsOf[Run.Function].push_back(&Run);
  std::unordered_map<Id, std::vector<const ProgramKeep *>> KeepsOf;
  for (const ProgramKeep &Keep : Facts.keeps())
    KeepsOf[Keep.Function].push_back(&Keep);
  for (const ProgramGive &Give : Facts.gives()) {
    auto Closure = Bodies.find(Give.Closure);
    auto Callees = Bodies.find(Give.Call.To);
    if (Closure == Bodies.end() || Callees == Bodies.end())
      continue;
    for (unsigned Callee : Callees->second) {
      // What runs before the call returns runs under the caller's locks, too, or, in a wait, under those that it acquires again.
      auto RunsUnder = [&](const ProgramRun &Run, ProgramLocks Held) {
        ProgramLocks Nameless;
        for (const ProgramLock &Lock : Run.Must)
          if (std::optional<Id> Path = toCaller(Lock.Path, Call{Give.Call, {}}, Callee))
            Held.push_back({*Path, -1, Lock.Shared});
          else if (std::optional<ProgramLock> OfSome = ofSomeObject(Lock))
            Nameless.push_back(*OfSome);
        sort(Held);
        for (unsigned I : Closure->second) {
          All[I].Given = All[I].Given ? meet(*All[I].Given, Held) : Held;
          join(All[I].GivenBySome, Held);
          join(All[I].GivenBySome, Nameless);
        }
      };
      Id Function = All[Callee].Symbol;
      if (auto Runs = RunsOf.find(Function); Runs != RunsOf.end())
        for (const ProgramRun *Run : Runs->second) {
          const ProgramSymbol &Root = Facts.symbol(Facts.path(Run->Path).Root);
          if (Root.What == ProgramSymbol::Parameter && Root.Of == Function && Root.Index == Give.Argument)
            RunsUnder(*Run, Give.Call.Must);
        }
      if (auto Keeps = KeepsOf.find(Function); Keeps != KeepsOf.end())
        for (const ProgramKeep *Keep : Keeps->second)
          if (auto Runs = RunsOfFields.find(FieldsOf(Keep->Path)); Keep->Argument == Give.Argument && Runs != RunsOfFields.end())
            for (const ProgramRun *Run : Runs->second)
              RunsUnder(*Run, {});
    }
  }
}

} // namespace ward
