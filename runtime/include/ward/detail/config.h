// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The features of the compiler: attributes, exceptions, RTTI, and the ABI namespace.
#pragma once

#if defined(__cpp_exceptions) || defined(__EXCEPTIONS)
#define WARD_HAS_EXCEPTIONS 1
#else
#define WARD_HAS_EXCEPTIONS 0
#endif

#if defined(__cpp_rtti) || defined(__GXX_RTTI)
#define WARD_HAS_RTTI 1
#else
#define WARD_HAS_RTTI 0
#endif

// Everything public is in an inline namespace whose name encodes how the translation unit is compiled. Two units that
// differ in exceptions or RTTI then use different functions, which the linker cannot merge.
#if WARD_HAS_EXCEPTIONS && WARD_HAS_RTTI
#define WARD_ABI v0
#elif WARD_HAS_EXCEPTIONS
#define WARD_ABI v0_no_rtti
#elif WARD_HAS_RTTI
#define WARD_ABI v0_no_exceptions
#else
#define WARD_ABI v0_no_exceptions_no_rtti
#endif

#define WARD_NAMESPACE_BEGIN                                                                                           \
  namespace ward {                                                                                                     \
  inline namespace WARD_ABI {
#define WARD_NAMESPACE_END                                                                                             \
  }                                                                                                                    \
  }

#if WARD_HAS_EXCEPTIONS
#define WARD_TRY try
#define WARD_CATCH_ALL catch (...)
#define WARD_RETHROW throw
#else
#define WARD_TRY if constexpr (true)
#define WARD_CATCH_ALL else
#define WARD_RETHROW static_cast<void>(0)
#endif

#if defined(__clang__) && defined(__has_cpp_attribute)
#if __has_cpp_attribute(clang::lifetimebound)
#define WARD_LIFETIMEBOUND [[clang::lifetimebound]]
#endif
#endif
#ifndef WARD_LIFETIMEBOUND
#define WARD_LIFETIMEBOUND
#endif

#if defined(__GNUC__) || defined(__clang__)
#define WARD_COLD __attribute__((noinline, cold))
#define WARD_INLINE __attribute__((always_inline)) inline
#else
#define WARD_COLD
#define WARD_INLINE inline
#endif

#if defined(__SANITIZE_THREAD__)
#define WARD_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define WARD_TSAN 1
#endif
#endif
#ifndef WARD_TSAN
#define WARD_TSAN 0
#endif

// An empty member that takes no space.
#define WARD_NO_UNIQUE_ADDRESS [[no_unique_address]]
