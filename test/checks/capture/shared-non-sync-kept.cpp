// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-shared-non-sync %t -- -- -I%runtime_include
// What a shared pointer keeps alive besides what its type says: aliases, deleters, derived classes.
#include <ward/ward.h>
#include <cstdio>
#include <string>
#include <thread>
#include <memory>
#include <future>
struct H { int n; ward::Rc<int> r; };
struct B { int x; }; struct D : B { ward::Rc<int> r; D(ward::Rc<int> q) : B{1}, r(std::move(q)) {} };
void p1(std::shared_ptr<H> h) { ward::spawn([](std::shared_ptr<const int>) {}, std::shared_ptr<const int>(h, &h->n)); }
// CHECK-MESSAGES: :[[@LINE-1]]:80: warning: this argument is passed to another thread, but keeps an object alive that is not both Send and Sync (must not be used by several threads) [ward-shared-non-sync]
void p2(ward::Rc<int> rc) { static int n = 0; ward::spawn([](std::shared_ptr<const int>) {}, std::shared_ptr<const int>(&n, [d = std::make_shared<ward::Rc<int>>(std::move(rc))](const int *) {})); }
// CHECK-MESSAGES: :[[@LINE-1]]:94: warning: this argument is passed to another thread, but keeps a deleter alive that is not Send (must not move to another thread) [ward-shared-non-sync]
void p3(const ward::Mutex<int> &m) { static int n = 0; auto g = std::make_shared<ward::MutexGuard<int>>(m.lock()); ward::spawn([](std::shared_ptr<const int>) {}, std::shared_ptr<const int>(&n, [g](const int *) {})); }
// CHECK-MESSAGES: :[[@LINE-1]]:163: warning: this argument is passed to another thread, but keeps a deleter alive that is not Send (must not move to another thread) [ward-shared-non-sync]
void p4(ward::Rc<int> rc) { std::shared_ptr<const B> b = std::make_shared<D>(rc.clone()); ward::spawn([](std::shared_ptr<const B>) {}, b); }
// CHECK-MESSAGES: :[[@LINE-1]]:136: warning: 'b' is passed to another thread, but keeps an object alive that is not both Send and Sync (must not be used by several threads) [ward-shared-non-sync]
void p5(ward::Rc<int> rc) { std::shared_ptr<const B> b(new D(rc.clone())); ward::spawn([](std::shared_ptr<const B>) {}, std::move(b)); }
// CHECK-MESSAGES: :[[@LINE-1]]:121: warning: 'b' is passed to another thread, but keeps an object alive that is not both Send and Sync (must not be used by several threads) [ward-shared-non-sync]
void p6(std::shared_ptr<H> h) { std::shared_ptr<const int> a(h, &h->n); std::thread t([a] { (void)*a; }); t.join(); }
// CHECK-MESSAGES: :[[@LINE-1]]:87: warning: 'a' is passed to another thread, but keeps an object alive that is not both Send and Sync (must not be used by several threads) [ward-shared-non-sync]
void p7(std::shared_ptr<D> d) { auto b = std::static_pointer_cast<const B>(d); std::thread t([b] { (void)b->x; }); t.join(); }
// CHECK-MESSAGES: :[[@LINE-1]]:94: warning: 'b' is passed to another thread, but keeps an object alive that is not both Send and Sync (must not be used by several threads) [ward-shared-non-sync]
// Not reported.
struct Ok { int n; std::string s; };
void n1(std::shared_ptr<const Ok> h) { ward::spawn([](std::shared_ptr<const int>) {}, std::shared_ptr<const int>(h, &h->n)); }
void n2() { static int n = 0; ward::spawn([](std::shared_ptr<const int>) {}, std::shared_ptr<const int>(&n, [](const int *) {})); }
void n3() { std::shared_ptr<const B> b = std::make_shared<const B>(); ward::spawn([](std::shared_ptr<const B>) {}, b); }
void n6(std::shared_ptr<H> h) { std::shared_ptr<const int> a(h, &h->n); (void)a; }
void n7() { std::shared_ptr<const std::string> s(new std::string("x"), std::default_delete<const std::string>()); std::thread t([s] {}); t.join(); }
void n8() { std::shared_ptr<FILE> f(fopen("x", "r"), fclose); std::thread t([f] { (void)f; }); t.join(); }
