// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "run/Progress.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"

#include <algorithm>
#include <string>

using namespace llvm;

namespace ward {

Progress::Progress(size_t Total, bool Quiet) : Total(Total), Quiet(Quiet), Terminal(sys::Process::StandardErrIsDisplayed()) {}

void Progress::skipped(size_t Count) {
  Done += Count;
  if (!Quiet && !Terminal && Count)
    errs() << formatv("[{0}/{1}] from the cache\n", Done, Total);
}

void Progress::done(StringRef Unit, StringRef Problem) {
  ++Done;
  if (Quiet)
    return;
  if (Terminal) {
    if (!Problem.empty()) {
      clear();
      errs() << Unit << ": " << Problem << '\n';
    }
    return draw(Unit);
  }
  errs() << '[' << right_justify(std::to_string(Done), std::to_string(Total).size()) << '/' << Total << "] " << Unit;
  if (!Problem.empty())
    errs() << ": " << Problem;
  errs() << '\n';
}

void Progress::draw(StringRef Unit) {
  auto Now = std::chrono::steady_clock::now();
  if (Done < Total && Now - Drawn < std::chrono::milliseconds(50))
    return;
  Drawn = Now;
  constexpr size_t Width = 24;
  size_t Full = Total ? Width * Done / Total : Width;
  std::string Line = formatv("[{0}{1}] {2}/{3} ", std::string(Full, '='), std::string(Width - Full, ' '), Done, Total);
  size_t Columns = sys::Process::StandardErrColumns();
  if (Columns < Width) // unknown
    Columns = 80;
  Line += Unit;
  errs() << "\r\033[K" << StringRef(Line).take_front(Columns - 1);
}

void Progress::clear() {
  if (!Quiet && Terminal)
    errs() << "\r\033[K";
}

} // namespace ward
