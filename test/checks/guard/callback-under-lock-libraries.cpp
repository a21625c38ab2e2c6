// RUN: %check_ward %s ward-callback-under-lock %t
// Signals and callables of the catalog's libraries, by declarations of their shape.

#include <mutex>

namespace boost {
template <class S> class function;
template <class R, class... A> class function<R(A...)> {
public:
  R operator()(A...) const;
};
namespace signals2 {
template <class S> class signal;
template <class R, class... A> class signal<R(A...)> {
public:
  void operator()(A...);
  template <class F> void connect(F) {}
};
} // namespace signals2
} // namespace boost
namespace absl {
template <class S> class AnyInvocable;
template <class R, class... A> class AnyInvocable<R(A...)> {
public:
  R operator()(A...);
};
} // namespace absl

#define Q_SIGNALS public
#define signals public
#define emit
class QObject {
public:
  virtual ~QObject();
};

std::mutex mu;

class Model : public QObject {
public:
  void positiveEmit() {
    std::lock_guard<std::mutex> guard(mu);
    emit changed(1);
    // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: 'changed' is called while holding 'mu': it runs whatever is connected, and if that takes the lock, or waits for one who does, it never comes back [ward-callback-under-lock]
    renamed();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'renamed' is called while holding 'mu': it runs whatever is connected, and if that takes the lock, or waits for one who does, it never comes back
  }
  void negativeEmit() {
    {
      std::lock_guard<std::mutex> guard(mu);
      slot();
    }
    emit changed(1);
  }
public:
  void slot();
signals:
  void changed(int);
Q_SIGNALS:
  void renamed();
};

void positiveSignals(boost::signals2::signal<void(int)> &signal, boost::function<void()> &f, absl::AnyInvocable<void()> &g) {
  std::lock_guard<std::mutex> guard(mu);
  signal(1);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'signal' is called while holding 'mu': it runs whatever is connected, and if that takes the lock, or waits for one who does, it never comes back
  f();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'f' is called while holding 'mu': it is code that was given from outside, and if that takes the lock, or waits for one who does, it never comes back
  g();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'g' is called while holding 'mu': it is code that was given from outside, and if that takes the lock, or waits for one who does, it never comes back
  signal.connect([] {});
}
