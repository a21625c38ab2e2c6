// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Reads catalogs: LLVM's YAML I/O interprets the tables of CatalogKeys.h and the sections of a file, and reports unknown keys and
/// wrong values with file, line and column.
#include "catalog/Catalog.h"
#include "catalog/CatalogKeys.h"

#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/YAMLTraits.h"

using namespace llvm;

namespace ward {

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
