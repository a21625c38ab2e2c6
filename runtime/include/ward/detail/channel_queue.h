// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/detail/place.h>

#include <cstddef>
#include <optional>
#include <type_traits>
#include <utility>

WARD_NAMESPACE_BEGIN
namespace detail {

/// The values of a channel, in order. What runs with the channel's lock held must not be code of T's author, which could
/// use the channel: so the values stay where their senders put them, in a node each, and only pointers move. Parcel: a
/// value outside of the queue.
template <class T, bool = std::is_trivially_copyable_v<T>> class ChannelQueue {
  struct Node {
    T value;
    Node *next = nullptr;
  };

public:
  class Parcel {
  public:
    Parcel() noexcept = default;
    /// Without the lock. Allocates.
    explicit Parcel(T &&value) : node_(new Node{std::move(value)}) {}
    Parcel(const Parcel &) = delete;
    Parcel &operator=(const Parcel &) = delete;
    ~Parcel() { delete node_; }
    /// Takes the other's value; this one is empty.
    void take(Parcel &other) noexcept { std::swap(node_, other.node_); }
    explicit operator bool() const noexcept { return node_ != nullptr; }
    T &value() noexcept { return node_->value; }

  private:
    friend class ChannelQueue;
    Node *node_ = nullptr;
  };

  ChannelQueue() noexcept = default;
  ChannelQueue(const ChannelQueue &) = delete;
  ChannelQueue &operator=(const ChannelQueue &) = delete;
  /// Without the lock.
  ~ChannelQueue() {
    while (first_ != nullptr)
      delete std::exchange(first_, first_->next);
  }

  std::size_t size() const noexcept { return size_; }
  bool has_room() const noexcept { return true; }
  void make_room(ChannelQueue &) noexcept {}
  void allocate() noexcept {}
  void push(Parcel &parcel) noexcept {
    *last_ = std::exchange(parcel.node_, nullptr);
    last_ = &(*last_)->next;
    ++size_;
  }
  void pop(Parcel &parcel) noexcept {
    parcel.node_ = first_;
    first_ = first_->next;
    parcel.node_->next = nullptr;
    if (first_ == nullptr)
      last_ = &first_;
    --size_;
  }
  /// Moves all values to `to`, which is empty.
  void move_to(ChannelQueue &to) noexcept {
    if (first_ == nullptr)
      return;
    to.first_ = std::exchange(first_, nullptr);
    to.last_ = std::exchange(last_, &first_);
    to.size_ = std::exchange(size_, 0);
  }

private:
  Node *first_ = nullptr;
  Node **last_ = &first_;
  std::size_t size_ = 0;
};

/// For values that are copied bit by bit, which runs nobody's code: blocks of several.
template <class T> class ChannelQueue<T, true> {
  static constexpr std::size_t per_block = sizeof(T) < 64 ? 63 : 8;
  struct Block {
    Block *next = nullptr;
    union {
      T values[per_block];
    };
    Block() noexcept {} // NOLINT(modernize-use-equals-default): the values come later
  };

public:
  class Parcel {
  public:
    Parcel() noexcept = default;
    explicit Parcel(T &&value) noexcept : value_(std::move(value)) {}
    Parcel(const Parcel &) = delete;
    Parcel &operator=(const Parcel &) = delete;
    void take(Parcel &other) noexcept { value_.emplace(std::move(*other.value_)); }
    explicit operator bool() const noexcept { return value_.has_value(); }
    T &value() noexcept { return *value_; }

  private:
    friend class ChannelQueue;
    std::optional<T> value_;
  };

  ChannelQueue() noexcept = default;
  ChannelQueue(const ChannelQueue &) = delete;
  ChannelQueue &operator=(const ChannelQueue &) = delete;
  ~ChannelQueue() {
    delete spare_;
    while (first_ != nullptr)
      delete std::exchange(first_, first_->next);
  }

  std::size_t size() const noexcept { return size_; }
  /// Whether push() has memory for one more. If not: allocate() on another queue, without the lock, then make_room().
  bool has_room() const noexcept { return end_ != per_block || spare_ != nullptr; }
  /// Takes the block that `from`, a queue of the caller's, has allocated.
  void make_room(ChannelQueue &from) noexcept {
    if (spare_ == nullptr)
      spare_ = std::exchange(from.spare_, nullptr);
  }
  void allocate() {
    if (spare_ == nullptr)
      spare_ = new Block;
  }
  void push(Parcel &parcel) noexcept {
    if (end_ == per_block) {
      *last_ = std::exchange(spare_, nullptr);
      current_ = *last_;
      last_ = &current_->next;
      end_ = 0;
    }
    create_at(current_->values[end_++], std::move(*parcel.value_));
    parcel.value_.reset();
    ++size_;
  }
  void pop(Parcel &parcel) noexcept {
    parcel.value_.emplace(std::move(first_->values[begin_++]));
    if (--size_ == 0) { // start again in the same block
      begin_ = end_ = 0;
    } else if (begin_ == per_block) {
      Block *done = std::exchange(first_, first_->next);
      begin_ = 0;
      done->next = nullptr;
      if (spare_ == nullptr)
        spare_ = done;
      else
        delete done;
    }
  }
  void move_to(ChannelQueue &to) noexcept {
    std::swap(to.first_, first_);
    std::swap(to.spare_, spare_);
    last_ = &first_;
    current_ = nullptr;
    begin_ = 0;
    end_ = per_block;
    size_ = 0;
  }

private:
  Block *first_ = nullptr, *current_ = nullptr, *spare_ = nullptr;
  Block **last_ = &first_;
  std::size_t begin_ = 0, end_ = per_block, size_ = 0;
};

} // namespace detail
WARD_NAMESPACE_END
