// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/Paths.h"
#include "model/Types.h"
