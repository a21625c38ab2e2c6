// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// What the whole program says of its locks, as JSON for other programs: `ward reduce --tables FILE`.
///
///   {
///     "ward_tables": 1,                         the version of this form
///     "guarded_by": [                           a row for each field or global that a lock guards, in the order of file and line
///       {
///         "kind": "field" or "global",
///         "class": "ns::Account",               of a field its class, of a global its scope; may be empty
///         "name": "balance_",
///         "usr": "c:@N@ns@S@Account@FI@balance_",  Clang's unified symbol resolution
///         "file": "src/account.h", "line": 7, "column": 8,     where it is declared; paths are relative to the root
///         "guard": "mu_",                       as it is written beside the declaration: "mu_", "state_.mu", "globalMutex"
///         "relation": "same object", "outer object" or "global",
///         "annotated": false,                   an annotation says so; otherwise it is inferred
///         "pointee": false,                     what the field points to is guarded (PT_GUARDED_BY)
///         "held": 5, "not_held": 1,             places that access it with and without the lock
///         "writes": 2,                          of the places with it, those that write
///         "accesses": [                         all that count, in the order of the source
///           {"file": "src/account.cpp", "line": 12, "column": 3, "function": "ns::Account::deposit", "write": true, "held": true,
///            "excused": false}                  not held, and no mistake: all callers hold it, or the function's name says so
///         ]
///       }
///     ],
///     "locks": [                                by number, from 0: what lock_order speaks of
///       {"name": "Account::mu_", "kind": "field", "global" or "local", "class": "ns::Account", "usr": ...,
///        "file": ..., "line": ..., "column": ..., "in_cycle": true}
///     ],
///     "lock_order": [                           a row for each place where a lock is taken while another is held
///       {
///         "held": 0, "taken": 1,                numbers of locks
///         "held_shared": false, "taken_shared": false,         for reading
///         "file": ..., "line": ..., "column": ..., "function": ...,
///         "chain": [{"file": ..., "line": ..., "column": ..., "function": ...}],   from there through calls to where it is taken
///         "gates": [2],                         locks that are held around it
///         "in_cycle": true                      the two are taken in the other order, too, directly or over others
///       }
///     ]
///   }
#ifndef WARD_TOOLS_PROGRAM_PROGRAMTABLES_H
#define WARD_TOOLS_PROGRAM_PROGRAMTABLES_H

#include "program/ProgramGuards.h"
#include "program/ProgramOrder.h"

namespace ward {

std::string tablesOf(const ProgramGraph &Graph, const std::vector<ProgramVerdict> &Verdicts, const ProgramOrder &Order);

} // namespace ward

#endif // WARD_TOOLS_PROGRAM_PROGRAMTABLES_H
