// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// What Ward recognises in a project: its mutexes, guards and condition variables, and the classes that only look like
/// them.
#ifndef WARD_TOOLS_PROGRAM_LOCKINVENTORY_H
#define WARD_TOOLS_PROGRAM_LOCKINVENTORY_H

#include "program/ProgramFacts.h"
#include "llvm/Support/raw_ostream.h"

namespace ward {

/// No mutex, guard or condition variable is recognised.
bool recognisesNothing(const ProgramFacts &Facts);

/// Prints what is recognised, and how often it occurs.
void printRecognised(const ProgramFacts &Facts, llvm::raw_ostream &Out);

/// Prints the classes that look like locks or guards and are not recognised, with the entries of a catalog that would
/// describe them. False, and nothing is printed, if there are none.
bool printUnrecognised(const ProgramFacts &Facts, llvm::raw_ostream &Out);

} // namespace ward

#endif // WARD_TOOLS_PROGRAM_LOCKINVENTORY_H
