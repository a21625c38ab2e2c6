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

/// A RefCell was borrowed in a way that another living borrow excludes. `what()` names both places. Mirrors
/// `std::cell::BorrowError`.
class BorrowError : public Panic {
public:
  using Panic::Panic;
};
/// The same, where the exclusive borrow was the one that failed. Mirrors `std::cell::BorrowMutError`.
class BorrowMutError : public BorrowError {
public:
  using BorrowError::BorrowError;
};

template <class T> class RefCell;

/// A shared borrow of a RefCell, for as long as it lives. Mirrors `std::cell::Ref`.
template <class T> class [[nodiscard("the borrow ends at once if it is not kept")]] Ref {
public:
  Ref(Ref &&other) noexcept : cell_(std::exchange(other.cell_, nullptr)) {}
  Ref &operator=(Ref &&other) noexcept {
    Ref taken(std::move(other)); // what this one held ends here, with the temporary
    std::swap(cell_, taken.cell_);
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

/// The exclusive borrow of a RefCell, for as long as it lives. Mirrors `std::cell::RefMut`.
template <class T> class [[nodiscard("the borrow ends at once if it is not kept")]] RefMut {
public:
  RefMut(RefMut &&other) noexcept : cell_(std::exchange(other.cell_, nullptr)) {}
  RefMut &operator=(RefMut &&other) noexcept {
    RefMut taken(std::move(other)); // what this one held ends here, with the temporary
    std::swap(cell_, taken.cell_);
    return *this;
  }
  ~RefMut() {
    if (cell_ != nullptr)
      cell_->borrows_ = 0;
  }
  T &operator*() const noexcept WARD_LIFETIMEBOUND { return cell_->value_; }
  T *operator->() const noexcept WARD_LIFETIMEBOUND { return std::addressof(cell_->value_); }

private:
  friend class RefCell<T>;
  explicit RefMut(const RefCell<T> &cell) noexcept : cell_(&cell) { cell.borrows_ = -1; }
  const RefCell<T> *cell_;
};

/// A value that changes through const access, within one thread, with the rule "many readers or one writer" checked as the
/// program runs: a conflict throws BorrowError (or BorrowMutError, derived from it) that names both places. Cost: a counter
/// and the place of the last borrow. Mirrors `std::cell::RefCell`.
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

  /// A shared borrow. Throws BorrowError while an exclusive one lives.
  Ref<T> borrow(Location here = Location::current()) const WARD_LIFETIMEBOUND {
    if (borrows_ < 0)
      conflict<BorrowError>("RefCell already exclusively borrowed", here);
    last_ = here;
    return Ref<T>(*this);
  }
  /// The exclusive borrow. Throws BorrowMutError while any other lives.
  RefMut<T> borrow_mut(Location here = Location::current()) const WARD_LIFETIMEBOUND {
    check_free(here);
    last_ = here;
    return RefMut<T>(*this);
  }
  /// The same, empty instead of throwing.
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

  /// Puts a value in and gives the old one. Throws BorrowMutError while a borrow lives; so do take and swap.
  T replace(T value, Location here = Location::current()) const {
    check_free(here);
    T old = std::move(value_);
    value_ = std::move(value);
    return old;
  }
  /// Takes the value out and leaves a default one.
  T take(Location here = Location::current()) const
    requires std::is_default_constructible_v<T>
  {
    return replace(T(), here);
  }
  /// Exchanges the values of two cells; with itself it panics as Rust's does.
  void swap(const RefCell &other, Location here = Location::current()) const {
    const RefMut<T> mine = borrow_mut(here);
    const RefMut<T> others = other.borrow_mut(here);
    std::swap(value_, other.value_);
  }
  /// The value, to whoever has the cell itself, not const.
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
    detail::raise<Error>(std::string(what) + ": wanted at " + place(here) + ", last borrowed at " + place(last_));
  }
  void check_free(const Location &here) const {
    if (borrows_ != 0)
      conflict<BorrowMutError>(borrows_ < 0 ? "RefCell already exclusively borrowed" : "RefCell already borrowed", here);
  }

  mutable std::ptrdiff_t borrows_ = 0; // how many readers; -1 for the writer
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
// Borrows: they change the cell's counter when they end, so they stay with it. Rust derives the same from `&Cell`.
template <class T> struct detail::rule<Ref<T>> {
  using send = never<"it changes a counter that is not atomic when it ends">;
  using sync = all<on<T, is_sync>>;
  using owned = never<"it borrows from a RefCell">;
};
template <class T> struct detail::rule<RefMut<T>> : detail::rule<Ref<T>> {};

WARD_NAMESPACE_END
