// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Members of the JSON objects of facts: empty and false ones are left out.
#ifndef WARD_FACTS_JSONMEMBERS_H
#define WARD_FACTS_JSONMEMBERS_H

#include "llvm/Support/JSON.h"

namespace ward {

inline void set(llvm::json::Object &Into, llvm::StringRef Key, llvm::json::Array Values) {
  if (!Values.empty())
    Into[Key] = std::move(Values);
}

inline void setIf(llvm::json::Object &Into, llvm::StringRef Key, bool Value) {
  if (Value)
    Into[Key] = true;
}

} // namespace ward

#endif // WARD_FACTS_JSONMEMBERS_H
