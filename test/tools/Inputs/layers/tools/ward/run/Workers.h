// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "project/Missing.h"
#include "wait/Missing.h"
