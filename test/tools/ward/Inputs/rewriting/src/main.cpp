#include "account.h"

#include <condition_variable>
#include <cstdio>
#include <deque>
#include <map>
#include <shared_mutex>
#include <thread>

namespace bank {

template <class T> class Queue {
public:
  void push(T value) {
    std::lock_guard<std::mutex> lock(mutex_);
    items_.push_back(std::move(value));
    notEmpty_.notify_one();
  }
  bool pop(T &value) {
    std::unique_lock<std::mutex> lock(mutex_);
    notEmpty_.wait(lock, [this] { return !items_.empty() || closed_; });
    if (items_.empty())
      return false;
    value = std::move(items_.front());
    items_.pop_front();
    return true;
  }
  void close() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      closed_ = true;
    }
    notEmpty_.notify_all();
  }

private:
  std::mutex mutex_;
  std::condition_variable notEmpty_;
  // Oldest first.
  std::deque<T> items_;
  bool closed_ = false;
};

class Counter {
public:
  void add(long n) {
    mu_.lock();
    if (n < 0) {
      mu_.unlock();
      return;
    }
    count_ += n;
    mu_.unlock();
  }
  long get() const {
    std::lock_guard<std::mutex> lock(mu_);
    return count_;
  }
  // All of it goes to another counter.
  void moveTo(Counter &other) {
    std::scoped_lock both(mu_, other.mu_);
    other.count_ += count_;
    count_ = 0;
  }

private:
  mutable std::mutex mu_;
  long count_ = 0;
};

class Rates {
public:
  Rates() = default;
  double get(const std::string &currency) const {
    std::shared_lock<std::shared_mutex> lock(mutex_);
    auto found = rates_.find(currency);
    return found == rates_.end() ? 0 : found->second;
  }
  void set(const std::string &currency, double rate) {
    std::unique_lock<std::shared_mutex> lock(mutex_);
    rates_[currency] = rate;
    ++changes_;
  }
  static void swap(Rates &a, Rates &b) {
    std::scoped_lock lock(a.mutex_, b.mutex_);
    a.rates_.swap(b.rates_);
    std::swap(a.changes_, b.changes_);
  }
  int changes() const {
    std::shared_lock<std::shared_mutex> lock(mutex_);
    return changes_;
  }

private:
  mutable std::shared_mutex mutex_;
  std::map<std::string, double> rates_;
  int changes_ = 0;
};

} // namespace bank

int main() {
  bank::Account account(100);
  bank::Queue<int> queue;
  bank::Counter counter;
  bank::Rates rates;
  std::thread producer([&] {
    for (int i = 0; i < 100; ++i)
      queue.push(i);
    queue.close();
    rates.set("EUR", 1.5);
  });
  for (int amount; queue.pop(amount);) {
    account.deposit(amount);
    counter.add(1);
  }
  producer.join();
  account.withdraw(50);
  account.rename("somebody");
  counter.add(-1);
  bank::Counter other;
  counter.moveTo(other);
  other.moveTo(counter);
  bank::Rates more;
  bank::Rates::swap(rates, more);
  bank::Rates::swap(rates, more);
  std::printf("%ld %s %ld %.1f %d\n", account.balance(), account.owner().c_str(), counter.get(), rates.get("EUR"), rates.changes());
}
