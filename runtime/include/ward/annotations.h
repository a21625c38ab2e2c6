// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Annotations for facts that the analyser cannot infer. Needs nothing else of Ward: under Clang each macro is an
// `annotate` attribute, with other compilers it is nothing. No macro changes what a program does.
//
//   class WARD_NOT_SEND GlContext { ... };          // belongs to the thread that created it
//   void submit(WARD_SPAWN std::function<void()>);  // the argument runs on another thread
#pragma once

#if defined(__clang__)
#define WARD_ANNOTATE(text) __attribute__((annotate(text)))
#else
#define WARD_ANNOTATE(text)
#endif

// Types: `class WARD_SEND Name { ... };`. The author is responsible for the proof.
#define WARD_SEND WARD_ANNOTATE("ward::send")         // a value may move to another thread
#define WARD_NOT_SEND WARD_ANNOTATE("ward::not_send") // a value stays on its thread
#define WARD_SYNC WARD_ANNOTATE("ward::sync")         // const T& may be used from several threads at once
#define WARD_NOT_SYNC WARD_ANNOTATE("ward::not_sync") // const T& stays on one thread
#define WARD_NOT_SHARED WARD_ANNOTATE("ward::not_shared") // a thread-confined type, field or variable

// Parameters and functions.
#define WARD_SPAWN WARD_ANNOTATE("ward::spawn")               // runs on a thread that may outlive the caller
#define WARD_SCOPED_SPAWN WARD_ANNOTATE("ward::scoped_spawn") // runs on a thread that is joined before the scope ends
#define WARD_BLOCKING WARD_ANNOTATE("ward::blocking")         // may wait for something outside this thread
#define WARD_SHARED WARD_ANNOTATE("ward::shared")             // this parameter may alias others: it is only read
#define WARD_EXCLUSIVE WARD_ANNOTATE("ward::exclusive")       // no other argument of the call may alias this one

// Locks, named as the code at the annotation would name them: `this->mu`, `other.mu`, `queue->mutex()`, `Class::mu` and
// lists of them, also members that are declared later, and mutexes of any library. They mean the same as Clang's
// attributes of these names, which require mutexes that are declared as capabilities; the analyser understands those
// attributes as well.
//   int count_ WARD_GUARDED_BY(mu_);            // read and written with mu_ held
//   Node *head_ WARD_PT_GUARDED_BY(mu_);        // the same for what it points to
//   void push_locked(int v) WARD_REQUIRES(mu_); // the caller holds mu_ (..._SHARED: for reading)
//   void push(int v) WARD_EXCLUDES(mu_);        // the caller does not hold it: it is acquired here
//   void begin() WARD_ACQUIRE(mu_);             // returns with mu_ held (..._SHARED: for reading)
//   bool try_begin() WARD_TRY_ACQUIRE(mu_);     // does so if it returns true
//   void end() WARD_RELEASE(mu_);               // releases mu_
#define WARD_GUARDED_BY(...) WARD_ANNOTATE("ward::guarded_by:" #__VA_ARGS__)
#define WARD_PT_GUARDED_BY(...) WARD_ANNOTATE("ward::pt_guarded_by:" #__VA_ARGS__)
#define WARD_REQUIRES(...) WARD_ANNOTATE("ward::requires:" #__VA_ARGS__)
#define WARD_REQUIRES_SHARED(...) WARD_ANNOTATE("ward::requires_shared:" #__VA_ARGS__)
#define WARD_EXCLUDES(...) WARD_ANNOTATE("ward::excludes:" #__VA_ARGS__)
#define WARD_ACQUIRE(...) WARD_ANNOTATE("ward::acquire:" #__VA_ARGS__)
#define WARD_ACQUIRE_SHARED(...) WARD_ANNOTATE("ward::acquire_shared:" #__VA_ARGS__)
#define WARD_TRY_ACQUIRE(...) WARD_ANNOTATE("ward::try_acquire:" #__VA_ARGS__)
#define WARD_RELEASE(...) WARD_ANNOTATE("ward::release:" #__VA_ARGS__)

// Expressions: the value of `expr`, which the author claims may be sent or shared. Costs nothing.
//   pool.post([h = WARD_ASSUME_SEND(handle)] { ... });
#define WARD_ASSUME_SEND(...) (::ward_assume_send_(__VA_ARGS__))
#define WARD_ASSUME_SYNC(...) (::ward_assume_sync_(__VA_ARGS__))

// The identity on lvalues and rvalues, without a header. The analyser reads the annotation of the functions.
template <class T>
WARD_ANNOTATE("ward::assume_send")
constexpr T &&ward_assume_send_(T &&value) noexcept { return static_cast<T &&>(value); }
template <class T>
WARD_ANNOTATE("ward::assume_sync")
constexpr T &&ward_assume_sync_(T &&value) noexcept { return static_cast<T &&>(value); }
