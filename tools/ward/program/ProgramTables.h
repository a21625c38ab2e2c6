// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The guards and the lock order of the whole program, as JSON for other programs: `ward reduce --tables FILE`.
///
///   {
///     "ward_tables": 1,                         the version of this format
///     "guarded_by": [                           a row for each field or global that a lock guards, in the order of file and line
///       {
///         "kind": "field" or "global",
///         "class": "ns::Account",               the class of a field, the scope of a global; may be empty
///         "name": "balance_",
///         "usr": "c:@N@ns@S@Account@FI@balance_",  Clang's unified symbol resolution
///         "file": "src/account.h", "line": 7, "column": 8,     where it is declared; paths are relative to the root
///         "guard": "mu_",                       as written beside the declaration: "mu_", "state_.mu", "globalMutex"
///         "relation": "same object", "outer object" or "global",
///         "annotated": false,                   stated by an annotation; otherwise inferred
///         "pointee": false,                     the lock guards what the field points to (PT_GUARDED_BY)
///         "held": 5, "not_held": 1,             places that access it with and without the lock
///         "writes": 2,                          how many of the places with the lock write
///         "accesses": [                         all that count, in the order of the source
///           {"file": "src/account.cpp", "line": 12, "column": 3, "function": "ns::Account::deposit",
///            "in": 0,                           the number of that function in "functions"
///            "write": true, "held": true,
///            "excused": false,                  not held, but correct: all callers hold it, or the function's name implies it
///            "locks": ["mu_"]}                  all locks that are surely held there, as the function names them
///         ]
///       }
///     ],
///     "functions": [                            those with accesses, and then their callers, up to four levels of them; numbered from 0
///       {"name": "ns::Account::deposit",
///        "started": [{"file": ..., "line": ..., "column": ..., "function": "ns::Bank::open"}],   where threads start with it
///        "callers": [{"file": ..., "line": ..., "column": ..., "in": 3,     the first eight calls
///                     "locks": ["mu_"]}],       the locks that are surely held there, as the function that is called names them
///        "calls": 12}                          how many calls of it there are
///     ],
///     "locks": [                                numbered from 0; lock_order refers to these numbers
///       {"name": "Account::mu_", "kind": "field", "global" or "local", "class": "ns::Account", "usr": ...,
///        "file": ..., "line": ..., "column": ..., "in_cycle": true}
///     ],
///     "lock_order": [                           a row for each place where a lock is acquired while another is held
///       {
///         "held": 0, "acquired": 1,             numbers of locks: the second is acquired while the first is held
///         "held_shared": false, "acquired_shared": false,      in shared mode
///         "file": ..., "line": ..., "column": ..., "function": ...,
///         "chain": [{"file": ..., "line": ..., "column": ..., "function": ...}],   the calls from there to the acquisition
///         "gates": [2],                         other locks held at that place
///         "in_cycle": true                      the two are also acquired in the opposite order, directly or through other locks
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
