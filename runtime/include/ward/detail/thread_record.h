// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/detail/parker.h>

#include <cstring>
#include <new>
#include <string_view>
#include <utility>

WARD_NAMESPACE_BEGIN
namespace detail {

/// The state that all handles of one thread share: its id, its name, its park token. Reference-counted. Its layout does
/// not depend on how a translation unit is compiled, since units of all kinds use ward_tls.current_thread.
struct ThreadRecord : ward_thread_header {
  std::atomic<std::uint32_t> references{1};
  Parker parker;
  std::uint64_t id = 0;

  /// Throws bad_alloc.
  static ThreadRecord *make(const char *given, std::size_t length) {
    struct Name {
      char *chars;
      ~Name() { delete[] chars; }
    } name{given != nullptr ? new char[length + 1] : nullptr};
    auto *record = new ThreadRecord;
    if (given != nullptr) {
      std::memcpy(name.chars, given, length);
      name.chars[length] = 0;
    }
    record->name = std::exchange(name.chars, nullptr);
    record->id = ward_next_thread_id();
    record->release_reference = &release_header;
    record->retain_reference = &retain_header;
    return record;
  }

  void retain() noexcept {
    // relaxed: a new handle is made from an existing one.
    if (references.fetch_add(1, std::memory_order_relaxed) > 0x7fffffffu) [[unlikely]]
      ward_panic_and_terminate("ward::Thread: too many handles");
  }
  void release() noexcept {
    // acq_rel: the uses by all others happen before the last one's delete.
    if (references.fetch_sub(1, std::memory_order_acq_rel) == 1) {
      delete[] name;
      delete this;
    }
  }

  // Makes this the record of the current thread; the end of the thread releases one reference.
  void become_current() noexcept {
    ward_tls.current_thread = this;
    ward_at_thread_exit(this); // without memory for it, the record is never freed
  }

  static ThreadRecord &current() {
    if (ward_tls.current_thread == nullptr) [[unlikely]]
      adopt();
    return *static_cast<ThreadRecord *>(ward_tls.current_thread);
  }

private:
  // A thread that Ward did not start.
  WARD_COLD static void adopt() {
    // Another copy of Ward, in another shared object, may know the thread already.
    if (ward_thread_header *known = ward_find_current_thread()) {
      static_cast<ThreadRecord *>(known)->become_current();
      return;
    }
    const bool main = ward_is_main_thread();
    make(main ? "main" : nullptr, main ? 4 : 0)->become_current();
  }
  static void release_header(ward_thread_header *header) noexcept { static_cast<ThreadRecord *>(header)->release(); }
  static void retain_header(ward_thread_header *header) noexcept { static_cast<ThreadRecord *>(header)->retain(); }
};

/// A counted reference to a record.
class RecordRef {
public:
  explicit RecordRef(ThreadRecord &held) noexcept : record_(&held) { record_->retain(); }
  struct Adopt {};
  RecordRef(Adopt, ThreadRecord &owned) noexcept : record_(&owned) {}
  RecordRef(const RecordRef &other) noexcept : record_(other.record_) { record_->retain(); }
  RecordRef &operator=(const RecordRef &other) noexcept {
    other.record_->retain();
    std::exchange(record_, other.record_)->release();
    return *this;
  }
  ~RecordRef() { record_->release(); }
  ThreadRecord *operator->() const noexcept { return record_; }
  ThreadRecord &operator*() const noexcept { return *record_; }

private:
  ThreadRecord *record_;
};

} // namespace detail
WARD_NAMESPACE_END
