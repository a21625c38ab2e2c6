// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-non-send-capture %t -- -- -I%runtime_include
// Exceptions that a thread passes to the one that joins it.
#include <ward/ward.h>
#include <stdexcept>
#include <memory>
#include <future>
void p8() { auto r = ward::spawn([] { throw ward::Rc<int>::make(1); }).join(); }
// CHECK-MESSAGES: :[[@LINE-1]]:39: warning: 'ward::Rc<int>' is thrown from one thread to another, which joins it, but the type is not Send (must not move to another thread); it is or contains 'ward::Rc<int>', whose reference count is not atomic [ward-non-send-capture]
struct E { ward::Rc<int> r; };
void fail() { throw E{ward::Rc<int>::make(1)}; }
// CHECK-MESSAGES: :[[@LINE-1]]:15: warning: 'E' is thrown from one thread to another, which joins it, but the type is not Send (must not move to another thread); it is or contains 'ward::Rc<int>', whose reference count is not atomic [ward-non-send-capture]
void p9() { auto f = std::async(std::launch::async, [] { fail(); }); f.get(); }
void p10() { ward::scope([](ward::Scope &s) { s.spawn([] { throw ward::Rc<int>::make(1); }); }); }
// CHECK-MESSAGES: :[[@LINE-1]]:60: warning: 'ward::Rc<int>' is thrown from one thread to another, which joins it, but the type is not Send (must not move to another thread); it is or contains 'ward::Rc<int>', whose reference count is not atomic [ward-non-send-capture]
// Not reported.
void n4() { ward::spawn([] { throw std::runtime_error("x"); }).join(); }
void n5() { ward::spawn([] { try { throw ward::Rc<int>::make(1); } catch (const ward::Rc<int> &) {} }).join(); }
