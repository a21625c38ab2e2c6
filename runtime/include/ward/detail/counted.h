// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The common part of Arc and Rc: one allocation with two counts and the value.
#pragma once

#include <ward/detail/system.h>
#include <ward/result.h>

#include <cstddef>
#include <limits>
#include <optional>

WARD_NAMESPACE_BEGIN
namespace detail {

/// The two counts of an Arc. `weak` counts the weak handles, and one more for all strong ones together. During the test
/// whether a handle is the only one, `weak` is locked (all bits set), so that no weak handle can be created.
template <class Platform> class BasicAtomicCounts {
public:
  // relaxed: a new handle is made from an existing one, which already orders everything.
  void retain() noexcept { check(strong_.fetch_add(1, std::memory_order_relaxed)); }
  // Whether it was the last strong handle. If so, all uses of the value by the others have happened before.
  bool release() noexcept {
    // release: the uses by this handle happen before the destruction; pairs with the acquire below.
    if (strong_.fetch_sub(1, std::memory_order_release) != 1)
      return false;
    acquire(strong_);
    return true;
  }
  void retain_weak() noexcept {
    std::size_t seen = weak_.load(std::memory_order_relaxed); // relaxed: the compare-exchange decides
    for (;;) {
      if (seen == locked) {
        Platform::relax();
        seen = weak_.load(std::memory_order_relaxed); // relaxed: as above
        continue;
      }
      check(seen);
      // acquire: pairs with unlock_weak()'s release: what the only handle did happened before.
      if (weak_.compare_exchange_weak(seen, seen + 1, std::memory_order_acquire, std::memory_order_relaxed))
        return;
    }
  }
  // Whether it was the last handle of any kind: the memory may be freed.
  bool release_weak() noexcept {
    // release and acquire: as in release().
    if (weak_.fetch_sub(1, std::memory_order_release) != 1)
      return false;
    acquire(weak_);
    return true;
  }
  // A new strong handle, if the value is still alive.
  bool upgrade() noexcept {
    std::size_t seen = strong_.load(std::memory_order_relaxed); // relaxed: the compare-exchange decides
    while (seen != 0) {
      check(seen);
      // acquire: earlier changes to the value are visible; pairs with release() and restore_last().
      if (strong_.compare_exchange_weak(seen, seen + 1, std::memory_order_acquire, std::memory_order_relaxed))
        return true;
    }
    return false;
  }
  // Whether the caller's strong handle is the only handle of any kind.
  bool unique() noexcept {
    std::size_t one = 1;
    // acquire: pairs with release_weak(): the uses by destroyed weak handles happened before.
    if (!weak_.compare_exchange_strong(one, locked, std::memory_order_acquire, std::memory_order_relaxed))
      return false;
    // acquire: pairs with release(): the uses by the other strong handles happened before.
    const bool only = strong_.load(std::memory_order_acquire) == 1;
    weak_.store(1, std::memory_order_release); // release: pairs with retain_weak()
    return only;
  }
  // Removes the only strong handle from the count, so that upgrades fail; false if it is not the only one.
  bool take_last() noexcept {
    std::size_t one = 1;
    // acquire: pairs with release(), as in unique().
    return strong_.compare_exchange_strong(one, 0, std::memory_order_acquire, std::memory_order_relaxed);
  }
  // After take_last(): whether no weak handle is left either.
  bool no_weak() const noexcept { return weak_.load(std::memory_order_acquire) == 1; } // acquire: pairs with release_weak()
  void restore_last() noexcept { strong_.store(1, std::memory_order_release); }         // release: pairs with upgrade()

  // relaxed: the numbers may be outdated when they are returned.
  std::size_t strong() const noexcept { return strong_.load(std::memory_order_relaxed); }
  std::size_t weak() const noexcept {
    const std::size_t seen = weak_.load(std::memory_order_relaxed);
    return seen == locked ? 0 : seen - 1;
  }

private:
  static constexpr std::size_t locked = std::numeric_limits<std::size_t>::max();
  // Beyond half of the range, handles are being leaked: terminate before the count overflows.
  static void check(std::size_t before) noexcept {
    if (before > std::numeric_limits<std::size_t>::max() / 2) [[unlikely]]
      ward_panic_and_terminate("ward::Arc: too many handles");
  }
  template <class Atomic> static void acquire(Atomic &count) noexcept {
#if WARD_TSAN
    static_cast<void>(count.load(std::memory_order_acquire)); // the sanitizer does not support fences
#else
    static_cast<void>(count);
    Platform::acquire_fence();
#endif
  }

  typename Platform::template Atomic<std::size_t> strong_{1};
  typename Platform::template Atomic<std::size_t> weak_{1};
};
using AtomicCounts = BasicAtomicCounts<System>;

/// The same for one thread.
class LocalCounts {
public:
  void retain() noexcept { check(strong_++); }
  bool release() noexcept { return --strong_ == 0; }
  void retain_weak() noexcept { check(weak_++); }
  bool release_weak() noexcept { return --weak_ == 0; }
  bool upgrade() noexcept {
    if (strong_ == 0)
      return false;
    check(strong_++);
    return true;
  }
  bool unique() const noexcept { return strong_ == 1 && weak_ == 1; }
  bool take_last() noexcept { return strong_ == 1 && --strong_ == 0; }
  bool no_weak() const noexcept { return weak_ == 1; }
  void restore_last() noexcept { strong_ = 1; }
  std::size_t strong() const noexcept { return strong_; }
  std::size_t weak() const noexcept { return weak_ - 1; }

private:
  static void check(std::size_t before) noexcept {
    if (before > std::numeric_limits<std::size_t>::max() / 2) [[unlikely]]
      ward_panic_and_terminate("ward::Rc: too many handles");
  }
  std::size_t strong_ = 1, weak_ = 1;
};

template <class T, class Counts> struct CountedBox {
  Counts counts;
  union {
    T value;
  };
  template <class... Args> explicit CountedBox(Args &&...args) : counts(), value(std::forward<Args>(args)...) {}
  CountedBox(const CountedBox &) = delete;
  CountedBox &operator=(const CountedBox &) = delete;
  ~CountedBox() {} // the last strong handle has destroyed the value

  void release_weak() noexcept {
    if (counts.release_weak())
      free_memory(this);
  }
  // Not inlined: GCC 12 otherwise warns about a use-after-free on paths that the counts rule out.
  __attribute__((noinline)) static void free_memory(CountedBox *box) noexcept { delete box; }
};

/// A weak handle. Self is ArcWeak<T> or RcWeak<T>, Strong its strong one.
template <class Self, class Strong, class T, class Counts> class WeakHandle {
  using Box = CountedBox<T, Counts>;

public:
  /// Refers to nothing: never upgrades.
  constexpr WeakHandle() noexcept = default;
  WeakHandle(WeakHandle &&other) noexcept : box_(std::exchange(other.box_, nullptr)) {}
  WeakHandle &operator=(WeakHandle &&other) noexcept {
    WeakHandle moved(std::move(other)); // releases the old value at the end of this function
    std::swap(box_, moved.box_);
    return *this;
  }
  ~WeakHandle() {
    if (box_ != nullptr)
      box_->release_weak();
  }

  /// A strong handle, if the value is still alive.
  std::optional<Strong> upgrade() const noexcept {
    if (box_ == nullptr || !box_->counts.upgrade())
      return std::nullopt;
    return Strong(box_);
  }
  /// Another weak handle.
  Self clone() const noexcept {
    if (box_ != nullptr)
      box_->counts.retain_weak();
    return Self(box_);
  }
  /// The number of strong handles; may be outdated when it is returned.
  std::size_t strong_count() const noexcept { return box_ == nullptr ? 0 : box_->counts.strong(); }
  /// The number of weak handles; 0 after the value is destroyed.
  std::size_t weak_count() const noexcept {
    return box_ == nullptr || box_->counts.strong() == 0 ? 0 : box_->counts.weak();
  }
  /// Whether both refer to the same value, or both to none.
  static bool ptr_eq(const WeakHandle &a, const WeakHandle &b) noexcept { return a.box_ == b.box_; }

protected:
  explicit WeakHandle(Box *box) noexcept : box_(box) {} // takes over a count

private:
  Box *box_ = nullptr;
};

/// A strong handle. Self is Arc<T> or Rc<T>, Weak its weak one.
template <class Self, class Weak, class T, class Counts> class StrongHandle {
  using Box = CountedBox<T, Counts>;

public:
  using element_type = T;

  /// A new value, in one allocation with its counts.
  template <class... Args> static Self make(Args &&...args) { return Self(new Box(std::forward<Args>(args)...)); }

  StrongHandle(StrongHandle &&other) noexcept : box_(std::exchange(other.box_, nullptr)) {}
  StrongHandle &operator=(StrongHandle &&other) noexcept {
    StrongHandle moved(std::move(other)); // releases the old value at the end of this function
    std::swap(box_, moved.box_);
    return *this;
  }
  ~StrongHandle() { drop(); }

  /// Another handle to the same value: copying is explicit, since it has a cost.
  Self clone() const noexcept {
    box_->counts.retain();
    return Self(box_);
  }
  /// A handle that does not keep the value alive.
  Weak downgrade() const noexcept {
    box_->counts.retain_weak();
    return Weak(box_);
  }

  /// The value, read-only: other handles may read it too.
  const T &operator*() const noexcept WARD_LIFETIMEBOUND { return box_->value; }
  const T *operator->() const noexcept WARD_LIFETIMEBOUND { return std::addressof(box_->value); }
  const T *get() const noexcept WARD_LIFETIMEBOUND { return std::addressof(box_->value); }

  /// The number of handles; may be outdated when it is returned.
  std::size_t strong_count() const noexcept { return box_->counts.strong(); }
  std::size_t weak_count() const noexcept { return box_->counts.weak(); }
  /// Whether both are handles to the same value.
  static bool ptr_eq(const StrongHandle &a, const StrongHandle &b) noexcept { return a.box_ == b.box_; }

  /// The value, for changes, if this is the only handle of any kind; else null.
  T *get_mut() noexcept WARD_LIFETIMEBOUND { return box_->counts.unique() ? std::addressof(box_->value) : nullptr; }

  /// The value, for changes: if there are other strong handles, they keep the old value and this one gets a copy; if
  /// there are only weak ones, they are disconnected.
  T &make_mut() WARD_LIFETIMEBOUND
    requires std::is_copy_constructible_v<T>
  {
    if (!box_->counts.take_last()) {
      auto *copy = new Box(std::as_const(box_->value));
      drop();
      box_ = copy;
    } else if (box_->counts.no_weak()) {
      box_->counts.restore_last();
    } else {
      struct Undo { // the move or the allocation may throw
        Box *box;
        ~Undo() {
          if (box != nullptr)
            box->counts.restore_last();
        }
      } undo{box_};
      auto *moved = new Box(std::move(box_->value));
      undo.box = nullptr;
      Box *left = std::exchange(box_, moved);
      std::destroy_at(std::addressof(left->value));
      left->release_weak();
    }
    return box_->value;
  }

  /// The value itself, if this is the only strong handle; else the handle as the error: `std::move(p).try_unwrap()`.
  Result<T, Self> try_unwrap() && {
    if (!box_->counts.take_last())
      return Result<T, Self>::err(Self(std::exchange(box_, nullptr)));
    struct End {
      Box *box;
      ~End() {
        std::destroy_at(std::addressof(box->value));
        box->release_weak();
      }
    };
    const End end{std::exchange(box_, nullptr)};
    return Result<T, Self>::ok(std::move(end.box->value));
  }

  /// The value itself, if this is the last strong handle: if all handles call this, exactly one gets the value.
  std::optional<T> into_inner() && {
    Box *box = std::exchange(box_, nullptr);
    if (!box->counts.release())
      return std::nullopt;
    struct End {
      Box *box;
      ~End() {
        std::destroy_at(std::addressof(box->value));
        box->release_weak();
      }
    };
    const End end{box};
    return std::optional<T>(std::move(box->value));
  }

protected:
  explicit StrongHandle(Box *box) noexcept : box_(box) {} // takes over a count

private:
  void drop() noexcept {
    if (box_ != nullptr && box_->counts.release()) {
      std::destroy_at(std::addressof(box_->value));
      box_->release_weak();
    }
  }

  Box *box_;
};

} // namespace detail
WARD_NAMESPACE_END
