// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The two threads of a data race.
#ifndef WARD_TOOLS_REPORT_RACE_H
#define WARD_TOOLS_REPORT_RACE_H

#include "findings/Finding.h"

#include <optional>

namespace ward {

/// A data race as two columns: what each thread does, and which locks it holds meanwhile.
struct Race {
  struct Side {
    bool HasMain = false;           ///< the place of the finding belongs to it
    std::vector<size_t> Notes;      ///< the numbers of the notes that belong to it
    std::vector<std::string> Holds, Lacks; ///< locks, as the message and the notes name them; those that they say are held, or not
  };
  Side A, B;
};

/// The two sides of \p F; none if it is no data race, or shows one side only.
std::optional<Race> raceOf(const Finding &F);

} // namespace ward

#endif // WARD_TOOLS_REPORT_RACE_H
