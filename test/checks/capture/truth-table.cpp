// RUN: %check_ward %s ward-non-send-capture %t -check-suffixes=SEND -config='{CheckOptions: {ward-non-send-capture.PointerPolicy: never}}' -- -- -I%runtime_include
// RUN: %check_ward %s ward-non-sync-share %t.sync -check-suffixes=SYNC -config='{CheckOptions: {ward-non-sync-share.PointerPolicy: never}}' -- -- -I%runtime_include
// RUN: %check_ward %s ward-shared-non-sync %t.shared -check-suffixes=SHARED -config='{CheckOptions: {ward-shared-non-sync.PointerPolicy: never}}' -- -- -I%runtime_include
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Each row asserts what the runtime's concepts answer, and starts a thread for which the checks must agree. The compiler rejects the rows
// that have a finding as well.
#include "ward/annotations.h"
#include <any>
#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <future>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <shared_mutex>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>
#include <ward/ward.h>

// The value is passed behind a unique_ptr, which is Send iff the value is, since some of the types can't be moved.
#define NAME_AT(line) row##line
#define NAME(line) NAME_AT(line)
#define ROW(is_send, is_sync, ...)                                                                                     \
  static_assert(ward::Send<__VA_ARGS__> == (is_send) && ward::Sync<__VA_ARGS__> == (is_sync));                         \
  void NAME(__LINE__)(std::unique_ptr<__VA_ARGS__> value, const __VA_ARGS__ &reference) {                              \
    std::thread([value = std::move(value)] { (void)value; }).join();                                                   \
    std::thread([&reference] { (void)reference; }).join();                                                             \
  }
#define SEND_SYNC(...) ROW(true, true, __VA_ARGS__)
#define SEND_ONLY(...) ROW(true, false, __VA_ARGS__)
#define SYNC_ONLY(...) ROW(false, true, __VA_ARGS__)
#define NEITHER(...) ROW(false, false, __VA_ARGS__)
// The runtime's concepts prove nothing, and the checks report nothing.
#define UNTOLD(...) ROW(false, false, __VA_ARGS__)

SEND_SYNC(int)
SEND_SYNC(double)
SEND_SYNC(std::nullptr_t)
enum class Colour { Red };
SEND_SYNC(Colour)
SEND_SYNC(std::string)
SEND_SYNC(std::thread::id)
SEND_SYNC(std::chrono::milliseconds)
SEND_SYNC(std::chrono::steady_clock::time_point)
SEND_SYNC(std::mutex)
SEND_SYNC(std::shared_mutex)
SEND_SYNC(std::recursive_mutex)
SEND_SYNC(std::condition_variable)
SEND_SYNC(std::once_flag)
SEND_SYNC(std::atomic<int>)

SEND_SYNC(std::vector<int>)
SEND_SYNC(std::map<std::string, std::vector<int>>)
SEND_SYNC(std::optional<int>)
SEND_SYNC(std::variant<int, std::string>)
SEND_SYNC(std::pair<int, std::string>)
SEND_SYNC(std::tuple<int, double>)
SEND_SYNC(std::array<int, 3>)
SEND_SYNC(std::unique_ptr<const int>)
SEND_SYNC(std::shared_ptr<const int>)
SEND_SYNC(std::weak_ptr<const int>)

SEND_SYNC(ward::Arc<int>)
SEND_SYNC(ward::Mutex<int>)
SEND_SYNC(ward::RwLock<int>)
SEND_SYNC(ward::OnceLock<int>)
SEND_SYNC(ward::Condvar)
SEND_SYNC(ward::Barrier)
SEND_SYNC(ward::Once)
SEND_SYNC(ward::Sender<int>)
SEND_SYNC(ward::JoinHandle<int>)
SEND_SYNC(ward::Thread)
SEND_SYNC(ward::ThreadId)
SEND_SYNC(ward::Mutex<ward::Cell<int>>)
SEND_SYNC(ward::Arc<ward::Mutex<ward::Cell<int>>>)
SEND_SYNC(ward::Sender<ward::Cell<int>>)

SEND_ONLY(ward::Cell<int>)
// CHECK-MESSAGES-SYNC: :[[@LINE-1]]:1: warning: 'reference' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
SEND_ONLY(ward::RefCell<int>)
// CHECK-MESSAGES-SYNC: :[[@LINE-1]]:1: warning: 'reference' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
SEND_ONLY(ward::UnsafeCell<int>)
// CHECK-MESSAGES-SYNC: :[[@LINE-1]]:1: warning: 'reference' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
SEND_ONLY(ward::OnceCell<int>)
// CHECK-MESSAGES-SYNC: :[[@LINE-1]]:1: warning: 'reference' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
SEND_ONLY(ward::Receiver<int>)
// CHECK-MESSAGES-SYNC: :[[@LINE-1]]:1: warning: 'reference' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
SEND_ONLY(ward::NotSync)
// CHECK-MESSAGES-SYNC: :[[@LINE-1]]:1: warning: 'reference' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
SEND_ONLY(std::vector<ward::Cell<int>>)
// CHECK-MESSAGES-SYNC: :[[@LINE-1]]:1: warning: 'reference' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
SEND_ONLY(std::optional<ward::RefCell<int>>)
// CHECK-MESSAGES-SYNC: :[[@LINE-1]]:1: warning: 'reference' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
SEND_ONLY(ward::RwLock<ward::Cell<int>>)
// CHECK-MESSAGES-SYNC: :[[@LINE-1]]:1: warning: 'reference' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
SEND_ONLY(ward::OnceLock<ward::Cell<int>>)
// CHECK-MESSAGES-SYNC: :[[@LINE-1]]:1: warning: 'reference' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
SEND_ONLY(ward::PhantomData<ward::Cell<int>>)
// CHECK-MESSAGES-SYNC: :[[@LINE-1]]:1: warning: 'reference' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]

SYNC_ONLY(ward::NotSend)
// CHECK-MESSAGES-SEND: :[[@LINE-1]]:1: warning: 'value' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
SYNC_ONLY(ward::MutexGuard<int>)
// CHECK-MESSAGES-SEND: :[[@LINE-1]]:1: warning: 'value' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
SYNC_ONLY(ward::RwLockReadGuard<int>)
// CHECK-MESSAGES-SEND: :[[@LINE-1]]:1: warning: 'value' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
SYNC_ONLY(ward::RwLockWriteGuard<int>)
// CHECK-MESSAGES-SEND: :[[@LINE-1]]:1: warning: 'value' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]

NEITHER(ward::Rc<int>)
// CHECK-MESSAGES-SEND: :[[@LINE-1]]:1: warning: 'value' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
// CHECK-MESSAGES-SYNC: :[[@LINE-2]]:1: warning: 'reference' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
NEITHER(ward::RcWeak<int>)
// CHECK-MESSAGES-SEND: :[[@LINE-1]]:1: warning: 'value' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
// CHECK-MESSAGES-SYNC: :[[@LINE-2]]:1: warning: 'reference' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
NEITHER(std::vector<ward::Rc<int>>)
// CHECK-MESSAGES-SEND: :[[@LINE-1]]:1: warning: 'value' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
// CHECK-MESSAGES-SYNC: :[[@LINE-2]]:1: warning: 'reference' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
NEITHER(std::map<int, ward::Rc<int>>)
// CHECK-MESSAGES-SEND: :[[@LINE-1]]:1: warning: 'value' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
// CHECK-MESSAGES-SYNC: :[[@LINE-2]]:1: warning: 'reference' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
NEITHER(ward::Mutex<ward::Rc<int>>)
// CHECK-MESSAGES-SEND: :[[@LINE-1]]:1: warning: 'value' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
// CHECK-MESSAGES-SYNC: :[[@LINE-2]]:1: warning: 'reference' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
NEITHER(ward::RwLock<ward::Rc<int>>)
// CHECK-MESSAGES-SEND: :[[@LINE-1]]:1: warning: 'value' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
// CHECK-MESSAGES-SYNC: :[[@LINE-2]]:1: warning: 'reference' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
NEITHER(ward::Sender<ward::Rc<int>>)
// CHECK-MESSAGES-SEND: :[[@LINE-1]]:1: warning: 'value' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
// CHECK-MESSAGES-SYNC: :[[@LINE-2]]:1: warning: 'reference' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
NEITHER(ward::PhantomData<ward::Rc<int>>)
// CHECK-MESSAGES-SEND: :[[@LINE-1]]:1: warning: 'value' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
// CHECK-MESSAGES-SYNC: :[[@LINE-2]]:1: warning: 'reference' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
NEITHER(ward::MutexGuard<ward::Cell<int>>)
// CHECK-MESSAGES-SEND: :[[@LINE-1]]:1: warning: 'value' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
// CHECK-MESSAGES-SYNC: :[[@LINE-2]]:1: warning: 'reference' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
NEITHER(std::unique_lock<std::mutex>)
// CHECK-MESSAGES-SEND: :[[@LINE-1]]:1: warning: 'value' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
// CHECK-MESSAGES-SYNC: :[[@LINE-2]]:1: warning: 'reference' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
NEITHER(std::lock_guard<std::mutex>)
// CHECK-MESSAGES-SEND: :[[@LINE-1]]:1: warning: 'value' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
// CHECK-MESSAGES-SYNC: :[[@LINE-2]]:1: warning: 'reference' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
NEITHER(std::scoped_lock<std::mutex>)
// CHECK-MESSAGES-SEND: :[[@LINE-1]]:1: warning: 'value' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
// CHECK-MESSAGES-SYNC: :[[@LINE-2]]:1: warning: 'reference' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
NEITHER(std::shared_lock<std::shared_mutex>)
// CHECK-MESSAGES-SEND: :[[@LINE-1]]:1: warning: 'value' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
// CHECK-MESSAGES-SYNC: :[[@LINE-2]]:1: warning: 'reference' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
NEITHER(int *)
// CHECK-MESSAGES-SEND: :[[@LINE-1]]:1: warning: 'value' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
// CHECK-MESSAGES-SYNC: :[[@LINE-2]]:1: warning: 'reference' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
NEITHER(ward::Arc<ward::Cell<int>>)
// CHECK-MESSAGES-SYNC: :[[@LINE-1]]:1: warning: 'reference' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
// CHECK-MESSAGES-SHARED: :[[@LINE-2]]:1: warning: 'value' is passed to another thread, but shares ownership of an object that is not both Send and Sync (must not be used by several threads) [ward-shared-non-sync]
NEITHER(std::shared_ptr<ward::Cell<int>>)
// CHECK-MESSAGES-SYNC: :[[@LINE-1]]:1: warning: 'reference' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
// CHECK-MESSAGES-SHARED: :[[@LINE-2]]:1: warning: 'value' is passed to another thread, but shares ownership of an object that is not both Send and Sync (must not be used by several threads) [ward-shared-non-sync]
NEITHER(std::shared_ptr<ward::Rc<int>>)
// CHECK-MESSAGES-SYNC: :[[@LINE-1]]:1: warning: 'reference' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
// CHECK-MESSAGES-SHARED: :[[@LINE-2]]:1: warning: 'value' is passed to another thread, but shares ownership of an object that is not both Send and Sync (must not be used by several threads) [ward-shared-non-sync]
NEITHER(std::weak_ptr<ward::RefCell<int>>)
// CHECK-MESSAGES-SYNC: :[[@LINE-1]]:1: warning: 'reference' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
// CHECK-MESSAGES-SHARED: :[[@LINE-2]]:1: warning: 'value' is passed to another thread, but shares ownership of an object that is not both Send and Sync (must not be used by several threads) [ward-shared-non-sync]

SEND_SYNC(std::string_view)
SEND_SYNC(std::span<int>)
NEITHER(std::span<const ward::Cell<int>>)
// CHECK-MESSAGES-SEND: :[[@LINE-1]]:1: warning: 'value' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
// CHECK-MESSAGES-SYNC: :[[@LINE-2]]:1: warning: 'reference' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]

struct Plain {
  int number;
  std::string text;
};
SEND_SYNC(Plain)
struct HoldsRc {
  int number;
  ward::Rc<int> rc;
};
NEITHER(HoldsRc)
// CHECK-MESSAGES-SEND: :[[@LINE-1]]:1: warning: 'value' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
// CHECK-MESSAGES-SYNC: :[[@LINE-2]]:1: warning: 'reference' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
struct HoldsCell {
  ward::Cell<int> cell;
  std::string text;
};
SEND_ONLY(HoldsCell)
// CHECK-MESSAGES-SYNC: :[[@LINE-1]]:1: warning: 'reference' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
struct Nested {
  std::vector<HoldsRc> all;
  Plain plain;
};
NEITHER(Nested)
// CHECK-MESSAGES-SEND: :[[@LINE-1]]:1: warning: 'value' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
// CHECK-MESSAGES-SYNC: :[[@LINE-2]]:1: warning: 'reference' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]

struct Open {
  virtual ~Open() = default;
};
UNTOLD(std::unique_ptr<Open>)
UNTOLD(std::shared_ptr<Open>)
UNTOLD(std::function<void()>)
UNTOLD(std::any)
UNTOLD(std::exception_ptr)
