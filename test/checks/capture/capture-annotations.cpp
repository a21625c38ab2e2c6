// RUN: %check_ward %s ward-non-send-capture %t -- -- -I%runtime_include
// RUN: %check_ward %s ward-non-sync-share %t.sync -check-suffixes=SYNC -- -- -I%runtime_include
// RUN: %check_ward %s ward-shared-non-sync %t.shared -check-suffixes=SHARED -- -- -I%runtime_include
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Annotations of types, parameters and expressions, and the runtime's claims.
#include "local_rc.h"
#include "ward/annotations.h"
#include "ward/claims.h"
#include <functional>
#include <memory>
#include <thread>

class WARD_NOT_SEND Context {};
class WARD_NOT_SEND WARD_NOT_SYNC Window {};
class WARD_NOT_SYNC Reader {};
class WARD_SEND WARD_SYNC Arena {
  LocalRc<int> inside_;
};
template <class T> class WARD_NOT_SEND Local {
  T value_;
};
struct Uses {
  Context context;
};
struct Inherits : Window {};

void Types(Context context, Window window, Reader reader, Arena arena, Local<int> local, Uses uses, Inherits inherits) {
  std::thread a([context] { consume(context); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'context' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::thread b([window] { consume(window); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'window' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::thread c([reader] { consume(reader); });
  std::thread d([arena] { consume(arena); });
  std::thread e([local] { consume(local); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'local' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::thread f([uses] { consume(uses); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'uses' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::thread g([inherits] { consume(inherits); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'inherits' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
}
void References(Context &context, Window &window, Reader &reader, Arena &arena, Inherits &inherits) {
  std::thread a([&context] { consume(context); });
  std::thread b([&window] { consume(window); });
// CHECK-MESSAGES-SYNC: :[[@LINE-1]]:17: warning: 'window' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
  std::thread c([&reader] { consume(reader); });
// CHECK-MESSAGES-SYNC: :[[@LINE-1]]:17: warning: 'reader' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
  std::thread d([&arena] { consume(arena); });
  std::thread e([&inherits] { consume(inherits); });
// CHECK-MESSAGES-SYNC: :[[@LINE-1]]:17: warning: 'inherits' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
}
void Shared(std::shared_ptr<Context> context, std::shared_ptr<Reader> reader, std::shared_ptr<Arena> arena) {
  std::thread a([context] { consume(context); });
// CHECK-MESSAGES-SHARED: :[[@LINE-1]]:17: warning: 'context' is passed to another thread, but shares ownership of an object that is not both Send and Sync (must not be used by several threads) [ward-shared-non-sync]
  std::thread b([reader] { consume(reader); });
// CHECK-MESSAGES-SHARED: :[[@LINE-1]]:17: warning: 'reader' is passed to another thread, but shares ownership of an object that is not both Send and Sync (must not be used by several threads) [ward-shared-non-sync]
  std::thread c([arena] { consume(arena); });
}

// A claim overrides everything else, either way, and is not inherited.
struct Claimed {
  LocalRc<int> rc;
};
template <> inline constexpr bool ward::unsafe_impl_send<Claimed> = true;
struct Refused {
  int number;
};
template <> inline constexpr bool ward::unsafe_impl_send<Refused> = false;
template <> inline constexpr bool ward::unsafe_impl_sync<Refused> = false;
template <class T> struct Box {
  LocalRc<T> rc;
};
template <class T> inline constexpr bool ward::unsafe_impl_send<Box<T>> = true;
struct Child : Claimed {
  LocalRc<int> more;
};
void Claims(Claimed claimed, Refused refused, Box<int> box, Child child, Refused &shared) {
  std::thread a([claimed] { consume(claimed); });
  std::thread b([refused] { consume(refused); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'refused' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::thread c([box] { consume(box); });
  std::thread d([child] { consume(child); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'child' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::thread e([&shared] { consume(shared); });
// CHECK-MESSAGES-SYNC: :[[@LINE-1]]:17: warning: 'shared' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
}

// For one value.
void Assumed(LocalRc<int> rc, Cache &cache, LocalRc<int> other) {
  std::thread a([rc = WARD_ASSUME_SEND(rc)] { consume(rc); });
  std::thread b([rc = WARD_ASSUME_SEND(std::move(rc))] { consume(rc); });
  std::thread c([&cache = WARD_ASSUME_SYNC(cache)] { cache.get(); });
  std::thread d([p = &WARD_ASSUME_SYNC(cache)] { p->get(); });
  std::thread e([](Cache &c) { c.get(); }, std::ref(WARD_ASSUME_SYNC(cache)));
  std::thread f([rc = WARD_ASSUME_SYNC(other)] { consume(rc); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'rc' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::thread g([&cache = WARD_ASSUME_SEND(cache)] { cache.get(); });
// CHECK-MESSAGES-SYNC: :[[@LINE-1]]:17: warning: 'cache' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
}

void NotShared() {
  WARD_NOT_SHARED Cache cache;
  std::thread a([&cache] { cache.get(); });
}
