// RUN: %check_ward %s ward-non-send-capture %t
// RUN: %check_ward %s ward-non-send-capture %t.strict -check-suffixes=,STRICT -config='{CheckOptions: {ward-non-send-capture.Strict: true}}'
// RUN: %check_ward %s ward-non-send-capture %t.never -check-suffixes=,NEVER -config='{CheckOptions: {ward-non-send-capture.PointerPolicy: never}}'
// RUN: %check_ward %s ward-non-send-capture %t.ignore -check-suffixes=IGNORE -config='{CheckOptions: {ward-non-send-capture.PointerPolicy: ignore}}'
// RUN: %check_ward %s ward-non-sync-share %t.sync -check-suffixes=SYNC
// RUN: %check_ward %s ward-non-sync-share %t.syncstrict -check-suffixes=SYNC,SYNCSTRICT -config='{CheckOptions: {ward-non-sync-share.Strict: true}}'
// RUN: %check_ward %s ward-non-sync-share %t.syncnever -check-suffixes=SYNC,SYNCNEVER -config='{CheckOptions: {ward-non-sync-share.PointerPolicy: never}}'
// RUN: %check_ward %s ward-non-sync-share %t.syncignore -check-suffixes=SYNCIGNORE -config='{CheckOptions: {ward-non-sync-share.PointerPolicy: ignore}}'
// RUN: %check_ward %s ward-shared-non-sync %t.shared -check-suffixes=SHARED
// RUN: %check_ward %s ward-shared-non-sync %t.sharedstrict -check-suffixes=SHARED,SHAREDSTRICT -config='{CheckOptions: {ward-shared-non-sync.Strict: true}}'
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The options of the checks for what is passed to threads: PointerPolicy, and Strict for unknown types.
#include "local_rc.h"
#include <any>
#include <memory>
#include <string>
#include <thread>

class Incomplete;
struct Open {
  virtual ~Open();
};
struct PointsAtPlain {
  const int *p;
};
struct PointsAtCache {
  Cache *p;
};
struct RefersToCache {
  Cache &r;
};
struct Opaque {
  void *p;
};

void Values(PointsAtPlain plain, PointsAtCache cache, RefersToCache refers, Opaque opaque, std::any any, std::unique_ptr<Open> open,
            LocalRc<int> rc, std::string text, void (*function)(int)) {
  std::thread a([plain] { consume(plain); });
// CHECK-MESSAGES-NEVER: :[[@LINE-1]]:17: warning: 'plain' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::thread b([cache] { consume(cache); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'cache' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::thread c([refers] { consume(refers); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'refers' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::thread d([opaque] { consume(opaque); });
// CHECK-MESSAGES-STRICT: :[[@LINE-1]]:17: warning: 'opaque' is passed to another thread, but its type is not known to be Send (safe to move to another thread) [ward-non-send-capture]
// CHECK-MESSAGES-NEVER: :[[@LINE-2]]:17: warning: 'opaque' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::thread e([any] { consume(any); });
// CHECK-MESSAGES-STRICT: :[[@LINE-1]]:17: warning: 'any' is passed to another thread, but its type is not known to be Send (safe to move to another thread) [ward-non-send-capture]
  std::thread f([open = std::move(open)] { consume(open); });
// CHECK-MESSAGES-STRICT: :[[@LINE-1]]:17: warning: 'open' is passed to another thread, but its type is not known to be Send (safe to move to another thread) [ward-non-send-capture]
  std::thread g([rc] { consume(rc); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'rc' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
// CHECK-MESSAGES-IGNORE: :[[@LINE-2]]:17: warning: 'rc' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::thread h([text, function] { consume(text); });
}
void Borrows(const int *plain, Cache *cache, Cache &reference, void *opaque, Incomplete *incomplete, Open &open, void (*function)()) {
  std::thread a([plain] { consume(*plain); });
// CHECK-MESSAGES-SYNCNEVER: :[[@LINE-1]]:17: warning: 'plain' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
  std::thread b([cache] { consume(*cache); });
// CHECK-MESSAGES-SYNC: :[[@LINE-1]]:17: warning: 'cache' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
  std::thread c([&reference] { consume(reference); });
// CHECK-MESSAGES-SYNC: :[[@LINE-1]]:17: warning: 'reference' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
// CHECK-MESSAGES-SYNCIGNORE: :[[@LINE-2]]:17: warning: 'reference' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
  std::thread d([opaque] { consume(opaque); });
// CHECK-MESSAGES-SYNCSTRICT: :[[@LINE-1]]:17: warning: 'opaque' is passed to another thread, but refers to an object that is not known to be Sync (safe to use from several threads at the same time) [ward-non-sync-share]
// CHECK-MESSAGES-SYNCNEVER: :[[@LINE-2]]:17: warning: 'opaque' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
  std::thread e([incomplete] { consume(incomplete); });
// CHECK-MESSAGES-SYNCSTRICT: :[[@LINE-1]]:17: warning: 'incomplete' is passed to another thread, but refers to an object that is not known to be Sync (safe to use from several threads at the same time) [ward-non-sync-share]
// CHECK-MESSAGES-SYNCNEVER: :[[@LINE-2]]:17: warning: 'incomplete' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
  std::thread f([function] { function(); });
}
void Owners(std::shared_ptr<Open> open, std::shared_ptr<Cache> cache, std::shared_ptr<const std::string> text) {
  std::thread a([open] { consume(open); });
// CHECK-MESSAGES-SHAREDSTRICT: :[[@LINE-1]]:17: warning: 'open' is passed to another thread, but shares ownership of an object that is not known to be both Send and Sync (safe to use from several threads) [ward-shared-non-sync]
  std::thread b([cache] { consume(cache); });
// CHECK-MESSAGES-SHARED: :[[@LINE-1]]:17: warning: 'cache' is passed to another thread, but shares ownership of an object that is not both Send and Sync (must not be used by several threads) [ward-shared-non-sync]
  std::thread c([text] { consume(text); });
}
