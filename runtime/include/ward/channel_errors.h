// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/detail/config.h>

#include <exception>
#include <utility>

WARD_NAMESPACE_BEGIN

/// The receiver is destroyed; holds the value. Mirrors `std::sync::mpsc::SendError`.
template <class T> class SendError : public std::exception {
public:
  explicit SendError(T &&value) : value_(std::move(value)) {}
  const char *what() const noexcept override {
    return "ward::SendError: sending on a channel whose receiver is destroyed";
  }
  /// The value that was not sent.
  T into_inner() && { return std::move(value_); }
  const T &value() const noexcept { return value_; }

private:
  T value_;
};

/// The channel is full, or its receiver is destroyed; holds the value. Mirrors `std::sync::mpsc::TrySendError`.
template <class T> class TrySendError : public std::exception {
public:
  TrySendError(T &&value, bool full) : value_(std::move(value)), full_(full) {}
  const char *what() const noexcept override {
    return full_ ? "ward::TrySendError: sending on a full channel"
                 : "ward::TrySendError: sending on a channel whose receiver is destroyed";
  }
  bool is_full() const noexcept { return full_; }
  bool is_disconnected() const noexcept { return !full_; }
  /// The value that was not sent.
  T into_inner() && { return std::move(value_); }
  const T &value() const noexcept { return value_; }

private:
  T value_;
  bool full_;
};

/// The channel is empty, and all senders are destroyed. Mirrors `std::sync::mpsc::RecvError`.
class RecvError : public std::exception {
public:
  const char *what() const noexcept override {
    return "ward::RecvError: receiving on an empty channel whose senders are destroyed";
  }
};

/// The channel is empty, now or because all senders are destroyed. Mirrors `std::sync::mpsc::TryRecvError`.
class TryRecvError : public std::exception {
public:
  explicit TryRecvError(bool disconnected) noexcept : disconnected_(disconnected) {}
  const char *what() const noexcept override {
    return disconnected_ ? "ward::TryRecvError: receiving on an empty channel whose senders are destroyed"
                         : "ward::TryRecvError: receiving on an empty channel";
  }
  bool is_empty() const noexcept { return !disconnected_; }
  bool is_disconnected() const noexcept { return disconnected_; }

private:
  bool disconnected_;
};

/// No value arrived in time, or all senders are destroyed. Mirrors `std::sync::mpsc::RecvTimeoutError`.
class RecvTimeoutError : public std::exception {
public:
  explicit RecvTimeoutError(bool disconnected) noexcept : disconnected_(disconnected) {}
  const char *what() const noexcept override {
    return disconnected_ ? "ward::RecvTimeoutError: receiving on an empty channel whose senders are destroyed"
                         : "ward::RecvTimeoutError: timed out";
  }
  bool is_timeout() const noexcept { return !disconnected_; }
  bool is_disconnected() const noexcept { return disconnected_; }

private:
  bool disconnected_;
};

WARD_NAMESPACE_END
