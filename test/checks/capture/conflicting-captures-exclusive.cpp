// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-conflicting-captures %t -- -- -I%runtime_include
// Members of locks that need the lock for themselves, beside other threads; and what a scope's threads do until it ends.
#include <ward/ward.h>
#include <mutex>
#include <thread>
void p1() { ward::Mutex<int> c(0); ward::scope([&](ward::Scope &s) {
    s.spawn([&] { for (int i = 0; i < 10; ++i) ++*c.lock(); });
    s.spawn([&] { for (int i = 0; i < 10; ++i) ++c.get_mut(); }); }); }
// CHECK-MESSAGES: :[[@LINE-1]]:13: warning: possible data race: 'c' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
void p2() { ward::RwLock<int> c(0); std::jthread t([&] { *c.write() = 1; });
// CHECK-MESSAGES: :[[@LINE-1]]:52: warning: possible data race: 'c' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
    c.get_mut() = 3; }
void p3() { ward::OnceLock<int> c; std::jthread t([&] { (void)c.set(1); });
// CHECK-MESSAGES: :[[@LINE-1]]:51: warning: possible data race: 'c' is read by this thread while another thread may write it, with no common lock [ward-conflicting-captures]
    (void)c.take(); }
void p4() { ward::Mutex<int> c(0); std::jthread t([&] { ++*c.lock(); });
// CHECK-MESSAGES: :[[@LINE-1]]:51: warning: possible data race: 'c' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
    int n = std::move(c).into_inner(); (void)n; }
void reset(ward::Mutex<int> &m) { m.get_mut() = 0; }
void p5() { ward::Mutex<int> c(0); std::jthread t([&] { ++*c.lock(); });
// CHECK-MESSAGES: :[[@LINE-1]]:51: warning: possible data race: 'c' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
    reset(c); }
struct W { ward::Mutex<int> m{0}; std::thread t{[this] { ++*m.lock(); }}; ~W() { t.join(); } void f() { m.get_mut() = 3; } };
// CHECK-MESSAGES: :[[@LINE-1]]:105: warning: possible data race: 'W::m' is written here while the thread that the object has started may write it, with no common lock [ward-conflicting-captures]
void p6() { ward::Mutex<int> c(0); ward::scope([&](ward::Scope &s) { s.spawn([&] { ++*c.lock(); });
// CHECK-MESSAGES: :[[@LINE-1]]:78: warning: possible data race: 'c' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
    c.get_mut() = 1; }); }
// Not reported.
void n1() { ward::Mutex<int> c(0); { std::jthread t([&] { ++*c.lock(); }); } c.get_mut() = 1; }
void n2() { ward::Mutex<int> c(0); c.get_mut() = 1; ward::scope([&](ward::Scope &s) { s.spawn([&] { ++*c.lock(); }); }); (void)std::move(c).into_inner(); }
void n3() { ward::Mutex<int> c(0); ward::scope([&](ward::Scope &s) { s.spawn([&] { ++*c.lock(); }); ++*c.lock(); }); }
void n4() { ward::Mutex<int> c(0); std::mutex o; std::jthread t([&] { std::lock_guard l(o); ++*c.lock(); }); { std::lock_guard l(o); c.get_mut() = 1; } }
void n5() { ward::Mutex<int> c(0), d(0); std::jthread t([&] { ++*c.lock(); }); d.get_mut() = 1; }
void in_scope_a() { int n = 0; ward::scope([&](ward::Scope &s) { s.spawn([&] { ++n; }); n = 1; }); }
// CHECK-MESSAGES: :[[@LINE-1]]:74: warning: possible data race: 'n' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
void in_scope_b() { ward::Mutex<int> c(0); ward::scope([&](ward::Scope &s) { s.spawn([&] { ++*c.lock(); });  c.get_mut() = 1; }); }
// CHECK-MESSAGES: :[[@LINE-1]]:86: warning: possible data race: 'c' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
void in_scope_c() { ward::Mutex<int> c(0); ward::scope([&](ward::Scope &s) { auto h = s.spawn([&] { ++*c.lock(); });  c.get_mut() = 1; }); }
// CHECK-MESSAGES: :[[@LINE-1]]:95: warning: possible data race: 'c' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
void in_scope_d() { ward::Mutex<int> c(0); ward::scope([&](ward::Scope &s) { auto h = s.spawn([&] { ++*c.lock(); }); std::move(h).join().unwrap(); c.get_mut() = 1; }); }
void in_scope_e() { int n = 0; ward::scope([&](ward::Scope &s) { auto h = s.spawn([&] { ++n; }); n = 1; }); }
// CHECK-MESSAGES: :[[@LINE-1]]:83: warning: possible data race: 'n' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
void in_scope_f() { int n = 0; ward::scope([&](ward::Scope &s) { ward::Builder().spawn_scoped(s, [&] { ++n; }).unwrap(); n = 1; }); }
// CHECK-MESSAGES: :[[@LINE-1]]:98: warning: possible data race: 'n' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
void in_scope_g() { int n = 0; ward::scope([&](ward::Scope &s) { { auto h = s.spawn([&] { ++n; }); } n = 1; }); }
// CHECK-MESSAGES: :[[@LINE-1]]:85: warning: possible data race: 'n' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
