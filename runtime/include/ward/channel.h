// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/detail/channel_state.h>
#include <ward/detail/rule.h>

#include <iterator>
#include <utility>

WARD_NAMESPACE_BEGIN
namespace detail {
struct ChannelAccess;

/// The common part of Sender and SyncSender.
template <class Self, class T> class SenderBase {
public:
  SenderBase(SenderBase &&other) noexcept : state_(std::exchange(other.state_, nullptr)) {}
  SenderBase &operator=(SenderBase &&other) noexcept {
    SenderBase moved(std::move(other)); // releases the old state at the end of this function
    std::swap(state_, moved.state_);
    return *this;
  }
  ~SenderBase() {
    if (state_ != nullptr)
      state_->drop_sender();
  }

  /// Another sender for the same receiver, which is disconnected when all of them are destroyed.
  Self clone() const {
    state_->add_sender();
    return Self(state_);
  }
  /// Sends a value. Fails when the receiver is destroyed; the error then holds the value. A value that was sent may
  /// still never be received. On a bounded channel it waits for room; on one of capacity 0, until the value is
  /// received.
  Result<void, SendError<T>> send(T value) const { return state_->send(std::move(value)); }
  /// The same without waiting: fails also when there is no room.
  Result<void, TrySendError<T>> try_send(T value) const { return state_->try_send(std::move(value)); }

protected:
  explicit SenderBase(ChannelState<T> *state) noexcept : state_(state) {}

private:
  ChannelState<T> *state_;
};
} // namespace detail

/// The sending end of `channel<T>()`: never waits. Move-only; `clone()` for another thread. Mirrors
/// `std::sync::mpsc::Sender`.
template <class T> class Sender : public detail::SenderBase<Sender<T>, T> {
public:
  Sender(Sender &&) noexcept = default;
  Sender &operator=(Sender &&) noexcept = default;

private:
  friend struct detail::ChannelAccess;
  friend class detail::SenderBase<Sender<T>, T>;
  explicit Sender(detail::ChannelState<T> *state) noexcept : detail::SenderBase<Sender<T>, T>(state) {}
};

/// The sending end of `sync_channel<T>(n)`: waits while n values are queued. Mirrors `std::sync::mpsc::SyncSender`.
template <class T> class SyncSender : public detail::SenderBase<SyncSender<T>, T> {
public:
  SyncSender(SyncSender &&) noexcept = default;
  SyncSender &operator=(SyncSender &&) noexcept = default;

private:
  friend struct detail::ChannelAccess;
  friend class detail::SenderBase<SyncSender<T>, T>;
  explicit SyncSender(detail::ChannelState<T> *state) noexcept : detail::SenderBase<SyncSender<T>, T>(state) {}
};

/// The receiving end of a channel, for one thread at a time: Send, not Sync. Its destructor destroys the queued values,
/// and senders fail from then on. Move-only. `for (T value : receiver)` waits for each value and ends with the last
/// sender. Mirrors `std::sync::mpsc::Receiver`.
template <class T> class Receiver {
public:
  Receiver(Receiver &&other) noexcept : state_(std::exchange(other.state_, nullptr)) {}
  Receiver &operator=(Receiver &&other) noexcept {
    Receiver moved(std::move(other)); // releases the old state at the end of this function
    std::swap(state_, moved.state_);
    return *this;
  }
  ~Receiver() {
    if (state_ != nullptr)
      state_->drop_receiver();
  }

  /// Waits for the next value. Fails when the channel is empty and all senders are destroyed.
  Result<T, RecvError> recv() const {
    bool disconnected = false;
    if (auto value = state_->receive({}, disconnected))
      return Result<T, RecvError>::ok(std::move(*value));
    return Result<T, RecvError>::err(RecvError());
  }
  /// The same without waiting.
  Result<T, TryRecvError> try_recv() const {
    bool disconnected = false;
    if (auto value = state_->try_receive(disconnected))
      return Result<T, TryRecvError>::ok(std::move(*value));
    return Result<T, TryRecvError>::err(TryRecvError(disconnected));
  }
  /// The same, waiting for at most `duration`.
  template <class Rep, class Period>
  Result<T, RecvTimeoutError> recv_timeout(std::chrono::duration<Rep, Period> duration) const {
    bool disconnected = false;
    if (auto value = state_->receive(detail::deadline_after(duration), disconnected))
      return Result<T, RecvTimeoutError>::ok(std::move(*value));
    return Result<T, RecvTimeoutError>::err(RecvTimeoutError(disconnected));
  }

  /// An input iterator over the values as they arrive. Reading moves the value out, so that `for (T value : receiver)`
  /// works for move-only types.
  template <bool Waits> class Iterator {
  public:
    using value_type = T;
    using difference_type = std::ptrdiff_t;
    using iterator_concept = std::input_iterator_tag;

    explicit Iterator(const Receiver &receiver) : receiver_(&receiver) { ++*this; }
    T &&operator*() const noexcept { return std::move(*value_); }
    Iterator &operator++() {
      value_.reset(); // first: what it holds must not stay for as long as the wait lasts
      bool disconnected = false;
      std::optional<T> next = Waits ? receiver_->state_->receive({}, disconnected)
                                    : receiver_->state_->try_receive(disconnected);
      if (next)
        value_.emplace(std::move(*next));
      return *this;
    }
    void operator++(int) { ++*this; }
    friend bool operator==(const Iterator &it, std::default_sentinel_t) noexcept { return !it.value_.has_value(); }

  private:
    const Receiver *receiver_;
    mutable std::optional<T> value_;
  };
  template <bool Waits> struct Range {
    const Receiver &receiver;
    Iterator<Waits> begin() const { return Iterator<Waits>(receiver); }
    std::default_sentinel_t end() const noexcept { return {}; }
  };

  Iterator<true> begin() const { return Iterator<true>(*this); }
  std::default_sentinel_t end() const noexcept { return {}; }
  /// `for (T value : receiver.iter())`: as the receiver itself.
  Range<true> iter() const noexcept WARD_LIFETIMEBOUND { return {*this}; }
  /// The values that are queued now, without waiting.
  Range<false> try_iter() const noexcept WARD_LIFETIMEBOUND { return {*this}; }

private:
  friend struct detail::ChannelAccess;
  explicit Receiver(detail::ChannelState<T> *state) noexcept : state_(state) {}
  detail::ChannelState<T> *state_;
};

namespace detail {
struct ChannelAccess {
  template <class S, class T> static std::pair<S, Receiver<T>> make(std::size_t capacity) {
    auto *state = new ChannelState<T>(capacity);
    return {S(state), Receiver<T>(state)};
  }
};
} // namespace detail

/// A channel without a bound: `auto [tx, rx] = ward::channel<Job>();`. A channel of a type that is not Send can be
/// created, but its ends must stay on the thread. Mirrors `std::sync::mpsc::channel`.
template <class T> std::pair<Sender<T>, Receiver<T>> channel() {
  return detail::ChannelAccess::make<Sender<T>, T>(detail::ChannelState<T>::unbounded);
}
/// A channel that holds at most `capacity` values; with 0, each send waits for its receive. Mirrors
/// `std::sync::mpsc::sync_channel`.
template <class T> std::pair<SyncSender<T>, Receiver<T>> sync_channel(std::size_t capacity) {
  return detail::ChannelAccess::make<SyncSender<T>, T>(capacity);
}

// Sender: moves Ts to another thread (T Send); a lock orders the threads that share it, and none of them accesses a
// queued T, so Sync requires no more.
template <class T> struct detail::rule<Sender<T>> {
  using send = all<on<T, is_send>>;
  using sync = all<on<T, is_send>>;
  using owned = all<on<T, is_owned>>;
};
template <class T> struct detail::rule<SyncSender<T>> : detail::rule<Sender<T>> {};
// Receiver: receives Ts from other threads (T Send). Never Sync: the algorithm relies on a single receiver.
template <class T> struct detail::rule<Receiver<T>> {
  using send = all<on<T, is_send>>;
  using sync = never<"a channel has one receiver">;
  using owned = all<on<T, is_owned>>;
};
// The errors hold the value that was not sent.
template <class T> struct detail::rule<SendError<T>> : detail::as_parts<T> {};
template <class T> struct detail::rule<TrySendError<T>> : detail::as_parts<T> {};
template <> struct detail::rule<RecvError> : detail::free_to_all {};
template <> struct detail::rule<TryRecvError> : detail::free_to_all {};
template <> struct detail::rule<RecvTimeoutError> : detail::free_to_all {};

WARD_NAMESPACE_END
