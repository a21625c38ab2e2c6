// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "report/GuardRow.h"

#include "findings/Rating.h"
#include "project/CompileDatabase.h"

using namespace llvm;

namespace ward {

bool isAt(const json::Object &Access, const Message &M, StringRef Root) {
  return Access.getInteger("line") == static_cast<int64_t>(M.At.Line) && Access.getInteger("column") == static_cast<int64_t>(M.At.Column) &&
         Access.getString("file") == shown(M.File, Root);
}

std::optional<size_t> guardRowOf(const Finding &F, const json::Object &Tables, StringRef Root) {
  const json::Array *Guards = Tables.getArray("guarded_by");
  if (!Guards || F.Worst != Severity::DataRace)
    return std::nullopt;
  StringRef Field = firstQuoted(F.Main.Text);
  auto HasAccessAt = [&](const Message &M) -> std::optional<size_t> {
    for (size_t I = 0; I != Guards->size(); ++I) {
      const json::Object &Guard = *(*Guards)[I].getAsObject();
      // One expression may access several fields.
      StringRef Name = Guard.getString("name").value_or("");
      if (&M == &F.Main && Field != Name && !Field.ends_with(("::" + Name).str()))
        continue;
      for (const json::Value &Access : *Guard.getArray("accesses"))
        if (isAt(*Access.getAsObject(), M, Root))
          return I;
    }
    return std::nullopt;
  };
  if (std::optional<size_t> Row = HasAccessAt(F.Main))
    return Row;
  for (const Message &Note : F.Notes)
    if (std::optional<size_t> Row = HasAccessAt(Note))
      return Row;
  return std::nullopt;
}

} // namespace ward
