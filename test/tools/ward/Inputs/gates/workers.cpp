#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

class Worker {
public:
  explicit Worker(std::function<void()> body) : body_(std::move(body)) {}
  void start() { thread_ = std::thread([this] { body_(); }); }
  ~Worker() { thread_.join(); }

private:
  std::function<void()> body_;
  std::thread thread_;
};

class Pool {
public:
  Pool() {
    for (int i = 0; i < 2; ++i)
      workers_.emplace_back([this] { work(); });
  }
  ~Pool() {
    for (std::thread &worker : workers_)
      worker.join();
  }
  void post(std::function<void()> task) {
    std::lock_guard<std::mutex> lock(mutex_);
    tasks_.push_back(std::move(task));
    ready_.notify_one();
  }

private:
  void work() {
    for (;;) {
      std::unique_lock<std::mutex> lock(mutex_);
      ready_.wait(lock, [this] { return !tasks_.empty(); });
      std::function<void()> task = std::move(tasks_.front());
      tasks_.pop_front();
      lock.unlock();
      task();
    }
  }
  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<std::function<void()>> tasks_;
  std::vector<std::thread> workers_;
};

class Button { // has no thread
public:
  void onClick(std::function<void()> handler) { handler_ = std::move(handler); }
  void click() { handler_(); }

private:
  std::function<void()> handler_;
};
