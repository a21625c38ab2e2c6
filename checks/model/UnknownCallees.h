// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Calls of which the code that they run is somebody else's choice.
#ifndef WARD_MODEL_UNKNOWNCALLEES_H
#define WARD_MODEL_UNKNOWNCALLEES_H

#include "model/UnitModel.h"

#include <optional>
#include <string>

namespace ward {

/// A call that runs whatever was put behind a name.
struct UnknownCallee {
  enum Kind {
    Callback, ///< a std::function or the like, also by std::invoke
    Pointer,  ///< a function pointer
    Virtual,  ///< a virtual function of another object, of a class that anybody may derive from
    Signal,   ///< whatever was connected
  };
  Kind Kind;
  /// How the text calls it: "on_done_".
  std::string Name;
  /// Of a pointer: it belongs to the whole program, as a memory allocator's hooks or an assertion's handler do.
  bool IsHook = false;
};

/// What \p Call runs, if that is chosen elsewhere; none for functions known by name, lambdas defined in place, callables
/// whose type is a template parameter, virtual functions of the object itself and of types known exactly.
std::optional<UnknownCallee> unknownCallee(const clang::CallExpr *Call, UnitModel &Unit);

} // namespace ward

#endif // WARD_MODEL_UNKNOWNCALLEES_H
