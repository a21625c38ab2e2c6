// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Calls of unknown callees: callbacks, function pointers, virtual functions, signals.
#ifndef WARD_MODEL_UNKNOWNCALLEES_H
#define WARD_MODEL_UNKNOWNCALLEES_H

#include "model/UnitModel.h"

#include <optional>
#include <string>

namespace ward {

/// A callee that is chosen at run time.
struct UnknownCallee {
  enum Kind {
    Callback, ///< a std::function or the like, also by std::invoke
    Pointer,  ///< a function pointer
    Virtual,  ///< a virtual function of another object, whose class may have unknown derived classes
    Signal,   ///< the callables that are connected to a signal
  };
  Kind Kind;
  /// Its name in the source: "on_done_".
  std::string Name;
  /// Of a pointer: it is a global, such as the hook of a memory allocator or the handler of an assertion.
  bool IsHook = false;
};

/// The callee of \p Call, if it is chosen at run time; none for functions called by name, lambdas defined in place, callables whose
/// type is a template parameter, and virtual functions of `this` or of objects whose type is known exactly.
std::optional<UnknownCallee> unknownCallee(const clang::CallExpr *Call, UnitModel &Unit);

} // namespace ward

#endif // WARD_MODEL_UNKNOWNCALLEES_H
