// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/detail/abi.h>
#include <ward/detail/config.h>

#include <stdexcept>
#include <string>

WARD_NAMESPACE_BEGIN

/// A program error that Ward detected: a condition variable used with two mutexes, a borrow conflict, an unwrapped
/// error. `what()` names the thread: "thread 'io' panicked: ...". It is an exception, so that join() can return a
/// thread's panic. Mirrors the payload of Rust's `panic!`.
class Panic : public std::runtime_error {
public:
  explicit Panic(const std::string &message)
      : std::runtime_error("thread '" + std::string(ward_thread_name_for_messages()) + "' panicked: " + message) {}
};

/// Throws Panic; in a build without exceptions, prints the message with the thread's name and terminates.
[[noreturn]] WARD_COLD inline void panic(const std::string &message) {
#if WARD_HAS_EXCEPTIONS
  throw Panic(message);
#else
  ward_panic_and_terminate(message.c_str());
#endif
}

WARD_NAMESPACE_END
