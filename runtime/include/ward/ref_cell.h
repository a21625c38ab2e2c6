// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/detail/maybe.h>
#include <ward/detail/raise.h>
#include <ward/detail/rule.h>
#include <ward/panic.h>

#include <memory>
#include <source_location>
#include <type_traits>

WARD_NAMESPACE_BEGIN

/// A RefCell was borrowed while an existing borrow excludes that. `what()` names both source locations. Mirrors
/// `std::cell::BorrowError`.
class BorrowError : public Panic {
public:
  using Panic::Panic;
};
/// The same for a failed exclusive borrow. Mirrors `std::cell::BorrowMutError`.
class BorrowMutError : public BorrowError {
public:
  using BorrowError::BorrowError;
};

template <class T> class RefCell;

/// A shared borrow of a RefCell; its destructor ends the borrow. Mirrors `std::cell::Ref`.
template <class T> class [[nodiscard("the borrow ends at once if it is not given a name")]] Ref {
public:
  Ref(Ref &&other) noexcept : cell_(std::exchange(other.cell_, nullptr)) {}
  Ref &operator=(Ref &&other) noexcept {
    Ref moved(std::move(other)); // ends the old borrow at the end of this function
    std::swap(cell_, moved.cell_);
    return *this;
  }
  ~Ref() {
    if (cell_ != nullptr)
      --cell_->borrows_;
  }
  const T &operator*() const noexcept WARD_LIFETIMEBOUND { return cell_->value_; }
  const T *operator->() const noexcept WARD_LIFETIMEBOUND { return std::addressof(cell_->value_); }

private:
  friend class RefCell<T>;
  explicit Ref(const RefCell<T> &cell) noexcept : cell_(&cell) { ++cell.borrows_; }
  const RefCell<T> *cell_;
};

/// The exclusive borrow of a RefCell; its destructor ends the borrow. Mirrors `std::cell::RefMut`.
template <class T> class [[nodiscard("the borrow ends at once if it is not given a name")]] RefMut {
public:
  RefMut(RefMut &&other) noexcept : cell_(std::exchange(other.cell_, nullptr)) {}
  RefMut &operator=(RefMut &&other) noexcept {
    RefMut moved(std::move(other)); // ends the old borrow at the end of this function
    std::swap(cell_, moved.cell_);
    return *this;
  }
  ~RefMut() {
    if (cell_ != nullptr)
      cell_->borrows_ = 0;
  }
  T &operator*() noexcept WARD_LIFETIMEBOUND { return cell_->value_; }
  const T &operator*() const noexcept WARD_LIFETIMEBOUND { return cell_->value_; }
  T *operator->() noexcept WARD_LIFETIMEBOUND { return std::addressof(cell_->value_); }
  const T *operator->() const noexcept WARD_LIFETIMEBOUND { return std::addressof(cell_->value_); }

private:
  friend class RefCell<T>;
  explicit RefMut(const RefCell<T> &cell) noexcept : cell_(&cell) { cell.borrows_ = -1; }
  const RefCell<T> *cell_;
};

/// A value that changes through const access, within one thread. The rule "many readers or one writer" is checked at
/// run time: a conflict throws BorrowError (or BorrowMutError, derived from it) with both source locations. Cost: a
/// counter and the location of the last borrow. Mirrors `std::cell::RefCell`.
template <class T> class RefCell {
  using Location = std::source_location;

public:
  // A template, for classes that nest T: see Mutex.
  template <class U = T>
    requires std::is_default_constructible_v<U>
  RefCell() : value_() {}
  explicit RefCell(T value) : value_(std::move(value)) {}
  /// Moves the value; a borrowed cell throws BorrowMutError.
  RefCell(RefCell &&other) : value_(std::move((other.check_free(Location::current()), other.value_))) {}
  RefCell &operator=(RefCell &&other) {
    if (this != &other) {
      check_free(Location::current());
      other.check_free(Location::current());
      value_ = std::move(other.value_);
    }
    return *this;
  }

  /// A shared borrow. Throws BorrowError while an exclusive one exists.
  Ref<T> borrow(Location here = Location::current()) const WARD_LIFETIMEBOUND {
    if (borrows_ < 0)
      conflict<BorrowError>("RefCell already exclusively borrowed", here);
    last_ = here;
    return Ref<T>(*this);
  }
  /// The exclusive borrow. Throws BorrowMutError while any other exists.
  RefMut<T> borrow_mut(Location here = Location::current()) const WARD_LIFETIMEBOUND {
    check_free(here);
    last_ = here;
    return RefMut<T>(*this);
  }
  /// The same, but empty instead of throwing.
  detail::Maybe<Ref<T>> try_borrow(Location here = Location::current()) const WARD_LIFETIMEBOUND {
    if (borrows_ < 0)
      return {};
    last_ = here;
    return detail::Maybe<Ref<T>>(Ref<T>(*this));
  }
  detail::Maybe<RefMut<T>> try_borrow_mut(Location here = Location::current()) const WARD_LIFETIMEBOUND {
    if (borrows_ != 0)
      return {};
    last_ = here;
    return detail::Maybe<RefMut<T>>(RefMut<T>(*this));
  }

  /// Sets the value and returns the old one. Throws BorrowMutError while a borrow exists; so do take and swap.
  T replace(T value, Location here = Location::current()) const {
    const RefMut<T> exclusive = borrow_mut(here); // T's own moves may use the cell
    T old = std::move(value_);
    value_ = std::move(value);
    return old;
  }
  /// Moves the value out and leaves a default one.
  T take(Location here = Location::current()) const
    requires std::is_default_constructible_v<T>
  {
    return replace(T(), here);
  }
  /// Exchanges the values of two cells; with itself it panics, as in Rust.
  void swap(const RefCell &other, Location here = Location::current()) const {
    const RefMut<T> mine = borrow_mut(here);
    const RefMut<T> others = other.borrow_mut(here);
    std::swap(value_, other.value_);
  }
  /// The value. Non-const access to the cell means that it is not shared.
  T &get_mut(Location here = Location::current()) & {
    check_free(here);
    return value_;
  }
  T into_inner() && { return std::move(value_); }

private:
  friend class Ref<T>;
  friend class RefMut<T>;

  static std::string place(const Location &at) { return std::string(at.file_name()) + ':' + std::to_string(at.line()); }
  template <class Error> [[noreturn]] WARD_COLD void conflict(const char *what, const Location &here) const {
    detail::raise<Error>(std::string(what) + ": requested at " + place(here) + ", last borrowed at " + place(last_));
  }
  void check_free(const Location &here) const {
    if (borrows_ != 0)
      conflict<BorrowMutError>(borrows_ < 0 ? "RefCell already exclusively borrowed" : "RefCell already borrowed", here);
  }

  mutable std::ptrdiff_t borrows_ = 0; // the number of readers; -1 for a writer
  mutable Location last_;
  mutable T value_;
};
template <class T> RefCell(T) -> RefCell<T>;

// RefCell: Send iff T is, since it owns one. Never Sync: the counter of borrows is not atomic.
template <class T> struct detail::rule<RefCell<T>> {
  using send = all<on<T, is_send>>;
  using sync = never<"its counter of borrows is not atomic">;
  using owned = all<on<T, is_owned>>;
};
// Borrows: their destructors change the cell's counter, so they stay on its thread. Rust derives the same from `&Cell`.
template <class T> struct detail::rule<Ref<T>> {
  using send = never<"its destructor changes a counter that is not atomic">;
  using sync = all<on<T, is_sync>>;
  using owned = never<"it borrows from a RefCell">;
};
template <class T> struct detail::rule<RefMut<T>> : detail::rule<Ref<T>> {
  using sync = never<"an exclusive borrow is for one thread">;
};

WARD_NAMESPACE_END
