// RUN: %check_ward %s ward-blocking-under-lock %t
// The catalog's libraries, by similar declarations; and annotations.

#include <mutex>

namespace absl {
struct Duration {};
Duration Seconds(int);
Duration ZeroDuration();
void SleepFor(Duration);
struct Condition {
  explicit Condition(bool *);
};
class Mutex {
public:
  void Lock();
  void Unlock();
  void Await(const Condition &);
};
struct MutexLock {
  explicit MutexLock(Mutex *);
  ~MutexLock();
};
class CondVar {
public:
  void Wait(Mutex *);
};
class Notification {
public:
  void WaitForNotification() const;
  bool HasBeenNotified() const;
};
} // namespace absl

struct Absl {
  absl::Mutex mu_, other_;
  absl::CondVar cv_;
  absl::Notification done_;
  bool ready_ = false;
  void positive() {
    absl::MutexLock lock(&mu_);
    absl::SleepFor(absl::Seconds(1));
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'SleepFor' sleeps while holding 'mu_'; other threads that need the lock are blocked meanwhile [ward-blocking-under-lock]
    done_.WaitForNotification();
    // CHECK-MESSAGES: :[[@LINE-1]]:11: warning: 'WaitForNotification' waits for another thread while holding 'mu_'; other threads that need the lock are blocked meanwhile
  }
  void positiveAwaitWithAnother() {
    absl::MutexLock outer(&other_);
    absl::MutexLock lock(&mu_);
    mu_.Await(absl::Condition(&ready_));
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'Await' waits for another thread while holding 'other_'; other threads that need the lock are blocked meanwhile
  }
  void negative() {
    absl::MutexLock lock(&mu_);
    while (!ready_)
      cv_.Wait(&mu_);
    mu_.Await(absl::Condition(&ready_));
    absl::SleepFor(absl::ZeroDuration());
    ready_ = done_.HasBeenNotified();
  }
};

class QMutex {
public:
  void lock();
  void unlock();
};
template <class M> class QMutexLocker {
public:
  explicit QMutexLocker(M *);
  ~QMutexLocker();
  void unlock();
};
class QWaitCondition {
public:
  bool wait(QMutex *);
};
class QThread {
public:
  static void msleep(unsigned long);
  bool wait(unsigned long = 1000);
};
class QIODevice {
public:
  virtual bool waitForReadyRead(int);
};
class QAbstractSocket : public QIODevice {};
class QTcpSocket : public QAbstractSocket {};
struct Qt {
  QMutex mutex_;
  QWaitCondition wake_;
  QTcpSocket socket_;
  void positive(QThread &thread) {
    QMutexLocker<QMutex> lock(&mutex_);
    QThread::msleep(10);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'msleep' sleeps while holding 'mutex_'; other threads that need the lock are blocked meanwhile
    thread.wait();
    // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 'wait' waits for a thread to finish while holding 'mutex_'; other threads that need the lock are blocked meanwhile
    socket_.waitForReadyRead(100);
    // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: 'waitForReadyRead' may block on the network while holding 'mutex_'; other threads that need the lock are blocked meanwhile
  }
  void negative() {
    QMutexLocker<QMutex> lock(&mutex_);
    wake_.wait(&mutex_);
    lock.unlock();
    socket_.waitForReadyRead(100);
  }
};

namespace folly {
template <class T> class Synchronized {
public:
  template <class F> void withLock(F f) { f(data_); }
  template <class F> void withRLock(F f) const { f(data_); }

private:
  T data_;
};
template <class T> class Future {
public:
  T get() &&;
  void wait();
};
struct Baton {
  void wait();
};
} // namespace folly
void positiveFolly(folly::Synchronized<int> &data, folly::Baton &baton) {
  data.withLock([&](int &) { baton.wait(); });
  // CHECK-MESSAGES: :[[@LINE-1]]:36: warning: 'wait' waits for another thread while holding 'data'; other threads that need the lock are blocked meanwhile
  data.withRLock([&](const int &) {});
  baton.wait();
}

namespace boost::asio {
struct mutable_buffer {};
template <class Stream> int read(Stream &, mutable_buffer);
namespace ip {
struct tcp {
  struct socket {
    int read_some(mutable_buffer);
    template <class F> void async_read_some(mutable_buffer, F) {}
  };
};
} // namespace ip
} // namespace boost::asio

std::mutex mu;
void asio(boost::asio::ip::tcp::socket &socket) {
  std::lock_guard<std::mutex> guard(mu);
  socket.read_some({});
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: 'read_some' may block on the network while holding 'mu'; other threads that need the lock are blocked meanwhile
  boost::asio::read(socket, {});
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'read' may block on the network while holding 'mu'; other threads that need the lock are blocked meanwhile
  socket.async_read_some({}, [] {});
}

namespace ward {
template <class T> class Receiver {
public:
  T recv() const;
  T try_recv() const;
};
void park();
void unpark();
} // namespace ward
void positiveWard(ward::Receiver<int> &receiver) {
  std::lock_guard<std::mutex> guard(mu);
  receiver.recv();
  // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 'recv' waits on a channel while holding 'mu'; other threads that need the lock are blocked meanwhile
  ward::park();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'park' waits for another thread while holding 'mu'; other threads that need the lock are blocked meanwhile
  receiver.try_recv();
  ward::unpark();
}

__attribute__((annotate("ward::blocking"))) void askServer();
void positiveAnnotated() {
  std::lock_guard<std::mutex> guard(mu);
  askServer();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'askServer' may block while holding 'mu'; other threads that need the lock are blocked meanwhile
}
class __attribute__((capability("mutex"))) Lock {
public:
  void lock() __attribute__((acquire_capability()));
  void unlock() __attribute__((release_capability()));
};
struct Annotated {
  Lock lock_;
  void positiveRequires() __attribute__((requires_capability(lock_))) {
    askServer();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'askServer' may block while holding 'lock_'; other threads that need the lock are blocked meanwhile
  }
  // Reported in the callee.
  void negativeCallsRequires() {
    lock_.lock();
    positiveRequires();
    lock_.unlock();
  }
};
