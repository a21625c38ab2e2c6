// RUN: %check_ward %s ward-guard-in-condition %t
// A guard that is released, waited on, or may not hold the lock at all.
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

void slow();
void take(std::unique_lock<std::mutex>);
bool is_late();
namespace ward {
template <class T> void drop(T &&);
}

struct Worker {
  std::mutex mu;
  std::timed_mutex timed;
  std::condition_variable wake;
  std::vector<int> jobs;
  std::optional<std::unique_lock<std::mutex>> maybe();
  std::unique_lock<std::mutex> try_to_enter();
  std::optional<int> next() {
    if (jobs.empty())
      return std::nullopt;
    int job = jobs.back();
    jobs.pop_back();
    return job;
  }

  void NegativeUnlocked() {
    if (std::unique_lock guard(mu); jobs.empty()) {
      guard.unlock();
      slow();
    }
  }

  void NegativeUnlockedInBothArms() {
    if (std::unique_lock guard(mu); jobs.empty()) {
      guard.unlock();
      slow();
    } else {
      guard.unlock();
    }
  }

  void NegativeUnlockedByTheCondition() {
    if (std::unique_lock guard(mu); jobs.empty() ? (guard.unlock(), true) : (guard.unlock(), false))
      slow();
  }

  void NegativeDropped() {
    if (std::unique_lock guard(mu); jobs.empty()) {
      ward::drop(std::move(guard));
      slow();
    }
  }

  void NegativeMovedAway() {
    if (std::unique_lock guard(mu); jobs.empty())
      take(std::move(guard));
  }

  void NegativeReleased() {
    if (std::unique_lock guard(mu); jobs.empty()) {
      guard.release();
      slow();
    }
  }

  void NegativeReplaced() {
    if (std::unique_lock guard(mu); jobs.empty()) {
      guard = {};
      slow();
    }
  }

  void NegativeUnlockedThroughTheMutex() {
    if (std::unique_lock guard(mu); jobs.empty()) {
      mu.unlock();
      slow();
      mu.lock();
    }
  }

  void NegativeWaits() {
    if (std::unique_lock guard(mu); jobs.empty())
      wake.wait(guard);
    if (std::unique_lock guard(mu); jobs.empty())
      wake.wait_for(guard, std::chrono::seconds(1), [this] { return !jobs.empty(); });
    for (std::unique_lock guard(mu); jobs.empty();)
      wake.wait(guard);
    while (true)
      if (std::unique_lock guard(mu); jobs.empty())
        wake.wait(guard);
      else
        return;
  }

  void NegativeTries() {
    if (std::unique_lock guard(mu, std::try_to_lock); guard.owns_lock())
      slow();
    if (std::unique_lock guard(mu, std::try_to_lock); guard && !jobs.empty())
      slow();
    if (std::unique_lock guard(timed, std::chrono::seconds(1)); guard && !jobs.empty())
      slow();
    while (std::unique_lock guard{mu, std::try_to_lock})
      slow();
  }

  void NegativeMayFailToLock() {
    if (auto guard = maybe(); guard && !jobs.empty())
      slow();
    if (auto guard = try_to_enter(); guard && !jobs.empty())
      slow();
  }

  void NegativeOnlyQueriesTheGuard() {
    if (std::unique_lock guard(mu); guard)
      slow();
    if (std::unique_lock guard(mu); guard.owns_lock())
      slow();
    if (std::unique_lock<std::mutex> guard{mu})
      slow();
  }

  void NegativeTakesOneJobAtATime() {
    for (;;) {
      if (std::unique_lock guard(mu); auto job = next()) {
        guard.unlock();
        slow();
      } else {
        return;
      }
    }
  }

  void PositiveTakesOneJobAndKeepsTheLock() {
    if (std::unique_lock guard(mu); auto job = next())
    // CHECK-MESSAGES: :[[@LINE-1]]:26: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if (auto job = [&] { std::unique_lock guard(mu); return next(); }())
      slow();
  }

  void PositiveUnlockedTooLate() {
    if (std::unique_lock guard(mu); !jobs.empty() || (guard.unlock(), is_late()))
    // CHECK-MESSAGES: :[[@LINE-1]]:26: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { std::unique_lock guard(mu); return !jobs.empty() || (guard.unlock(), is_late()); }())
      slow();
  }

  void PositiveAdopted() {
    mu.lock();
    if (std::lock_guard guard(mu, std::adopt_lock); jobs.empty())
    // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { std::lock_guard guard(mu, std::adopt_lock); return jobs.empty(); }())
      slow();
  }

  void PositiveTransferred() {
    std::unique_lock outer(mu);
    if (auto guard = std::move(outer); jobs.empty())
    // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { auto guard = std::move(outer); return jobs.empty(); }())
      slow();
  }
};
