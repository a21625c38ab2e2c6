// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "run/Workers.h"
#include "lock/OrderCheck.h"
