#include <mutex>
#include <string>
#include <vector>

class Unlocked {
public:
  void set(int n) {
    std::lock_guard<std::mutex> lock(mu_);
    n_ = n;
    ++sets_;
  }
  int sets() {
    std::lock_guard<std::mutex> lock(mu_);
    return sets_ + n_;
  }
  int peek() { return n_; }

private:
  std::mutex mu_;
  int n_ = 0;
  int sets_ = 0;
};

class HandsOut {
public:
  std::mutex &lock() { return mu_; }
  void add() {
    std::lock_guard<std::mutex> lock(mu_);
    ++n_;
  }
  int get() {
    std::lock_guard<std::mutex> lock(mu_);
    return n_;
  }

private:
  std::mutex mu_;
  int n_ = 0;
};

class Escapes {
public:
  const std::vector<std::string> &names() {
    std::lock_guard<std::mutex> lock(mu_);
    return names_;
  }
  void add(std::string name) {
    std::lock_guard<std::mutex> lock(mu_);
    names_.push_back(std::move(name));
  }

private:
  std::mutex mu_;
  std::vector<std::string> names_;
};

class Pointers {
public:
  int *total() {
    std::lock_guard<std::mutex> lock(mu_);
    return &total_;
  }
  void add(int n) {
    std::lock_guard<std::mutex> lock(mu_);
    total_ += n;
  }
  int get() {
    std::lock_guard<std::mutex> lock(mu_);
    return total_;
  }

private:
  std::mutex mu_;
  int total_ = 0;
};

class Recursive {
public:
  void one() {
    std::lock_guard<std::recursive_mutex> lock(again_);
    ++ones_;
    two();
  }
  void two() {
    std::lock_guard<std::recursive_mutex> lock(again_);
    ++ones_;
  }

private:
  std::recursive_mutex again_;
  int ones_ = 0;
};
