// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/channel_errors.h>
#include <ward/detail/basic_condvar.h>
#include <ward/detail/deadline.h>
#include <ward/result.h>

#include <deque>
#include <limits>
#include <optional>
#include <utility>

WARD_NAMESPACE_BEGIN
namespace detail {

/// The state that the ends of a channel share: a queue and its lock. With capacity 0 nothing is queued: a sender adds
/// an offer, which is on its own stack, and waits until it is received. Values are never destroyed with the lock held.
/// An end releases the lock before it notifies the other, which then finds it free; the notifier's own handle keeps
/// this object alive.
template <class T> class ChannelState {
public:
  static constexpr std::size_t unbounded = std::numeric_limits<std::size_t>::max();

  explicit ChannelState(std::size_t capacity) noexcept : capacity_(capacity) {}

  void add_sender() noexcept {
    const Hold hold(lock_);
    ++senders_;
  }
  void drop_sender() noexcept {
    bool last;
    {
      const Hold hold(lock_);
      last = --senders_ == 0;
      if (last)
        value_ready_.notify_one();
      last = last && !receiver_;
    }
    if (last)
      delete this;
  }
  void drop_receiver() noexcept {
    std::deque<T> dropped; // destroyed after the lock is released
    bool last;
    {
      const Hold hold(lock_);
      receiver_ = false;
      dropped.swap(queue_);
      room_ready_.notify_all();
      offer_received_.notify_all();
      last = senders_ == 0;
    }
    if (last)
      delete this;
  }

  Result<void, SendError<T>> send(T value) {
    bool wake = false;
    {
      const Hold hold(lock_);
      if (capacity_ == 0)
        return offer(value);
      while (receiver_ && queue_.size() >= capacity_) {
        ++senders_asleep_;
        room_ready_.wait_until(lock_, {});
      }
      if (!receiver_)
        return Result<void, SendError<T>>::err(SendError<T>(std::move(value)));
      queue_.push_back(std::move(value));
      wake = std::exchange(receiver_asleep_, false);
    }
    if (wake)
      value_ready_.notify_one();
    return Result<void, SendError<T>>::ok();
  }

  Result<void, TrySendError<T>> try_send(T value) {
    bool wake = false;
    {
      const Hold hold(lock_);
      // A rendezvous has room for one value when the receiver sleeps: it tests the queue again before it times out.
      const std::size_t room = capacity_ == 0 ? (receiver_asleep_ ? 1 : 0) : capacity_;
      if (!receiver_ || queue_.size() >= room)
        return Result<void, TrySendError<T>>::err(TrySendError<T>(std::move(value), receiver_));
      queue_.push_back(std::move(value));
      wake = std::exchange(receiver_asleep_, false);
    }
    if (wake)
      value_ready_.notify_one();
    return Result<void, TrySendError<T>>::ok();
  }

  /// A value; or nothing on a time-out or when all senders are destroyed, for which `disconnected` is true.
  std::optional<T> receive(Deadline deadline, bool &disconnected) {
    bool wake = false;
    std::optional<T> value = wait_and_take(deadline, disconnected, wake);
    if (wake)
      room_ready_.notify_one();
    return value;
  }
  std::optional<T> try_receive(bool &disconnected) {
    bool wake = false;
    std::optional<T> value = look_and_take(disconnected, wake);
    if (wake)
      room_ready_.notify_one();
    return value;
  }

private:
  struct Offer {
    T *value;
    Offer *next;
  };
  class Hold {
  public:
    explicit Hold(raw::FutexMutex &lock) noexcept WARD_TS_NO_ANALYSIS : lock_(lock) { lock_.lock(); }
    ~Hold() WARD_TS_NO_ANALYSIS { lock_.unlock(); }
    Hold(const Hold &) = delete;
    Hold &operator=(const Hold &) = delete;

  private:
    raw::FutexMutex &lock_;
  };

  Result<void, SendError<T>> offer(T &value) {
    if (!receiver_)
      return Result<void, SendError<T>>::err(SendError<T>(std::move(value)));
    Offer mine{&value, nullptr};
    *last_offer_ = &mine;
    last_offer_ = &mine.next;
    if (std::exchange(receiver_asleep_, false))
      value_ready_.notify_one();
    while (mine.value != nullptr && receiver_)
      offer_received_.wait_until(lock_, {});
    if (mine.value == nullptr)
      return Result<void, SendError<T>>::ok();
    // The receiver is destroyed, so only their owners still access the list of offers.
    for (Offer **at = &first_offer_;; at = &(*at)->next)
      if (*at == &mine) {
        *at = mine.next;
        if (last_offer_ == &mine.next)
          last_offer_ = at;
        break;
      }
    return Result<void, SendError<T>>::err(SendError<T>(std::move(value)));
  }

  // In all three, `wake` means: notify a sender, after the lock is released, that there is room.
  std::optional<T> wait_and_take(Deadline deadline, bool &disconnected, bool &wake) {
    const Hold hold(lock_);
    for (bool in_time = true;;) {
      std::optional<T> value = take(wake);
      disconnected = !value && senders_ == 0;
      if (value || disconnected || !in_time)
        return value;
      receiver_asleep_ = true;
      in_time = value_ready_.wait_until(lock_, deadline);
      receiver_asleep_ = false; // and test once more: a value may have arrived with the time-out
    }
  }
  std::optional<T> look_and_take(bool &disconnected, bool &wake) {
    const Hold hold(lock_);
    std::optional<T> value = take(wake);
    disconnected = senders_ == 0;
    return value;
  }
  std::optional<T> take(bool &wake) {
    std::optional<T> value;
    if (!queue_.empty()) {
      value.emplace(std::move(queue_.front()));
      queue_.pop_front();
      wake = senders_asleep_ != 0;
      senders_asleep_ -= wake ? 1 : 0;
    } else if (first_offer_ != nullptr) {
      Offer *offer = first_offer_;
      value.emplace(std::move(*offer->value));
      first_offer_ = offer->next;
      if (first_offer_ == nullptr)
        last_offer_ = &first_offer_;
      offer->value = nullptr;
      offer_received_.notify_all();
    }
    return value;
  }

  raw::FutexMutex lock_;
  const std::size_t capacity_;
  std::size_t senders_ = 1;
  bool receiver_ = true;
  // Threads that sleep and have not been notified. The notifier subtracts one, so that a thread that is slow to wake
  // costs one system call, not one for each value. A spurious wake-up does not subtract, which costs one superfluous
  // call.
  bool receiver_asleep_ = false;
  std::size_t senders_asleep_ = 0;
  std::deque<T> queue_;
  Offer *first_offer_ = nullptr;
  Offer **last_offer_ = &first_offer_;
  BasicCondvar<System> value_ready_, room_ready_, offer_received_;
};

} // namespace detail
WARD_NAMESPACE_END
