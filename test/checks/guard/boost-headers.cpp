// REQUIRES: boost
// RUN: %check_ward %s ward-guard-in-condition,ward-discarded-guard %t
// Boost's own headers.
#include <boost/thread/lock_guard.hpp>
#include <boost/thread/locks.hpp>
#include <boost/thread/mutex.hpp>
#include <boost/thread/shared_mutex.hpp>
#include <boost/thread/synchronized_value.hpp>
#include <vector>

void slow();

struct Queue {
  boost::mutex mu;
  boost::shared_mutex shared;
  std::vector<int> items;

  void PositiveCondition() {
    if (boost::mutex::scoped_lock lock(mu); items.empty())
    // CHECK-MESSAGES: :[[@LINE-1]]:35: warning: 'lock' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { boost::mutex::scoped_lock lock(mu); return items.empty(); }())
      slow();
    if (boost::lock_guard<boost::mutex> lock(mu); items.empty())
    // CHECK-MESSAGES: :[[@LINE-1]]:41: warning: 'lock' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { boost::lock_guard<boost::mutex> lock(mu); return items.empty(); }())
      slow();
    if (boost::shared_lock<boost::shared_mutex> lock(shared); items.empty())
    // CHECK-MESSAGES: :[[@LINE-1]]:49: warning: 'lock' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { boost::shared_lock<boost::shared_mutex> lock(shared); return items.empty(); }())
      slow();
  }
  void PositiveDiscarded() {
    boost::mutex::scoped_lock{mu};
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: this guard has no name and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
    items.clear();
    boost::unique_lock<boost::mutex> never(mu, boost::defer_lock);
    // CHECK-MESSAGES: :[[@LINE-1]]:38: warning: 'never' defers locking 'mu' and is never locked; the code in its scope runs without the lock [ward-discarded-guard]
    mu.try_lock();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: the result of 'try_lock' is discarded; the code that follows may run without the lock [ward-discarded-guard]
  }
  void Negative() {
    if (boost::unique_lock<boost::mutex> lock(mu, boost::try_to_lock); lock.owns_lock())
      slow();
    boost::unique_lock<boost::mutex> later(mu, boost::defer_lock);
    later.lock();
  }
};
boost::synchronized_value<std::vector<int>> value;
void PositiveValue() {
  if (auto locked = value.synchronize(); locked->empty())
  // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 'locked' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
  // CHECK-FIXES: if ([&] { auto locked = value.synchronize(); return locked->empty(); }())
    slow();
  value.synchronize();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the guard returned by 'synchronize' is discarded and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
}
void NegativeValue() {
  if (value->empty())
    slow();
  if (auto locked = value.synchronize(); locked->empty())
    locked->clear();
}
