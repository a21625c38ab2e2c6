// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Clang's -Wthread-safety attributes, off unless WARD_THREAD_SAFETY is defined. Off by default because Clang 19 and 22
// misjudge `drop(std::move(g))`, `cv.wait(m.lock())` and user functions that return a guard.
#pragma once

#if defined(WARD_THREAD_SAFETY) && defined(__clang__)
#define WARD_TS_CAPABILITY(name) __attribute__((capability(name)))
#define WARD_TS_SCOPED __attribute__((scoped_lockable))
#define WARD_TS_ACQUIRE(...) __attribute__((acquire_capability(__VA_ARGS__)))
#define WARD_TS_ACQUIRE_SHARED(...) __attribute__((acquire_shared_capability(__VA_ARGS__)))
#define WARD_TS_RELEASE(...) __attribute__((release_capability(__VA_ARGS__)))
#define WARD_TS_RELEASE_GENERIC(...) __attribute__((release_generic_capability(__VA_ARGS__)))
#define WARD_TS_EXCLUDES(...) __attribute__((locks_excluded(__VA_ARGS__)))
#define WARD_TS_NO_ANALYSIS __attribute__((no_thread_safety_analysis))
#else
#define WARD_TS_CAPABILITY(name)
#define WARD_TS_SCOPED
#define WARD_TS_ACQUIRE(...)
#define WARD_TS_ACQUIRE_SHARED(...)
#define WARD_TS_RELEASE(...)
#define WARD_TS_RELEASE_GENERIC(...)
#define WARD_TS_EXCLUDES(...)
#define WARD_TS_NO_ANALYSIS
#endif
