// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The parts of Qt that start threads.
#pragma once
class QObject {
public:
  virtual ~QObject();
};
class QString {
public:
  QString(const char *);
};
class QPixmap {
public:
  QPixmap();
  QPixmap(const QPixmap &);
  int width() const;
};
class QImage {
public:
  QImage(const QImage &);
  int width() const;
};
class QThread : public QObject {
public:
  template <class F, class... As> static QThread *create(F &&f, As &&...as) { return nullptr; }
  ~QThread();
  void start();
  bool wait();
  void quit();
  bool isRunning() const;

protected:
  virtual void run();
};
class QRunnable {
public:
  virtual ~QRunnable();
  virtual void run() = 0;
};
class QThreadPool : public QObject {
public:
  static QThreadPool *globalInstance();
  template <class F> void start(F &&f, int priority = 0) {}
  bool waitForDone(int = -1);
};
template <class T> class QFuture {
public:
  void waitForFinished();
};
template <class T> class QSharedPointer {
public:
  explicit QSharedPointer(T *);
  QSharedPointer(const QSharedPointer &);
  T *operator->() const;
  T &operator*() const;
};
template <class T> class QVector {
public:
  T *begin();
  T *end();
};
namespace QtConcurrent {
template <class F, class... As> QFuture<void> run(F &&f, As &&...as) { return {}; }
template <class F, class... As> QFuture<void> run(QThreadPool *pool, F &&f, As &&...as) { return {}; }
template <class Sequence, class F> QFuture<void> map(Sequence &sequence, F &&f) { return {}; }
template <class Sequence, class F> void blockingMap(Sequence &sequence, F &&f) {}
} // namespace QtConcurrent
