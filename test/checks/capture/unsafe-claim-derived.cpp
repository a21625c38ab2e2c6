// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-unsafe-claim %t -- -- -I%runtime_include
// Claims for every class derived from a base.
#include <ward/ward.h>
struct Job { virtual ~Job() = default; virtual void run() = 0; };
template <> inline constexpr bool ward::unsafe_impl_derived_send<Job> = true;
class Bad : public Job { ward::Rc<int> r; public: explicit Bad(ward::Rc<int> q) : r(std::move(q)) {} void run() override {} };
// CHECK-MESSAGES: :[[@LINE-1]]:7: warning: unsound claim: every class derived from 'Job' is declared to be Send (safe to move to another thread), but 'Bad' has members that are not [ward-unsafe-claim]
class Worse : public Bad { using Bad::Bad; };
// CHECK-MESSAGES: :[[@LINE-1]]:7: warning: unsound claim: every class derived from 'Job' is declared to be Send (safe to move to another thread), but 'Worse' has members that are not [ward-unsafe-claim]
class Good : public Job { int n = 0; void run() override {} };
class Raw : public Job { void *p = nullptr; void run() override {} };
class Atomic : public Job { std::shared_ptr<const int> p; void run() override {} };
// SAFETY: made on the thread that runs it.
class Vouched : public Job { ward::Rc<int> r = ward::Rc<int>::make(1); void run() override {} };
class Claimed : public Job { ward::Rc<int> r = ward::Rc<int>::make(1); void run() override {} };
// SAFETY: as above
template <> inline constexpr bool ward::unsafe_impl_send<Claimed> = true;
template <class T> class Holds : public Job { T t; void run() override {} public: explicit Holds(T t) : t(std::move(t)) {} };
struct Other { virtual ~Other() = default; }; class NotAJob : public Other { ward::Rc<int> r = ward::Rc<int>::make(1); };
struct Sh { virtual ~Sh() = default; };
template <> inline constexpr bool ward::unsafe_impl_derived_sync<Sh> = true;
class Mut : public Sh { mutable int hits = 0; public: int get() const { return ++hits; } };
// CHECK-MESSAGES: :[[@LINE-1]]:7: warning: unsound claim: every class derived from 'Sh' is declared to be Sync (safe to use from several threads at the same time), but 'Mut' has members that are not [ward-unsafe-claim]
class Cel : public Sh { ward::Cell<int> c{0}; };
// CHECK-MESSAGES: :[[@LINE-1]]:7: warning: unsound claim: every class derived from 'Sh' is declared to be Sync (safe to use from several threads at the same time), but 'Cel' has members that are not [ward-unsafe-claim]
class Fine : public Sh { ward::Mutex<int> c{0}; };
void f() { Holds<int> a(1); (void)a; }
