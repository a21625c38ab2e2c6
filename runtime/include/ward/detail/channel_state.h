// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/channel_errors.h>
#include <ward/detail/basic_condvar.h>
#include <ward/detail/channel_queue.h>
#include <ward/detail/deadline.h>
#include <ward/detail/hold.h>
#include <ward/result.h>

#include <limits>
#include <optional>
#include <utility>

WARD_NAMESPACE_BEGIN
namespace detail {

/// The state that the ends of a channel share: a queue and its lock. With capacity 0 nothing is queued: a sender adds
/// an offer, which is on its own stack, and waits until it is received. With the lock held nothing of T's runs, no move,
/// copy or destructor, and nothing is allocated. An end releases the lock before it notifies the other, which then finds
/// it free; the notifier's own handle keeps this object alive.
template <class T> class ChannelState {
  using Parcel = typename ChannelQueue<T>::Parcel;

public:
  static constexpr std::size_t unbounded = std::numeric_limits<std::size_t>::max();

  /// Throws bad_alloc: the memory for the first values is there before the first of them.
  explicit ChannelState(std::size_t capacity) : capacity_(capacity) {
    if (capacity != 0)
      queue_.allocate();
  }

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
    ChannelQueue<T> dropped; // destroyed after the lock is released
    bool last;
    {
      const Hold hold(lock_);
      receiver_ = false;
      queue_.move_to(dropped);
      room_ready_.notify_all();
      offer_received_.notify_all();
      last = senders_ == 0;
    }
    if (last)
      delete this;
  }

  Result<void, SendError<T>> send(T value) {
    Parcel parcel(std::move(value));
    const bool sent = capacity_ == 0 ? offer(parcel) : put(parcel, true, capacity_) == Put::done;
    if (sent)
      return Result<void, SendError<T>>::ok();
    return Result<void, SendError<T>>::err(SendError<T>(std::move(parcel.value())));
  }

  Result<void, TrySendError<T>> try_send(T value) {
    Parcel parcel(std::move(value));
    const Put result = put(parcel, false, capacity_);
    if (result == Put::done)
      return Result<void, TrySendError<T>>::ok();
    return Result<void, TrySendError<T>>::err(TrySendError<T>(std::move(parcel.value()), result == Put::full));
  }

  /// A value; or nothing on a time-out or when all senders are destroyed, for which `disconnected` is true.
  std::optional<T> receive(Deadline deadline, bool &disconnected) {
    Parcel parcel;
    if (wait_and_take(deadline, disconnected, parcel))
      room_ready_.notify_one();
    return open(parcel);
  }
  std::optional<T> try_receive(bool &disconnected) {
    Parcel parcel;
    if (look_and_take(disconnected, parcel))
      room_ready_.notify_one();
    return open(parcel);
  }

private:
  enum class Put : unsigned char { done, full, disconnected };
  struct Offer {
    Parcel *parcel;
    Offer *next;
  };
  static std::optional<T> open(Parcel &parcel) {
    std::optional<T> value;
    if (parcel)
      value.emplace(std::move(parcel.value()));
    return value;
  }

  Put put(Parcel &parcel, bool waits, std::size_t capacity) {
    ChannelQueue<T> memory;
    for (;;) {
      bool wake = false;
      {
        const Hold hold(lock_);
        while (waits && receiver_ && queue_.size() >= capacity) {
          ++senders_asleep_;
          room_ready_.wait_until(lock_, {});
        }
        if (!receiver_)
          return Put::disconnected;
        // A rendezvous has room for one value when the receiver sleeps: it tests the queue again before it times out.
        if (queue_.size() >= (capacity == 0 && receiver_asleep_ ? 1 : capacity))
          return Put::full;
        queue_.make_room(memory);
        if (queue_.has_room()) {
          queue_.push(parcel);
          wake = std::exchange(receiver_asleep_, false);
        }
      }
      if (!parcel) {
        if (wake)
          value_ready_.notify_one();
        return Put::done;
      }
      memory.allocate();
    }
  }

  // On a channel of capacity 0. False if there is no receiver.
  bool offer(Parcel &parcel) {
    const Hold hold(lock_);
    if (!receiver_)
      return false;
    Offer mine{&parcel, nullptr};
    *last_offer_ = &mine;
    last_offer_ = &mine.next;
    if (std::exchange(receiver_asleep_, false))
      value_ready_.notify_one();
    while (mine.parcel != nullptr && receiver_)
      offer_received_.wait_until(lock_, {});
    if (mine.parcel == nullptr)
      return true;
    // The receiver is destroyed, so only their owners still access the list of offers.
    for (Offer **at = &first_offer_;; at = &(*at)->next)
      if (*at == &mine) {
        *at = mine.next;
        if (last_offer_ == &mine.next)
          last_offer_ = at;
        break;
      }
    return false;
  }

  // In all three, the result means: notify a sender, after the lock is released, that there is room.
  bool wait_and_take(Deadline deadline, bool &disconnected, Parcel &parcel) {
    const Hold hold(lock_);
    for (bool in_time = true;;) {
      const bool wake = take(parcel);
      disconnected = !parcel && senders_ == 0;
      if (parcel || disconnected || !in_time)
        return wake;
      receiver_asleep_ = true;
      in_time = value_ready_.wait_until(lock_, deadline);
      receiver_asleep_ = false; // and test once more: a value may have arrived with the time-out
    }
  }
  bool look_and_take(bool &disconnected, Parcel &parcel) {
    const Hold hold(lock_);
    const bool wake = take(parcel);
    disconnected = senders_ == 0;
    return wake;
  }
  bool take(Parcel &parcel) {
    if (queue_.size() != 0) {
      queue_.pop(parcel);
      const bool wake = senders_asleep_ != 0;
      senders_asleep_ -= wake ? 1 : 0;
      return wake;
    }
    if (first_offer_ != nullptr) {
      Offer *offer = first_offer_;
      parcel.take(*offer->parcel);
      first_offer_ = offer->next;
      if (first_offer_ == nullptr)
        last_offer_ = &first_offer_;
      offer->parcel = nullptr;
      offer_received_.notify_all();
    }
    return false;
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
  ChannelQueue<T> queue_;
  Offer *first_offer_ = nullptr;
  Offer **last_offer_ = &first_offer_;
  BasicCondvar<System> value_ready_, room_ready_, offer_received_;
};

} // namespace detail
WARD_NAMESPACE_END
