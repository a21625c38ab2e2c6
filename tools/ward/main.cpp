// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// ward: runs Ward's checks on a whole project, for CI. Each subcommand is in its own file; see Command.h.
#include "driver/Command.h"
#include "driver/Version.h"

#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace ward {
Command *Command::First = nullptr;
} // namespace ward

int main(int Argc, const char **Argv) {
  InitLLVM Init(Argc, Argv);
  // LLVM's libraries register hundreds of options that do not apply here.
  cl::OptionCategory Own("Options");
  cl::HideUnrelatedOptions(Own);
  cl::SetVersionPrinter([](raw_ostream &Out) { Out << ward::versionText() << '\n'; });
  if (!cl::ParseCommandLineOptions(Argc, Argv, "Ward: ownership safety for threads in C++\n\nward SUBCOMMAND --help lists the options of a subcommand.\n",
                                   &errs()))
    return ward::NotChecked;
  if (std::optional<int> Status = ward::Command::runChosen())
    return *Status;
  ward::error() << "no subcommand given, such as `ward check`; see ward --help\n";
  return ward::NotChecked;
}
