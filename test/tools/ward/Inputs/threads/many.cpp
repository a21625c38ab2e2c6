// One field, three functions without its lock: one entry.
#include <mutex>

class Level {
public:
  void set(int n) {
    std::lock_guard<std::mutex> guard(mutex_);
    value_ = n;
  }
  void add(int n) {
    std::lock_guard<std::mutex> guard(mutex_);
    value_ += n;
  }
  int get() const { return value_; }
  bool isHigh() const { return value_ > 100; }
  bool isLow() const { return value_ < 10; }
  int other() const { return other_; }
  void setOther(int n) {
    std::lock_guard<std::mutex> guard(mutex_);
    other_ = n;
  }

private:
  mutable std::mutex mutex_;
  int value_ = 0, other_ = 0;
};
