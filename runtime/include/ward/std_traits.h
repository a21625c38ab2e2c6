// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Send, Sync and Owned of the standard library's types: one row each, with its reason. A row that says `as_parts<...>`
// means that the type owns those parts, and that its const members only read.
#pragma once

#include <ward/claims.h>
#include <ward/detail/rule.h>

#include <any>
#include <array>
#include <atomic>
#include <barrier>
#include <bitset>
#include <chrono>
#include <compare>
#include <complex>
#include <condition_variable>
#include <coroutine>
#include <ctime>
#include <deque>
#include <exception>
#include <forward_list>
#include <functional>
#include <future>
#include <initializer_list>
#include <latch>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <queue>
#include <semaphore>
#include <set>
#include <shared_mutex>
#include <source_location>
#include <span>
#include <stack>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>
#if __has_include(<expected>)
#include <expected>
#endif
#if __has_include(<stop_token>)
#include <stop_token>
#endif

WARD_NAMESPACE_BEGIN
namespace detail {

// ---- Containers: they own their elements, the allocator, and the comparison or hash function.
template <class T, std::size_t N> struct rule<std::array<T, N>> : as_parts<T> {
  using sync_mut = all<on<T, is_sync_mut>>; // it has no members but its elements
};
template <class T, class A> struct rule<std::vector<T, A>> : as_parts<T, A> {};
template <class T, class A> struct rule<std::deque<T, A>> : as_parts<T, A> {};
template <class T, class A> struct rule<std::list<T, A>> : as_parts<T, A> {};
template <class T, class A> struct rule<std::forward_list<T, A>> : as_parts<T, A> {};
template <class T, class C, class A> struct rule<std::set<T, C, A>> : as_parts<T, C, A> {};
template <class T, class C, class A> struct rule<std::multiset<T, C, A>> : as_parts<T, C, A> {};
template <class K, class T, class C, class A> struct rule<std::map<K, T, C, A>> : as_parts<K, T, C, A> {};
template <class K, class T, class C, class A> struct rule<std::multimap<K, T, C, A>> : as_parts<K, T, C, A> {};
template <class T, class H, class E, class A> struct rule<std::unordered_set<T, H, E, A>> : as_parts<T, H, E, A> {};
template <class T, class H, class E, class A> struct rule<std::unordered_multiset<T, H, E, A>> : as_parts<T, H, E, A> {};
template <class K, class T, class H, class E, class A>
struct rule<std::unordered_map<K, T, H, E, A>> : as_parts<K, T, H, E, A> {};
template <class K, class T, class H, class E, class A>
struct rule<std::unordered_multimap<K, T, H, E, A>> : as_parts<K, T, H, E, A> {};
// Adaptors own their container.
template <class T, class C> struct rule<std::stack<T, C>> : as_parts<C> {};
template <class T, class C> struct rule<std::queue<T, C>> : as_parts<C> {};
template <class T, class C, class L> struct rule<std::priority_queue<T, C, L>> : as_parts<C, L> {};
// A string owns its characters and does not share them (no current library has copy-on-write strings).
template <class C, class T, class A> struct rule<std::basic_string<C, T, A>> : as_parts<A> {};

// ---- Values made of values.
template <class T, class U> struct rule<std::pair<T, U>> {
  using send = all<on<T, is_send, ".first">, on<U, is_send, ".second">>;
  using sync = all<on<T, is_sync, ".first">, on<U, is_sync, ".second">>;
  using owned = all<on<T, is_owned, ".first">, on<U, is_owned, ".second">>;
  using sync_mut = all<on<T, is_sync_mut, ".first">, on<U, is_sync_mut, ".second">>;
};
template <class... T> struct rule<std::tuple<T...>> : as_parts<T...> {};
template <class T> struct rule<std::optional<T>> : as_parts<T> {};
template <class... T> struct rule<std::variant<T...>> : as_parts<T...> {};
template <class T> struct rule<std::complex<T>> : as_parts<T> {};
#if defined(__cpp_lib_expected)
template <class T, class E> struct rule<std::expected<T, E>> : as_parts<T, E> {};
template <class E> struct rule<std::unexpected<E>> : as_parts<E> {};
#endif
template <std::size_t N> struct rule<std::bitset<N>> : free_to_all {}; // bits
template <> struct rule<std::nullopt_t> : free_to_all {};              // a tag

// ---- chrono: numbers.
template <class R, class P> struct rule<std::chrono::duration<R, P>> : as_parts<R> {};
template <class C, class D> struct rule<std::chrono::time_point<C, D>> : as_parts<D> {};
template <class D> struct rule<std::chrono::hh_mm_ss<D>> : as_parts<D> {};
template <> struct rule<std::chrono::day> : free_to_all {};
template <> struct rule<std::chrono::month> : free_to_all {};
template <> struct rule<std::chrono::year> : free_to_all {};
template <> struct rule<std::chrono::weekday> : free_to_all {};
template <> struct rule<std::chrono::weekday_indexed> : free_to_all {};
template <> struct rule<std::chrono::weekday_last> : free_to_all {};
template <> struct rule<std::chrono::month_day> : free_to_all {};
template <> struct rule<std::chrono::month_day_last> : free_to_all {};
template <> struct rule<std::chrono::month_weekday> : free_to_all {};
template <> struct rule<std::chrono::month_weekday_last> : free_to_all {};
template <> struct rule<std::chrono::year_month> : free_to_all {};
template <> struct rule<std::chrono::year_month_day> : free_to_all {};
template <> struct rule<std::chrono::year_month_day_last> : free_to_all {};
template <> struct rule<std::chrono::year_month_weekday> : free_to_all {};
template <> struct rule<std::chrono::year_month_weekday_last> : free_to_all {};

// ---- Owning pointers.
// unique_ptr owns what it points to, as Box does, but a const one gives a `T &`. Behind a polymorphic base the type is not
// known. It also owns the deleter.
template <class T, class D> struct rule<std::unique_ptr<T, D>> {
  using send = all<on_pointee<T, is_send>, on<D, is_send>>;
  using sync = all<on_pointee<T, is_sync>, on_pointee<T, is_sync_mut>, on<D, is_sync>>;
  using owned = all<on_pointee<T, is_owned>, on<D, is_owned>>;
};
// shared_ptr: all owners have a `T &` at the same time (Arc gives a `const T &`), and the last one destroys the T on its
// thread (Send). The count is atomic. A single shared_ptr object must not be assigned by one thread while another uses
// it; const access copies it. A deleter or an owner that its type does not show is for the analyser.
template <class T> struct rule<std::shared_ptr<T>> {
  using send = all<on_pointee<T, is_send>, on_pointee<T, is_sync>, on_pointee<T, is_sync_mut>>;
  using sync = send;
  using owned = all<on_pointee<T, is_owned>>;
};
template <class T> struct rule<std::weak_ptr<T>> : rule<std::shared_ptr<T>> {}; // it can be locked to get one

// ---- Views and references: as the objects they refer to; they own nothing.
template <class C, class T> struct rule<std::basic_string_view<C, T>> {
  using send = always; // characters, read-only
  using sync = always;
  using owned = never<"a string_view borrows the characters">;
};
template <class T, std::size_t N> struct rule<std::span<T, N>> { // as &mut [T]
  using send = all<on<T, is_send>>;
  using sync = all<on<T, is_sync>>;
  using owned = never<"a span borrows the elements">;
};
template <class T, std::size_t N> struct rule<std::span<const T, N>> { // as &[T]
  using send = all<on<T, is_sync>>;
  using sync = all<on<T, is_sync>>;
  using owned = never<"a span borrows the elements">;
};
template <class T> struct rule<std::initializer_list<T>> : rule<std::span<const T>> {}; // over the compiler's array
template <class T> struct rule<std::reference_wrapper<T>> {                             // as T &, or const T &
  using send = all<on<T &, is_send>>;
  using sync = all<on<T, is_sync>>;
  using owned = never<"a reference_wrapper borrows the object">;
};

// ---- Made for several threads.
// An atomic gives its value, a copy, to every thread that asks: as crossbeam's AtomicCell.
template <class T> struct rule<std::atomic<T>> {
  using send = all<on<T, is_send>>;
  using sync = all<on<T, is_send>>;
  using owned = all<on<T, is_owned>>;
  using sync_mut = all<on<T, is_send>>;
};
#if defined(__cpp_lib_atomic_ref)
template <class T> struct rule<std::atomic_ref<T>> { // atomic access to an object that it does not own
  using send = all<on<T, is_send>>;
  using sync = all<on<T, is_send>>;
  using owned = never<"an atomic_ref borrows the object">;
};
#endif
template <> struct rule<std::atomic_flag> : for_threads {};
// A lock that is not held belongs to no thread, and any thread may acquire it.
template <> struct rule<std::mutex> : for_threads {};
template <> struct rule<std::timed_mutex> : for_threads {};
template <> struct rule<std::recursive_mutex> : for_threads {};
template <> struct rule<std::recursive_timed_mutex> : for_threads {};
template <> struct rule<std::shared_mutex> : for_threads {};
template <> struct rule<std::shared_timed_mutex> : for_threads {};
template <> struct rule<std::once_flag> : for_threads {};
template <> struct rule<std::condition_variable> : for_threads {};
template <> struct rule<std::condition_variable_any> : for_threads {};
template <std::ptrdiff_t N> struct rule<std::counting_semaphore<N>> : for_threads {};
template <> struct rule<std::latch> : for_threads {};
// The last thread to arrive runs F, whichever that is.
template <class F> struct rule<std::barrier<F>> {
  using send = all<on<F, is_send>>;
  using sync = all<on<F, is_send>>;
  using owned = all<on<F, is_owned>>;
  using sync_mut = all<on<F, is_send>>;
};
// Guards: the thread that acquired a lock must release it; they refer to the lock, and their state is not synchronised.
struct std_guard {
  using send = never<"the thread that acquired the lock must release it">;
  using sync = never<"its const members read state that its owner changes">;
  using owned = never<"a guard borrows its mutex">;
};
template <class M> struct rule<std::lock_guard<M>> : std_guard {};
template <class M> struct rule<std::unique_lock<M>> : std_guard {};
template <class M> struct rule<std::shared_lock<M>> : std_guard {};
template <class... M> struct rule<std::scoped_lock<M...>> : std_guard {};

// ---- Threads and their results.
template <> struct rule<std::thread> : free_to_all {};     // a handle: any thread may join it
template <> struct rule<std::thread::id> : free_to_all {}; // a number
#if defined(__cpp_lib_jthread)
template <> struct rule<std::jthread> : free_to_all {};
template <> struct rule<std::stop_token> : free_to_all {}; // made for several threads
template <> struct rule<std::stop_source> : free_to_all {};
#endif
// The result moves to the thread that gets it. A promise is for one thread at a time.
template <class T> struct rule<std::promise<T>> {
  using send = all<on<T, is_send>>;
  using sync = never<"a promise is for one thread at a time">;
  using owned = all<on<T, is_owned>>;
};
template <class T> struct rule<std::promise<T &>> {
  using send = all<on<T &, is_send>>;
  using sync = never<"a promise is for one thread at a time">;
  using owned = never<"its result is a reference">;
};
// std::async(std::launch::deferred, f) puts f into the future: get() runs it on its thread.
template <class T> struct rule<std::future<T>> : undecidable<"it may hold a deferred function, which its type does not show"> {};
template <class T>
struct rule<std::shared_future<T>> : undecidable<"it may hold a deferred function, which its type does not show"> {};

// ---- Type erasure: their type does not show what they hold.
template <class S> struct rule<std::function<S>> : undecidable<"its type does not show what it holds"> {};
template <class S> struct rule<std::packaged_task<S>> : undecidable<"its type does not show what it holds"> {};
template <> struct rule<std::any> : undecidable<"its type does not show what it holds"> {};
template <class P> struct rule<std::coroutine_handle<P>> : undecidable<"its type does not show what the coroutine holds"> {};
template <> struct rule<std::exception_ptr> : undecidable<"its type does not show the type of the exception"> {};

// ---- Errors, source locations, calendar times: numbers, and pointers to objects with static storage duration.
template <> struct rule<std::tm> : free_to_all {}; // tm_zone, where there is one, points to the name of a time zone
template <> struct rule<std::error_code> : free_to_all {};
template <> struct rule<std::error_condition> : free_to_all {};
#if defined(__cpp_lib_source_location)
template <> struct rule<std::source_location> : free_to_all {};
#endif

} // namespace detail

// Locks that exclude other threads and the same one: not the recursive ones.
template <> inline constexpr bool unsafe_impl_lock<std::mutex> = true;
template <> inline constexpr bool unsafe_impl_lock<std::timed_mutex> = true;
template <> inline constexpr bool unsafe_impl_lock<std::shared_mutex> = true;
template <> inline constexpr bool unsafe_impl_lock<std::shared_timed_mutex> = true;

WARD_NAMESPACE_END
