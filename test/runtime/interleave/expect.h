// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "scheduler.h"

#include <gtest/gtest.h>

// The program is correct under all interleavings (up to the given number of preemptions, for programs that are too
// large).
#define EXPECT_ALL_HOLD(...)                                                                                           \
  do {                                                                                                                 \
    const interleave::Report report = interleave::explore(__VA_ARGS__);                                                \
    EXPECT_EQ(report.failure, "");                                                                                     \
    EXPECT_TRUE(report.complete) << report.runs << " runs were not all";                                               \
    RecordProperty("runs", static_cast<int>(report.runs));                                                             \
    std::printf("             %zu interleavings\n", report.runs);                                                      \
  } while (false)
