// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// What a rewriting starts from: the guards of the whole program.
#ifndef WARD_TOOLS_REWRITING_ANALYSEDPROGRAM_H
#define WARD_TOOLS_REWRITING_ANALYSEDPROGRAM_H

#include "program/ProgramGuards.h"
#include "program/WholeProgram.h"
#include "project/UnitOptions.h"

#include <memory>

namespace ward {

class AnalysedProgram {
public:
  /// Analyses the units of \p P. False if interrupted; problems go into \p R.
  bool analyse(const Project &P, const UnitOptions &Units, Report &R, Confidence Least);

  ProgramFacts &facts() { return Program.facts(); }
  const ProgramGraph &graph() const { return *Graph; }
  const std::vector<ProgramVerdict> &verdicts() const { return Verdicts; }
  /// Infers again, as if all inferred guards were annotated, until nothing changes: what a second run would find.
  void stateInferred(Confidence Least);

  /// The USR of \p Symbol.
  std::string usr(Id Symbol) { return facts().key(Symbol).split(' ').first.str(); }
  /// FILE:LINE:COLUMN of its declaration or definition, with the real path.
  std::string place(Id Symbol, llvm::StringRef Root);
  /// \p Symbol is a member of the class that the user calls \p Name; of any if that is empty.
  bool isOf(Id Symbol, llvm::StringRef Name);

private:
  WholeProgram Program;
  std::unique_ptr<ProgramGraph> Graph;
  std::vector<ProgramVerdict> Verdicts;
};

/// The scope \p Qualified is \p Name, or ends in `::` and \p Name.
bool isNamed(llvm::StringRef Qualified, llvm::StringRef Name);

} // namespace ward

#endif // WARD_TOOLS_REWRITING_ANALYSEDPROGRAM_H
