// RUN: %check_ward %s ward-guard-in-condition %t -- -- -I%runtime_include
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Ward's own annotations count like Clang's attributes, whatever the spelling of the lock. Every
// condition here needs its lock; a body needs the lock if and only if what it calls or accesses is annotated with it.
#include "ward/annotations.h"
#include <memory>
#include <mutex>

void slow();

std::mutex registry, other;
namespace shelf {
std::mutex registry;
int shelved WARD_GUARDED_BY(registry);
void shelve() WARD_REQUIRES(registry);
} // namespace shelf

int registered WARD_GUARDED_BY(registry);
int twice WARD_GUARDED_BY(other, registry);
int elsewhere WARD_GUARDED_BY(other);
int lost WARD_GUARDED_BY(nowhere);
int *list WARD_PT_GUARDED_BY(registry);
void plain_name() WARD_REQUIRES(registry);
void in_a_list() WARD_REQUIRES(other, registry);
void for_reading() WARD_REQUIRES_SHARED(registry);
void from_outside() WARD_REQUIRES(::registry);
void by_address() WARD_REQUIRES(&registry);
void in_parentheses() WARD_REQUIRES((registry));
void declared_again();
void declared_again() WARD_REQUIRES(registry);
void taken_inside() WARD_EXCLUDES(registry);
void not_held() WARD_REQUIRES(!registry);
void another() WARD_REQUIRES(other);
void another_registry() WARD_REQUIRES(shelf::registry);
void unfinished() WARD_REQUIRES(registry.);
void unknown() WARD_REQUIRES(nowhere);
void a_call_of_nothing() WARD_REQUIRES(slow());
void no_expression() WARD_REQUIRES(+ +);
void nothing() WARD_REQUIRES();

void NegativeGlobal() {
  if (std::lock_guard held(registry); registered > 0)
    plain_name();
  if (std::lock_guard held(registry); registered > 0)
    in_a_list();
  if (std::lock_guard held(registry); registered > 0)
    for_reading();
  if (std::lock_guard held(registry); registered > 0)
    from_outside();
  if (std::lock_guard held(registry); registered > 0)
    by_address();
  if (std::lock_guard held(registry); registered > 0)
    in_parentheses();
  if (std::lock_guard held(registry); registered > 0)
    declared_again();
  if (std::lock_guard held(registry); registered > 0)
    registered = 1;
  if (std::lock_guard held(registry); registered > 0)
    ++twice;
  if (std::lock_guard held(registry); registered > 0)
    *list = 2;
  if (std::lock_guard held(shelf::registry); shelf::shelved > 0)
    shelf::shelve();
  if (std::lock_guard held(shelf::registry); shelf::shelved > 0)
    another_registry();
}
// An annotation whose lock is ambiguous draws no finding.
void NegativeUnreadable() {
  if (std::lock_guard held(registry); registered > 0)
    unfinished();
  if (std::lock_guard held(registry); registered > 0)
    unknown();
  if (std::lock_guard held(registry); registered > 0)
    a_call_of_nothing();
  if (std::lock_guard held(registry); registered > 0)
    no_expression();
  if (std::lock_guard held(registry); registered > 0)
    lost = 1, slow();
}
void PositiveGlobal() {
  if (std::lock_guard held(registry); registered > 0)
  // CHECK-MESSAGES: :[[@LINE-1]]:23: warning: 'held' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
  // CHECK-FIXES: if ([&] { std::lock_guard held(registry); return registered > 0; }())
    taken_inside();
  if (std::lock_guard held(registry); registered > 0)
  // CHECK-MESSAGES: :[[@LINE-1]]:23: warning: 'held' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
  // CHECK-FIXES: if ([&] { std::lock_guard held(registry); return registered > 0; }())
    not_held();
  if (std::lock_guard held(registry); registered > 0)
  // CHECK-MESSAGES: :[[@LINE-1]]:23: warning: 'held' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
  // CHECK-FIXES: if ([&] { std::lock_guard held(registry); return registered > 0; }())
    another();
  if (std::lock_guard held(registry); registered > 0)
  // CHECK-MESSAGES: :[[@LINE-1]]:23: warning: 'held' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
  // CHECK-FIXES: if ([&] { std::lock_guard held(registry); return registered > 0; }())
    another_registry();
  if (std::lock_guard held(registry); registered > 0)
  // CHECK-MESSAGES: :[[@LINE-1]]:23: warning: 'held' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
  // CHECK-FIXES: if ([&] { std::lock_guard held(registry); return registered > 0; }())
    nothing();
  if (std::lock_guard held(registry); registered > 0)
  // CHECK-MESSAGES: :[[@LINE-1]]:23: warning: 'held' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
  // CHECK-FIXES: if ([&] { std::lock_guard held(registry); return registered > 0; }())
    elsewhere = 1, slow();
  if (std::lock_guard held(shelf::registry); shelf::shelved > 0)
  // CHECK-MESSAGES: :[[@LINE-1]]:23: warning: 'held' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
  // CHECK-FIXES: if ([&] { std::lock_guard held(shelf::registry); return shelf::shelved > 0; }())
    plain_name();
}

struct Queue;
struct Base {
  std::mutex inherited;
  int of_base WARD_GUARDED_BY(inherited) = 0;
};
struct Inner {
  std::mutex mu;
  int n WARD_GUARDED_BY(mu) = 0;
  std::mutex &mutex() { return mu; }
};

struct Queue : Base {
  int before WARD_GUARDED_BY(late) = 0; // the mutex is declared later
  std::mutex late, second;
  static std::mutex of_all;
  static int count WARD_GUARDED_BY(of_all);
  std::mutex *pointed = nullptr;
  std::unique_ptr<Inner> inner;
  Inner part;
  int mine WARD_GUARDED_BY(second) = 0;
  std::mutex &accessor() { return late; }

  static void by_name(Queue &) WARD_REQUIRES(of_all);
  static void of_other(Queue &q) WARD_REQUIRES(q.late);
  static void of_pointer(Queue *q) WARD_REQUIRES(q->late, q->second);
  static void by_this(Queue *self) WARD_REQUIRES(self->accessor());
  static void qualified() WARD_REQUIRES(Queue::of_all);
  static void of_base_class(Base &b) WARD_REQUIRES(b.inherited);
  static void of_part(Queue &q) WARD_REQUIRES(q.part.mu);
  static void of_part_by_accessor(Queue &q) WARD_REQUIRES(q.part.mutex());
  static void of_inner(Queue &q) WARD_REQUIRES(q.inner->mu);
  static void of_second(Queue &q) WARD_REQUIRES(q.second);
  static void no_member(Queue &q) WARD_REQUIRES(q.nowhere);
  static void too_far(Queue &q) WARD_REQUIRES(q.late.mu);

  void NegativeMembers() {
    if (std::lock_guard held(late); before > 0)
      of_other(*this);
    if (std::lock_guard held(late); before > 0)
      of_pointer(this);
    if (std::lock_guard held(late); before > 0)
      by_this(this);
    if (std::lock_guard held(late); before > 0)
      before = 2;
    if (std::lock_guard held(of_all); count > 0)
      qualified();
    if (std::lock_guard held(of_all); count > 0)
      by_name(*this);
    if (std::lock_guard held(inherited); of_base > 0)
      of_base_class(*this);
    if (std::lock_guard held(part.mu); part.n > 0)
      of_part(*this);
    if (std::lock_guard held(part.mu); part.n > 0)
      of_part_by_accessor(*this);
    if (std::lock_guard held(inner->mu); inner->n > 0)
      of_inner(*this);
  }
  void NegativeOtherLocks() {
    if (std::lock_guard held(late); mine > 0)
      slow();
    if (std::lock_guard held(late); before > 0)
      no_member(*this);
    if (std::lock_guard held(late); before > 0)
      too_far(*this);
  }
  void PositiveMembers() {
    if (std::lock_guard held(late); before > 0)
    // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: 'held' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { std::lock_guard held(late); return before > 0; }())
      slow();
    if (std::lock_guard held(late); before > 0)
    // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: 'held' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { std::lock_guard held(late); return before > 0; }())
      mine = 1, slow();
    if (std::lock_guard held(part.mu); part.n > 0)
    // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: 'held' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { std::lock_guard held(part.mu); return part.n > 0; }())
      slow();
    if (std::lock_guard held(inherited); of_base > 0)
    // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: 'held' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { std::lock_guard held(inherited); return of_base > 0; }())
      slow();
    if (std::lock_guard held(of_all); count > 0)
    // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: 'held' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { std::lock_guard held(of_all); return count > 0; }())
      slow();
  }
};

template <class Mutex> struct Shelf {
  Mutex mu;
  int n WARD_GUARDED_BY(mu) = 0;
  static void of_shelf(Shelf &s) WARD_REQUIRES(s.mu);
  void Negative() {
    if (std::lock_guard<Mutex> held(mu); n > 0)
      n = 0;
  }
};
template struct Shelf<std::mutex>;
