// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/detail/abi.h>
#include <ward/detail/format.h>
#include <ward/detail/raise.h>
#include <ward/detail/rule.h>

#include <cerrno>
#include <system_error>

WARD_NAMESPACE_BEGIN

/// A lock of stdout, for several lines that belong together. It is reentrant: its thread may acquire it again and may
/// call println(). C's printf and puts wait for it too. Not Send. Mirrors `std::io::StdoutLock`.
class [[nodiscard("stdout is released at once if the lock is not given a name")]] StdoutLock {
public:
  StdoutLock() noexcept { ward_stdout_lock(); }
  StdoutLock(StdoutLock &&other) noexcept : held_(std::exchange(other.held_, false)) {}
  StdoutLock &operator=(StdoutLock &&) = delete;
  ~StdoutLock() {
    if (held_)
      ward_stdout_unlock();
  }

  /// Writes text unchanged, and flushes the output if a line ends in it. Throws std::system_error on failure.
  void write(std::string_view text) const {
    if (!ward_stdout_write(text.data(), text.size()) ||
        (text.find('\n') != std::string_view::npos && !ward_stdout_flush()))
      detail::raise<std::system_error>(errno, std::generic_category(), "ward: writing to stdout");
  }
  /// As ward::println().
  template <class... Args> void println(detail::FormatString<Args...> text, Args &&...args) const {
    write(detail::format_line<Args...>(text, std::forward<Args>(args)...));
  }
  /// Flushes the output.
  void flush() const {
    if (!ward_stdout_flush())
      detail::raise<std::system_error>(errno, std::generic_category(), "ward: flushing stdout");
  }

private:
  bool held_ = true;
};

// StdoutLock: the thread that acquired it must release it.
template <> struct detail::rule<StdoutLock> {
  using send = never<"the thread that acquired the lock must release it">;
  using sync = never<"only the thread that acquired the lock can write through it">;
  using owned = always;
};

/// Writes one whole line to stdout: lines of several threads never interleave. `{}` stands for the next argument, `{{`
/// and `}}` for braces; a format that does not match the arguments does not compile. Uses std::format (or {fmt}) where
/// available, with all its features; else plain `{}` for anything with operator<<. The line is flushed, as Rust's is, so
/// that a device that is full is an error here: throws std::system_error. Mirrors `println!`.
template <class... Args> void println(detail::FormatString<Args...> text, Args &&...args) {
  // First the line, then the lock: formatting an argument may acquire locks of its own.
  const std::string line = detail::format_line<Args...>(text, std::forward<Args>(args)...);
  StdoutLock().write(line);
}
/// An empty line.
inline void println() { StdoutLock().write("\n"); }

WARD_NAMESPACE_END
