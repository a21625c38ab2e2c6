// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A header that the tests include as a system header.
#ifndef WARD_TEST_SYSTEM_MACROS_H
#define WARD_TEST_SYSTEM_MACROS_H

#define SYSTEM_LOCKED_IF(mu, condition) if (std::lock_guard<std::mutex> guard_(mu); condition)
#define SYSTEM_UNNAMED_GUARD(mu) std::lock_guard<std::mutex>{mu}

#endif // WARD_TEST_SYSTEM_MACROS_H
