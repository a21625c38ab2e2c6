// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-aliased-exclusive %t -- -- -I%runtime_include
// Access of the only owner that is kept while another owner is made.
#include <ward/ward.h>
#include <string>
#include <vector>
void take(ward::Arc<int>);
void use(int &);
void p1() { auto mine = ward::Arc<int>::make(0); int &value = mine.make_mut(); auto r = ward::spawn([](ward::Arc<int> p) { return *p; }, mine.clone()); ++value; }
// CHECK-MESSAGES: :[[@LINE-1]]:143: warning: aliased access: 'clone' makes another owner of what 'mine' points to, while 'value' can modify that, and is used afterwards [ward-aliased-exclusive]
void p2() { auto mine = ward::Arc<int>::make(0); int *value = mine.get_mut(); auto other = mine.clone(); *value = 3; }
// CHECK-MESSAGES: :[[@LINE-1]]:97: warning: aliased access: 'clone' makes another owner of what 'mine' points to, while 'value' can modify that, and is used afterwards [ward-aliased-exclusive]
void p3() { auto mine = ward::Arc<int>::make(0); int &value = mine.make_mut(); auto w = mine.downgrade(); use(value); }
// CHECK-MESSAGES: :[[@LINE-1]]:94: warning: aliased access: 'downgrade' makes another owner of what 'mine' points to, while 'value' can modify that, and is used afterwards [ward-aliased-exclusive]
struct S { int a; std::vector<int> v; };
void p4(ward::Arc<S> &mine) { auto &v = mine.make_mut().v; take(ward::Arc<int>::make(1)); auto o = mine.clone(); v.push_back(1); }
// CHECK-MESSAGES: :[[@LINE-1]]:105: warning: aliased access: 'clone' makes another owner of what 'mine' points to, while 'v' can modify that, and is used afterwards [ward-aliased-exclusive]
void share(const ward::Arc<int> &a) { take(a.clone()); }
void p5(ward::Arc<int> mine) { int &value = mine.make_mut(); share(mine); ++value; }
// CHECK-MESSAGES: :[[@LINE-1]]:62: warning: aliased access: 'clone' makes another owner of what 'mine' points to, while 'value' can modify that, and is used afterwards [ward-aliased-exclusive]
struct H { ward::Arc<S> s; void p6() { S &x = s.make_mut(); auto o = s.clone(); x.a = 1; } };
// CHECK-MESSAGES: :[[@LINE-1]]:72: warning: aliased access: 'clone' makes another owner of what 's' points to, while 'x' can modify that, and is used afterwards [ward-aliased-exclusive]
// Not reported.
void n1() { auto mine = ward::Arc<int>::make(0); int &value = mine.make_mut(); ++value; auto o = mine.clone(); }
void n2() { auto mine = ward::Arc<int>::make(0); mine.make_mut() = 3; auto o = mine.clone(); mine.make_mut() = 4; }
void n3() { auto mine = ward::Arc<int>::make(0), other = mine.clone(); int &value = mine.make_mut(); auto o = other.clone(); ++value; }
void n4() { auto mine = ward::Arc<int>::make(0); const int &value = *mine; auto o = mine.clone(); use(const_cast<int &>(value)); }
void n5() { auto mine = ward::Arc<int>::make(0); for (int i = 0; i < 3; ++i) { int &value = mine.make_mut(); value = i; take(mine.clone()); } }
void n6() { auto mine = ward::Arc<int>::make(0); if (int *p = mine.get_mut()) *p = 1; take(mine.clone()); }
void n7() { auto mine = ward::Arc<int>::make(0); int copy = mine.make_mut(); take(mine.clone()); ++copy; }
