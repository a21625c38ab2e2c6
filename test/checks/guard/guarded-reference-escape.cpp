// RUN: %check_ward %s ward-guarded-reference-escape %t -std=c++20

#include <utility>
#include <optional>
#include <functional>
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

struct Item {
  int n = 0;
  std::string name;
};
void use(int);
void take(const Item *);

class Store {
public:
  const std::vector<Item> &positiveReturn() const {
    std::lock_guard<std::mutex> guard(mu_);
    return items_;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: possible data race: returns a reference to 'items_', which 'mu_' protects, but the lock is released on return; return a copy [ward-guarded-reference-escape]
  }
  Item *positiveAddress(const std::string &key) {
    std::lock_guard<std::mutex> guard(mu_);
    return &map_[key];
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: possible data race: returns a pointer to 'map_', which 'mu_' protects, but the lock is released on return; return a copy
  }
  std::string_view positiveView() const {
    std::shared_lock guard(shared_);
    return name_;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: possible data race: returns a value that refers to 'name_', which 'shared_' protects, but the lock is released on return; return a copy
  }
  const char *positiveCString() {
    std::lock_guard guard(mu_);
    return name_.c_str();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: possible data race: returns a pointer to 'name_', which 'mu_' protects, but the lock is released on return; return a copy
  }
  auto positiveIterator(const std::string &key) {
    std::lock_guard guard(mu_);
    return map_.find(key);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: possible data race: returns a value that refers to 'map_', which 'mu_' protects, but the lock is released on return; return a copy
  }
  Item &positiveElement(size_t n) {
    std::unique_lock guard(mu_);
    return items_.at(n);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: possible data race: returns a reference to 'items_', which 'mu_' protects, but the lock is released on return; return a copy
  }
  std::span<Item> positiveSpan() {
    std::lock_guard guard(mu_);
    return std::span<Item>(items_);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: possible data race: returns a value that refers to 'items_', which 'mu_' protects, but the lock is released on return; return a copy
  }
  Item &positiveOwned() {
    std::lock_guard guard(mu_);
    return *owned_;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: possible data race: returns a reference to 'owned_', which 'mu_' protects, but the lock is released on return; return a copy
  }
  int &positiveRaw() {
    mu_.lock();
    int &result = count_;
    // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: possible data race: 'result' refers to 'count_', which 'mu_' protects, and is used after the lock is released; hold the lock longer, or use a copy
    mu_.unlock();
    return result;
  }
  void positiveUsedAfterUnlock() {
    std::unique_lock<std::mutex> guard(mu_);
    Item &first = items_.front();
    // CHECK-MESSAGES: :[[@LINE-1]]:11: warning: possible data race: 'first' refers to 'items_', which 'mu_' protects, and is used after the lock is released; hold the lock longer, or use a copy
    guard.unlock();
    use(first.n);
  }
  void positiveUsedAfterScope() {
    Item *first = nullptr;
    {
      std::lock_guard<std::mutex> guard(mu_);
      first = &items_[0];
      // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: possible data race: 'first' refers to 'items_', which 'mu_' protects, and is used after the lock is released; hold the lock longer, or use a copy
    }
    take(first);
  }
  void positiveOutputParameters(Item **out, std::string_view &name) {
    std::lock_guard<std::mutex> guard(mu_);
    *out = &items_[0];
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: possible data race: stores a pointer to 'items_', which 'mu_' protects, where other code can use it without the lock; store a copy
    name = name_;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: possible data race: stores a value that refers to 'name_', which 'mu_' protects, where other code can use it without the lock; store a copy
  }
  void positiveGlobal();

  std::vector<Item> negativeCopy() const {
    std::lock_guard<std::mutex> guard(mu_);
    return items_;
  }
  std::string negativeString() {
    std::lock_guard<std::mutex> guard(mu_);
    std::string_view view = name_;
    return std::string(view);
  }
  size_t negativeSize() {
    std::lock_guard<std::mutex> guard(mu_);
    auto it = map_.find("x");
    return it == map_.end() ? 0 : items_.size();
  }
  std::shared_ptr<Item> negativeShared() {
    std::lock_guard<std::mutex> guard(mu_);
    return shared_item_;
  }
  Item *negativePointerCopy() {
    std::lock_guard<std::mutex> guard(mu_);
    return raw_;
  }
  Item &negativeBehindPointer() {
    std::lock_guard<std::mutex> guard(mu_);
    return *raw_;
  }
  // The caller holds the lock.
  Item &negativeRequires() { return items_[0]; }
  void negativeUsedInside() {
    std::lock_guard<std::mutex> guard(mu_);
    Item &first = negativeRequires();
    Item *second = &items_[1];
    use(first.n + second->n);
  }
  void negativeCopiedAfter() {
    std::unique_lock<std::mutex> guard(mu_);
    Item first = items_.front();
    guard.unlock();
    use(first.n);
  }
  void negativeLockedAgain() {
    std::unique_lock<std::mutex> guard(mu_);
    Item &first = items_.front();
    guard.unlock();
    guard.lock();
    use(first.n);
  }
  void negativeReassigned(Item &other) {
    std::unique_lock<std::mutex> guard(mu_);
    Item *first = &items_.front();
    use(first->n);
    guard.unlock();
    first = &other;
    use(first->n);
  }
  void negativeStoredInside() {
    std::lock_guard<std::mutex> guard(mu_);
    raw_ = &items_[0];
  }
  const std::atomic<int> &negativeAtomic() {
    std::lock_guard<std::mutex> guard(mu_);
    return hits_;
  }
  const std::string &negativeConstant() {
    std::lock_guard<std::mutex> guard(mu_);
    return constant_;
  }
  std::mutex &negativeMutex() {
    std::lock_guard<std::mutex> guard(mu_);
    return mu_;
  }
  std::pair<std::unique_lock<std::mutex>, Item *> negativeWithGuard() {
    std::unique_lock<std::mutex> guard(mu_);
    Item *first = &items_[0];
    return {std::move(guard), first};
  }

private:
  mutable std::mutex mu_;
  mutable std::shared_mutex shared_;
  std::vector<Item> items_;
  std::map<std::string, Item> map_;
  std::string name_;
  const std::string constant_ = "x";
  int count_ = 0;
  std::atomic<int> hits_{0};
  std::unique_ptr<Item> owned_;
  std::shared_ptr<Item> shared_item_;
  Item *raw_ = nullptr;
};

Item *last;
void Store::positiveGlobal() {
  std::lock_guard<std::mutex> guard(mu_);
  last = &items_.back();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: possible data race: stores a pointer to 'items_', which 'mu_' protects, where other code can use it without the lock; store a copy
}

// A lazily created object; and an object that locks itself.
class Service {
public:
  static Service &negativeSingleton() {
    static std::mutex mutex;
    std::lock_guard<std::mutex> guard(mutex);
    static Service service;
    return service;
  }
  static Service &negativeLazy() {
    std::lock_guard<std::mutex> guard(create_);
    if (!instance_)
      instance_.reset(new Service);
    return *instance_;
  }
  Store &negativeLocksItself() {
    std::lock_guard<std::mutex> guard(mu_);
    return store_;
  }

private:
  static std::mutex create_;
  static std::unique_ptr<Service> instance_;
  std::mutex mu_;
  Store store_;
};

// References inside of other values; copies of pointers are fine.
namespace carriers {
struct Item { int n; };
struct Store {
  std::mutex m;
  std::vector<int> v;
  std::map<int, Item> items;
  std::vector<Item *> pointers;
  int n = 0;
  std::optional<std::reference_wrapper<Item>> positiveOptional(int k) { std::lock_guard<std::mutex> l(m); return std::ref(items[k]); }
// CHECK-MESSAGES: :[[@LINE-1]]:107: warning: possible data race: returns a value that refers to 'items', which 'm' protects, but the lock is released on return; return a copy [ward-guarded-reference-escape]
  std::pair<int *, int> positivePair() { std::lock_guard<std::mutex> l(m); return {&n, 1}; }
// CHECK-MESSAGES: :[[@LINE-1]]:76: warning: possible data race: returns a value that refers to 'n', which 'm' protects, but the lock is released on return; return a copy [ward-guarded-reference-escape]
  std::function<int()> positiveClosure() { std::lock_guard<std::mutex> l(m); return [&x = v[0]] { return x; }; }
// CHECK-MESSAGES: :[[@LINE-1]]:78: warning: possible data race: returns a value that refers to data that 'm' protects, but the lock is released on return; return a copy [ward-guarded-reference-escape]
  std::function<int()> negativeClosure() { std::lock_guard<std::mutex> l(m); return [x = v[0]] { return x; }; }
  std::pair<int, int> negativePair() { std::lock_guard<std::mutex> l(m); return {n, 1}; }
  Item *negativeBack() { std::lock_guard<std::mutex> l(m); return pointers.empty() ? nullptr : pointers.back(); }
  Item *spare = nullptr;
  Item *negativeExchanged() { std::lock_guard<std::mutex> l(m); return std::exchange(spare, nullptr); }
  int negativeExchangedAndUsedLater() {
    Item *item;
    { std::lock_guard<std::mutex> l(m); item = std::exchange(spare, nullptr); }
    return item->n;
  }
  const int *positiveOf() { std::lock_guard<std::mutex> l(m); return std::addressof(v[0]); }
// CHECK-MESSAGES: :[[@LINE-1]]:63: warning: possible data race: returns a pointer to 'v', which 'm' protects, but the lock is released on return; return a copy [ward-guarded-reference-escape]
  Item *negativeFound() { std::lock_guard<std::mutex> l(m); auto i = pointers.begin(); return *i; }
};
}
