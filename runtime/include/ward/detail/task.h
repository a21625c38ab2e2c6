// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A thread's function and result, in one allocation shared by the thread, its handle and its scope.
#pragma once

#include <ward/detail/raise.h>
#include <ward/detail/thread_record.h>
#include <ward/result.h>

#include <cerrno>
#include <functional>
#include <optional>
#include <string>
#include <system_error>
#include <tuple>
#if WARD_HAS_EXCEPTIONS && defined(__GLIBCXX__)
#include <cxxabi.h>
#define WARD_FORCED_UNWIND 1
#else
#define WARD_FORCED_UNWIND 0
#endif

WARD_NAMESPACE_BEGIN

/// The error of joining a thread that ended without returning: by pthread_exit or cancellation.
class ThreadExit : public std::exception {
public:
  const char *what() const noexcept override { return "the thread ended without returning (pthread_exit or cancellation)"; }
};

namespace detail {

class Task {
public:
  Task(const Task &) = delete;
  Task &operator=(const Task &) = delete;

  void retain() noexcept { references_.fetch_add(1, std::memory_order_relaxed); } // relaxed: as for Thread's record
  void release() noexcept {
    // acq_rel: the uses by all others happen before the last one's delete.
    if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1)
      delete this;
  }

  // acquire: pairs with finish(): if it has ended, the result is visible.
  bool finished() const noexcept { return finished_.load(std::memory_order_acquire); }
  ThreadRecord &record() const noexcept { return *record_; }

  /// Starts the thread, which gets a reference of its own. Returns 0, or an errno value with no effect.
  int start(std::size_t stack_size) noexcept {
    retain();
    const int error = ward_thread_start(&os_thread_, stack_size, &Task::entry, this);
    if (error != 0)
      release();
    return error;
  }
  void detach() noexcept { ward_thread_detach(os_thread_); }

  /// Waits until the OS thread has ended. Any number of threads may call it; one of them joins.
  void join_os() {
    // acquire, here and below: pairs with the release, so that the thread's effects are visible to all callers.
    std::uint32_t seen = os_state_.load(std::memory_order_acquire);
    if (seen == joined)
      return;
    // Not tested for a joined thread: the system may have reused its handle for this one.
    if (ward_thread_is_current(os_thread_))
      raise<std::system_error>(std::make_error_code(std::errc::resource_deadlock_would_occur),
                               "ward: a thread cannot join itself");
    while (seen != joined) {
      if (seen == running) {
        if (os_state_.compare_exchange_weak(seen, joining, std::memory_order_acquire, std::memory_order_acquire)) {
          ward_thread_join(os_thread_);
          set_os_state(joined);
          return;
        }
      } else if (seen == awaited || os_state_.compare_exchange_weak(seen, awaited, std::memory_order_acquire,
                                                                    std::memory_order_acquire)) {
        System::wait(os_state_, awaited);
        seen = os_state_.load(std::memory_order_acquire);
      }
    }
  }

  /// Joins the OS thread if it has ended, its thread_local destructors included; does not wait for it.
  bool try_join_os() noexcept {
    std::uint32_t seen = running;
    if (!os_state_.compare_exchange_strong(seen, joining, std::memory_order_acquire, std::memory_order_acquire))
      return seen == joined;
    const bool gone = ward_thread_try_join(os_thread_);
    set_os_state(gone ? joined : running);
    return gone;
  }

  /// Marks the result as claimed: the scope ignores it.
  void claim() noexcept { claimed_.store(true, std::memory_order_relaxed); } // relaxed: same thread, or joined after
  bool claimed() const noexcept { return claimed_.load(std::memory_order_relaxed); }

  /// Whether the function threw. For threads that have seen finished(); `panic` is for the one that takes the result.
  bool failed() const noexcept { return failed_; }

  std::exception_ptr panic; // written before finished_ is set, and taken after

  Task *next_in_scope = nullptr;  // guarded by the scope's lock
  std::size_t place_in_scope = 0; // how many were started before

protected:
  explicit Task(RecordRef record) noexcept : record_(record) {}
  virtual ~Task() = default;
  virtual void run() = 0;

  void report_unseen_panic() const noexcept {
    if (!panic)
      return;
#if WARD_HAS_EXCEPTIONS
    try {
      std::rethrow_exception(panic);
    } catch (const std::exception &error) {
      ward_report_panic(record_->name, error.what());
    } catch (...) {
      ward_report_panic(record_->name, "an exception of an unknown type");
    }
#endif
  }

private:
  void set_os_state(std::uint32_t state) noexcept {
    // release: pairs with the acquires in join_os().
    if (os_state_.exchange(state, std::memory_order_release) == awaited)
      System::wake_all(&os_state_);
  }

  // awaited: joining, and other threads sleep until it is done.
  static constexpr std::uint32_t running = 0, joining = 1, awaited = 2, joined = 3;

  // The end of the thread's work, by return, exception or forced unwinding.
  struct Finish {
    Task &task;
    ~Finish() {
      task.finished_.store(true, std::memory_order_release); // release: pairs with finished()
      task.release();
    }
  };

#if WARD_FORCED_UNWIND && !defined(__clang__)
  // A forced unwind has no object: GCC's ABI binds the handler's reference to null, which is not an error here.
  [[gnu::no_sanitize("null")]]
#endif
  static void *entry(void *argument) {
    Task &task = *static_cast<Task *>(argument);
    task.record_->retain();
    task.record_->become_current();
    const Finish finish{task};
    if (task.record_->name != nullptr)
      ward_thread_set_name(task.record_->name);
#if WARD_HAS_EXCEPTIONS
    try {
      task.run();
    }
#if WARD_FORCED_UNWIND
    catch (const abi::__forced_unwind &) {
      throw; // must reach the thread's start function; join() then finds neither a value nor an exception
    }
#endif
    catch (...) {
      task.panic = std::current_exception();
      task.failed_ = true;
    }
#else
    task.run();
#endif
    return nullptr;
  }

  std::atomic<std::uint32_t> references_{1};
  std::atomic<std::uint32_t> os_state_{running};
  std::atomic<bool> finished_{false};
  std::atomic<bool> claimed_{false};
  bool failed_ = false;
  RecordRef record_;
  std::uintptr_t os_thread_ = 0;
};

/// A task with a result of type R.
template <class R> class TaskOf : public Task {
public:
  std::optional<typename Stored<R>::type> value;

protected:
  using Task::Task;
  ~TaskOf() override {
    if (!this->claimed())
      this->report_unseen_panic();
  }
};

/// A task of a function and its arguments, which are destroyed on the thread that ran them.
template <class R, class F, class... Args> class CallTask final : public TaskOf<R> {
public:
  template <class G, class... Given>
  CallTask(RecordRef record, G &&function, Given &&...args)
      : TaskOf<R>(record), call_(std::in_place, std::forward<G>(function), std::forward<Given>(args)...) {}

private:
  void run() override {
    struct Ended { // the captures are destroyed before the result is published, as in Rust
      std::optional<std::tuple<F, Args...>> &call;
      ~Ended() { call.reset(); }
    };
    const Ended ended{call_};
    if constexpr (std::is_void_v<R>) {
      std::apply([](F &&f, Args &&...args) { std::invoke(std::move(f), std::move(args)...); }, std::move(*call_));
      this->value.emplace();
    } else {
      this->value.emplace(std::apply(
          [](F &&f, Args &&...args) -> R { return std::invoke(std::move(f), std::move(args)...); }, std::move(*call_)));
    }
  }

  std::optional<std::tuple<F, Args...>> call_;
};

/// The result of joining, from a task whose thread has ended.
template <class R> Result<R> take_result(TaskOf<R> &task) {
  if (task.panic)
    return Result<R>::err(std::exchange(task.panic, nullptr));
  if (!task.value.has_value())
    return Result<R>::err(std::make_exception_ptr(ThreadExit()));
  if constexpr (std::is_void_v<R>)
    return Result<R>::ok();
  else if constexpr (std::is_reference_v<R>)
    return Result<R>::ok(Stored<R>::out(*task.value));
  else
    return Result<R>::ok(std::move(*task.value));
}

template <class F, class... Args> struct Invocation {
  static_assert(std::is_invocable_v<std::decay_t<F>, std::decay_t<Args>...>,
                "the thread's function cannot be called with these arguments (each is copied or moved to the thread, and "
                "passed to the function as an rvalue)");
  using type = std::invoke_result_t<std::decay_t<F>, std::decay_t<Args>...>;
};
template <class F, class... Args> using result_of_call = typename Invocation<F, Args...>::type;

/// The options for starting a thread.
struct StartOptions {
  std::optional<std::string> name;
  std::size_t stack_size = 0; // 0: the system's default
};

/// A task for the call, not started. Throws what copying the arguments throws, and bad_alloc.
template <class F, class... Args> auto make_task(const StartOptions &options, F &&f, Args &&...args) {
  using R = result_of_call<F, Args...>;
  RecordRef record(RecordRef::Adopt{}, *ThreadRecord::make(options.name ? options.name->data() : nullptr,
                                                           options.name ? options.name->size() : 0));
  return new CallTask<R, std::decay_t<F>, std::decay_t<Args>...>(record, std::forward<F>(f), std::forward<Args>(args)...);
}

// 0 or an errno value. A name that contains a zero byte is an error, since the OS would truncate it.
inline int start_task(Task &task, const StartOptions &options) noexcept {
  if (options.name && options.name->find('\0') != std::string::npos)
    return EINVAL;
  return task.start(options.stack_size);
}

} // namespace detail
WARD_NAMESPACE_END
