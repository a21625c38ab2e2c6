// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/Paths.h"
#include "llvm/ADT/StringRef.h"
