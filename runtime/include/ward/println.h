// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/detail/abi.h>
#include <ward/detail/format.h>
#include <ward/detail/raise.h>
#include <ward/detail/rule.h>

#include <cerrno>
#include <system_error>

WARD_NAMESPACE_BEGIN

/// stdout, for this thread alone as long as it lives: several lines that belong together. A thread that holds it may take it
/// again and may call println(); C's printf and puts wait for it too. Not Send. Mirrors `std::io::StdoutLock`.
class [[nodiscard("stdout is released at once if the lock is not kept")]] StdoutLock {
public:
  StdoutLock() noexcept { ward_stdout_lock(); }
  StdoutLock(StdoutLock &&other) noexcept : held_(std::exchange(other.held_, false)) {}
  StdoutLock &operator=(StdoutLock &&) = delete;
  ~StdoutLock() {
    if (held_)
      ward_stdout_unlock();
  }

  /// Writes text as it is. Throws std::system_error when it cannot.
  void write(std::string_view text) const {
    if (!ward_stdout_write(text.data(), text.size()))
      detail::raise<std::system_error>(errno, std::generic_category(), "ward: writing to stdout");
  }
  /// As ward::println().
  template <class... Args> void println(detail::FormatString<Args...> text, Args &&...args) const {
    std::string line = detail::format<Args...>(text, std::forward<Args>(args)...);
    line += '\n';
    write(line);
  }
  /// Hands what was written to the system.
  void flush() const {
    if (!ward_stdout_flush())
      detail::raise<std::system_error>(errno, std::generic_category(), "ward: flushing stdout");
  }

private:
  bool held_ = true;
};

// StdoutLock: a lock that the thread which took it must release.
template <> struct detail::rule<StdoutLock> {
  using send = never<"a lock must be released by the thread that took it">;
  using sync = always; // writing through it is not interleaved with others: C's streams lock each write
  using owned = always;
};

/// Writes one line to stdout, whole: lines of several threads never interleave. `{}` stands for the next argument, `{{` and
/// `}}` for braces; a format that does not fit the arguments does not compile. Over std::format (or {fmt}) where there is one,
/// with all that it can do; else plain `{}` for anything with operator<<. Throws std::system_error when it cannot write.
/// Mirrors `println!`.
template <class... Args> void println(detail::FormatString<Args...> text, Args &&...args) {
  StdoutLock().println<Args...>(text, std::forward<Args>(args)...);
}
/// An empty line.
inline void println() { StdoutLock().write("\n"); }

WARD_NAMESPACE_END
