// RUN: %check_ward %s ward-manual-lock %t -std=c++20
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Several locks at once, loops over locks, flags, mutexes that are passed on, and unlocking under a guard.
#include <array>
#include <deque>
#include <memory>
#include <mutex>
#include <pthread.h>
#include <shared_mutex>
#include <vector>

bool ask() noexcept;
void share(std::shared_ptr<std::mutex> m) noexcept;
void borrow(std::mutex &m) noexcept;

namespace together {
std::mutex a, b, c;
int n;
void negativeAll() noexcept { std::lock(a, b, c); ++n; b.unlock(); a.unlock(); c.unlock(); }
void negativeBothPaths() noexcept {
  std::lock(a, b);
  if (ask()) {
    b.unlock();
    a.unlock();
    return;
  }
  a.unlock();
  b.unlock();
}
void positiveOnePath() noexcept {
  std::lock(a, b);
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'a' is not released on some path before the function returns; use a guard, which releases it on every path [ward-manual-lock]
  if (ask()) {
    b.unlock();
    return;
  }
  a.unlock();
  b.unlock();
}
void negativeAdopted() noexcept {
  std::lock(a, b);
  std::lock_guard<std::mutex> x(a, std::adopt_lock);
  std::lock_guard<std::mutex> y(b, std::adopt_lock);
  ++n;
}
template <class L, class R> void negativeTemplate(L &l, R &r) noexcept {
  std::lock(l, r);
  ++n;
  l.unlock();
  r.unlock();
}
void instantiate() noexcept { negativeTemplate(a, b); }
void negativeTried() noexcept {
  if (std::try_lock(a, b) == -1) {
    ++n;
    b.unlock();
    a.unlock();
  }
}
void positiveSurplus() noexcept {
  a.lock();
  ++n;
  a.unlock();
  a.unlock();
// CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'a' is unlocked here, but is not held; this is undefined behaviour, and may release the lock of another thread [ward-manual-lock]
  a.lock();
  ++n;
  a.unlock();
  a.lock();
  ++n;
  a.unlock();
}
void positiveSurplusInArm() noexcept {
  std::lock(a, b);
  ++n;
  a.unlock();
  b.unlock();
  if (ask())
    a.unlock();
// CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'a' is unlocked here, but is not held; this is undefined behaviour, and may release the lock of another thread [ward-manual-lock]
  std::lock(a, b);
  a.unlock();
  b.unlock();
}
} // namespace together

namespace under_guard {
struct Log {
  std::mutex m;
  std::shared_mutex s;
  int lines = 0;
  bool full = false;
  void positiveEarly() noexcept {
    std::lock_guard<std::mutex> g(m);
    if (full) {
      m.unlock();
// CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'm' is unlocked here while the guard 'g' holds it, and again when the guard goes out of scope; this is undefined behaviour, and may release the lock of another thread [ward-manual-lock]
      return;
    }
    ++lines;
  }
  void positiveScoped() noexcept {
    std::scoped_lock g(m);
    ++lines;
    m.unlock();
// CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'm' is unlocked here while the guard 'g' holds it, and again when the guard goes out of scope; this is undefined behaviour, and may release the lock of another thread [ward-manual-lock]
  }
  void positiveAdopted() noexcept {
    m.lock();
    std::lock_guard<std::mutex> g(m, std::adopt_lock);
    ++lines;
    m.unlock();
// CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'm' is unlocked here while the guard 'g' holds it, and again when the guard goes out of scope; this is undefined behaviour, and may release the lock of another thread [ward-manual-lock]
  }
  void negativeAround() noexcept {
    std::lock_guard<std::mutex> g(m);
    for (int i = 0; i < 3; ++i) {
      m.unlock();
      ask();
      m.lock();
    }
    ++lines;
  }
  void negativeOneArm() noexcept {
    std::unique_lock<std::mutex> g(m);
    if (full) {
      g.unlock();
      return;
    }
    m.unlock();
    ask();
    m.lock();
  }
  void negativeReleased() noexcept {
    std::unique_lock<std::mutex> g(m);
    ++lines;
    std::mutex *raw = g.release();
    raw->unlock();
  }
  void negativeOther(Log &other) noexcept {
    std::lock_guard<std::mutex> g(m);
    other.m.lock();
    other.m.unlock();
  }
  void negativeScope() noexcept {
    {
      std::lock_guard<std::mutex> g(m);
      ++lines;
    }
    m.lock();
    ++lines;
    m.unlock();
  }
};
} // namespace under_guard

namespace given_away {
struct Port {
  std::shared_ptr<std::mutex> m = std::make_shared<std::mutex>();
  bool open = false;
  int n = 0;
  void positiveEarly() noexcept {
    m->lock();
// CHECK-MESSAGES: :[[@LINE-1]]:8: warning: 'm' is not released on some path before the function returns; use a guard, which releases it on every path [ward-manual-lock]
    if (!open)
      return;
    share(m);
    m->unlock();
  }
  void negativeHandedOver() noexcept {
    m->lock();
    share(m);
  }
  void negativeBoth() noexcept {
    m->lock();
    share(m);
    if (!open) {
      m->unlock();
      return;
    }
    ++n;
    m->unlock();
  }
  void negativeCopy() noexcept {
    m->lock();
    std::shared_ptr<std::mutex> copy = m;
    share(copy);
    copy->unlock();
  }
  void negativePassed(std::mutex &other) noexcept {
    other.lock();
    if (open)
      borrow(other);
    else
      other.unlock();
  }
  void positivePassedLate(std::mutex &other) noexcept {
    other.lock();
// CHECK-MESSAGES: :[[@LINE-1]]:11: warning: 'other' is not released on any path before the function returns; use a guard, which releases it on every path [ward-manual-lock]
    if (!open)
      return;
    borrow(other);
  }
};
} // namespace given_away

namespace all_of_them {
struct Stripe {
  std::mutex m;
  int n = 0;
};
struct Map {
  std::deque<Stripe> stripes;
  std::vector<std::unique_ptr<Stripe>> owned;
  Stripe fixed[4];
  void negativeIterators() noexcept {
    for (auto it = stripes.begin(); it != stripes.end(); ++it)
      it->m.lock();
    for (auto it = stripes.rbegin(); it != stripes.rend(); ++it)
      it->m.unlock();
  }
  void negativeOwned() noexcept {
    for (auto &s : owned)
      s->m.lock();
    for (std::size_t i = owned.size(); i-- > 0;)
      owned[i]->m.unlock();
  }
  void negativeEach() noexcept {
    for (Stripe &s : fixed) {
      s.m.lock();
      ++s.n;
      s.m.unlock();
    }
  }
  void positiveForgotten() noexcept {
    for (Stripe &s : fixed)
      s.m.lock();
// CHECK-MESSAGES: :[[@LINE-1]]:11: warning: 'fixed[...].m' is not released on some path before the function returns; use a guard, which releases it on every path [ward-manual-lock]
    if (ask())
      return;
    for (Stripe &s : fixed)
      s.m.unlock();
  }
  void positiveContinue() noexcept {
    for (Stripe &s : fixed) {
      s.m.lock();
// CHECK-MESSAGES: :[[@LINE-1]]:11: warning: 'fixed[...].m' is not released on some path before the function returns; use a guard, which releases it on every path [ward-manual-lock]
// CHECK-FIXES: std::lock_guard<std::mutex> guard(s.m);
      if (s.n == 0)
        continue;
      --s.n;
      s.m.unlock();
    }
  }
  void negativeHandOverHand() noexcept {
    fixed[0].m.lock();
    for (int i = 1; i < 4; ++i) {
      fixed[i].m.lock();
      fixed[i - 1].m.unlock();
    }
    fixed[3].m.unlock();
  }
  template <class F> void negativeTemplate(F f) noexcept {
    for (auto &s : stripes)
      s.m.lock();
    f();
    for (auto &s : stripes)
      s.m.unlock();
  }
};
void use(Map &m) noexcept { m.negativeTemplate([]() noexcept {}); }
void negativePosix(pthread_mutex_t *all, int count) {
  for (int i = 0; i < count; ++i)
    pthread_mutex_lock(&all[i]);
  for (int i = count - 1; i >= 0; --i)
    pthread_mutex_unlock(&all[i]);
}
} // namespace all_of_them

#define TAKE_BOTH(l, r) std::lock(l, r)
#define GIVE_BACK(l) (l).unlock()
void negativeMacro(std::mutex &l, std::mutex &r) noexcept {
  TAKE_BOTH(l, r);
  GIVE_BACK(r);
  GIVE_BACK(l);
}
void positiveMacro(std::mutex &l, std::mutex &r) noexcept {
  TAKE_BOTH(l, r);
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'l' is not released on any path before the function returns; use a guard, which releases it on every path [ward-manual-lock]
  GIVE_BACK(r);
}

namespace flags {
std::mutex m;
int n;
void negativeTwin(bool need) noexcept {
  if (need)
    m.lock();
  ++n;
  if (need)
    m.unlock();
}
void negativeNegated(bool held) noexcept {
  if (!held)
    m.lock();
  ++n;
  if (held == false)
    m.unlock();
}
void negativeLocal() noexcept {
  bool locked = false;
  if (ask()) {
    m.lock();
    locked = true;
  }
  ++n;
  if (locked)
    m.unlock();
}
void negativePointer(std::mutex *optional) noexcept {
  if (optional)
    optional->lock();
  ++n;
  if (optional != nullptr)
    optional->unlock();
}
enum class Mode { Shared, Alone };
void negativeEnum(Mode mode) noexcept {
  if (mode == Mode::Shared)
    m.lock();
  ++n;
  if (mode != Mode::Alone && mode == Mode::Shared)
    m.unlock();
}
void positiveOpposite(bool need) noexcept {
  if (need)
    m.lock();
// CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'm' is not released on some path before the function returns; use a guard, which releases it on every path [ward-manual-lock]
  ++n;
  if (!need)
    m.unlock();
}
void positiveChanged() noexcept {
  bool locked = false;
  if (ask()) {
    m.lock();
// CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'm' is not released on some path before the function returns; use a guard, which releases it on every path [ward-manual-lock]
    locked = true;
  }
  if (ask())
    locked = false;
  if (locked)
    m.unlock();
}
struct Box {
  std::mutex m;
  bool shared = false;
  int n = 0;
  void negativeMember() noexcept {
    if (shared)
      m.lock();
    ++n;
    if (shared)
      m.unlock();
  }
};
} // namespace flags

// Names of elements, and of what pointers lead to.
namespace names {
struct Shard {
  std::mutex m;
  int n = 0;
};
struct Map {
  std::array<Shard, 4> shards;
  std::unique_ptr<Shard> main;
  void positiveElement(std::size_t i) noexcept {
    shards[i].m.lock();
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'shards[...].m' is not released on some path before the function returns; use a guard, which releases it on every path [ward-manual-lock]
    if (ask())
      return;
    shards[i].m.unlock();
  }
  void positivePointer() noexcept {
    main->m.lock();
// CHECK-MESSAGES: :[[@LINE-1]]:13: warning: 'main->m' is not released on some path before the function returns; use a guard, which releases it on every path [ward-manual-lock]
    if (ask())
      return;
    main->m.unlock();
  }
  void negativeReleased() noexcept {
    main->m.lock();
    ++main->n;
    main->m.unlock();
  }
};
} // namespace names
