#include <mutex>
#include <thread>

class Gauge {
public:
  void start() { thread_ = std::thread(&Gauge::run, this); }
  void stop() { thread_.join(); }
  void set(int level) { std::lock_guard<std::mutex> guard(mu_); level_ = level; }
  int peek() { return level_; }
  int walk(int depth) {
    if (depth == 0)
      return peek();
    return walk(depth - 1);
  }
  void run() { walk(3); }
  int locked() {
    std::lock_guard<std::mutex> guard(mu_);
    return peek();
  }

private:
  std::mutex mu_;
  int level_ = 0;
  std::thread thread_;
};

int use(Gauge &gauge) {
  gauge.start();
  gauge.set(1);
  int level = gauge.locked();
  gauge.stop();
  return level;
}
