// RUN: %check_ward %s ward-callback-under-lock %t
// Signals and callables of the catalog's libraries, by similar declarations.

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
    // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: signal 'changed' is emitted while holding 'mu'; a slot that acquires 'mu' deadlocks [ward-callback-under-lock]
    renamed();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: signal 'renamed' is emitted while holding 'mu'; a slot that acquires 'mu' deadlocks
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
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: a signal is emitted while holding 'mu'; a slot that acquires 'mu' deadlocks
  f();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: callback 'f' is called while holding 'mu'; a callback that acquires 'mu' deadlocks
  g();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: callback 'g' is called while holding 'mu'; a callback that acquires 'mu' deadlocks
  signal.connect([] {});
}
