// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/detail/rule.h>

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <ostream>

WARD_NAMESPACE_BEGIN

class Thread;

/// Identifies a thread of this process. Never reused, also after the thread has ended, and unique across shared objects
/// that each have their own copy of Ward. Copyable, comparable, hashable, printable. Mirrors `std::thread::ThreadId`.
class ThreadId {
public:
  friend bool operator==(ThreadId, ThreadId) noexcept = default;
  friend auto operator<=>(ThreadId, ThreadId) noexcept = default;
  /// The id as a number, never 0. The value has no other meaning.
  std::uint64_t as_u64() const noexcept { return value_; }
  friend std::ostream &operator<<(std::ostream &out, ThreadId id) { return out << "ThreadId(" << id.value_ << ')'; }

private:
  friend class Thread;
  explicit ThreadId(std::uint64_t value) noexcept : value_(value) {}
  std::uint64_t value_;
};

// ThreadId: a number.
template <> struct detail::rule<ThreadId> : detail::free_to_all {};

WARD_NAMESPACE_END

template <> struct std::hash<ward::ThreadId> {
  std::size_t operator()(ward::ThreadId id) const noexcept { return std::hash<std::uint64_t>()(id.as_u64()); }
};
