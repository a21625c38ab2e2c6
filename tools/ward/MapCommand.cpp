// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// `ward map`: writes the facts of units, for `ward reduce`.
#include "driver/Command.h"
#include "program/FactsFile.h"
#include "run/ProjectRun.h"

#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace ward {
namespace {

cl::SubCommand Sub("map", "Write the lock facts of files, for ward reduce");
UnitOptions Units(Sub);
cl::opt<std::string> ShardText("shard", cl::desc("Process only part I of N of the files, for example 3/8"), cl::value_desc("I/N"),
                               cl::init("1/1"), cl::sub(Sub));
cl::opt<std::string> Output("output", cl::desc("Write facts to FILE (default: stdout)"), cl::value_desc("FILE"), cl::init("-"), cl::sub(Sub));
cl::alias OutputShort("o", cl::desc("Alias for --output"), cl::aliasopt(Output));
cl::opt<Tier> Profile("profile", cl::desc("The checks that ward reduce reports:"), cl::init(Tier::Default), cl::sub(Sub),
                      profileValues());
cl::opt<std::string> Checks("checks", cl::desc("Checks to add to the profile or remove from it, as in clang-tidy's -checks"),
                            cl::value_desc("GLOBS"), cl::sub(Sub));

int map() {
  interruptible();
  Expected<Shard> Part = Shard::parse(ShardText);
  if (!Part)
    return failed(Part.takeError());
  Expected<Project> P = Units.project();
  if (!P)
    return failed(P.takeError());
  CheckSelection Selection{Profile, Checks, "", P->Root, /*OnlyFacts=*/true};
  if (Error Problem = Selection.verify())
    return failed(std::move(Problem));
  for (const std::string &Problem : P->Problems)
    warning() << Problem << "; entry ignored\n";

  size_t Total = P->Units.size();
  std::string Identity = identityOf(P->Units, P->Root);
  size_t Number = 0;
  erase_if(P->Units, [&](const Unit &) { return !Part->has(Number++); });
  Expected<std::unique_ptr<FactsWriter>> Writer = FactsWriter::open(Output, P->Root, *Part, Total, Identity);
  if (!Writer)
    return failed(Writer.takeError());

  Report R;
  R.Root = P->Root;
  R.Problems = P->Problems;
  ResultCache Cache(Units.cacheFolder());
  bool Finished = ProjectRun(*P, std::move(Selection), Cache, Units).work(R, [&](size_t I, UnitResult *Result, StringRef Problem) {
    if (Result) {
      ++R.Checked;
      R.Lines += Result->Lines;
      if (!Result->Errors.empty())
        R.InPart.push_back({shown(P->Units[I].Filename, P->Root), Result->Errors.front()});
      (*Writer)->put(I, std::move(Result->Facts));
    } else {
      (*Writer)->put(I, problemLine(P->Units[I], P->Root, Problem));
    }
  });
  if (!Finished)
    return Interrupted;
  Cache.prune(/*MaxBytes=*/uint64_t(2) << 30);
  if (Error Problem = (*Writer)->finish())
    return failed(std::move(Problem));
  llvm::sort(R.InPart, [](const auto &A, const auto &B) { return A.File < B.File; });
  errs() << factsSummaryOf(R);
  return R.complete() ? Clean : NotChecked;
}

Command Registered(Sub, map);

} // namespace
} // namespace ward
