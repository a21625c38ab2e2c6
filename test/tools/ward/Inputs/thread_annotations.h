// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once
#if defined(__clang__)
#define THREAD_ATTRIBUTE(x) __attribute__((x))
#else
#define THREAD_ATTRIBUTE(x)
#endif
#define GUARDED_BY(x) THREAD_ATTRIBUTE(guarded_by(x))
#define PT_GUARDED_BY(x) THREAD_ATTRIBUTE(pt_guarded_by(x))
#define REQUIRES(...) THREAD_ATTRIBUTE(requires_capability(__VA_ARGS__))
#define EXCLUDES(...) THREAD_ATTRIBUTE(locks_excluded(__VA_ARGS__))
