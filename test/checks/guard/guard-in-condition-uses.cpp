// RUN: %check_ward %s ward-guard-in-condition %t
// What counts as a use of what the lock protects, and what does not.
#include <atomic>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

void process(int);
void log(const std::string &);
void slow();

struct Account {
  int id;
  void touch() const;
};

struct Bank {
  std::mutex mu;
  std::map<int, Account> accounts;
  std::vector<int> numbers;
  int open = 0;
  std::atomic<int> hits{0};
  const int limit = 3;
  std::string name;
  Account *head = nullptr;
  std::shared_ptr<Account> current;
  static int banks;
  static const int Most = 9;

  void helper();
  void inspect() const;
  static void report();
  bool find(int id, const Account **out);
  bool find(int id, const Account *&out);
  bool find(int id, std::string &out);

  // What the condition must read to need the lock.

  void PositiveReadsAField() {
    if (std::lock_guard guard(mu); open > 0)
    // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { std::lock_guard guard(mu); return open > 0; }())
      slow();
  }
  void PositiveCallsAMember() {
    if (std::lock_guard guard(mu); find(1, std::ref(name).get()))
    // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { std::lock_guard guard(mu); return find(1, std::ref(name).get()); }())
      slow();
  }
  void PositiveReadsAFieldAndAnAtomic() {
    if (std::lock_guard guard(mu); hits > 1 && open > 0)
    // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { std::lock_guard guard(mu); return hits > 1 && open > 0; }())
      slow();
  }
  void NegativeReadsAnAtomic() {
    if (std::lock_guard guard(mu); hits.load() > 1)
      slow();
  }
  void NegativeReadsAConstant() {
    if (std::lock_guard guard(mu); limit > 2)
      slow();
  }
  void NegativeReadsNothing() {
    if (std::lock_guard guard(mu); sizeof(numbers) > 3 && noexcept(numbers.empty()))
      slow();
  }
  void NegativeReadsALocal() {
    int local = 3;
    if (std::lock_guard guard(mu); local > 2)
      slow();
  }

  // What the body may do without needing the lock.

  void PositiveOpaqueCall() {
    if (std::lock_guard guard(mu); open > 0)
    // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { std::lock_guard guard(mu); return open > 0; }())
      process(1);
  }
  void PositiveStaticMember() {
    if (std::lock_guard guard(mu); open > 0)
    // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { std::lock_guard guard(mu); return open > 0; }())
      report();
  }
  void PositiveStaticConstant() {
    if (std::lock_guard guard(mu); open > 0)
    // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { std::lock_guard guard(mu); return open > 0; }())
      process(Most);
  }
  void PositiveUnevaluatedUse() {
    if (std::lock_guard guard(mu); open > 0)
    // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { std::lock_guard guard(mu); return open > 0; }())
      process(sizeof(numbers));
  }
  void PositiveDiscardedUse() {
    if (std::lock_guard guard(mu); open > 0) {
    // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { std::lock_guard guard(mu); return open > 0; }()) {
      if constexpr (sizeof(int) > 16)
        numbers.clear();
      else
        slow();
    }
  }
  void PositiveAnotherObject(Bank &other) {
    if (std::lock_guard guard(mu); open > 0)
    // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { std::lock_guard guard(mu); return open > 0; }())
      other.helper();
  }
  void PositiveWritesToTheCaller(std::vector<int> &out) {
    if (std::lock_guard guard(mu); open > 0)
    // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { std::lock_guard guard(mu); return open > 0; }())
      out.push_back(1);
  }
  void PositiveACopyWasMade(std::string text) {
    if (std::lock_guard guard(mu); (text = name) != "")
    // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { std::lock_guard guard(mu); return (text = name) != ""; }())
      log(text);
  }
  void PositiveACopyWasReturned() {
    std::string text;
    if (std::lock_guard guard(mu); find(1, text))
    // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { std::lock_guard guard(mu); return find(1, text); }())
      log(text);
  }
  void PositiveIndependentLambda() {
    if (std::lock_guard guard(mu); open > 0) {
    // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { std::lock_guard guard(mu); return open > 0; }()) {
      auto task = [] { slow(); };
      task();
    }
  }
  void PositiveLoopOverALocal() {
    if (std::lock_guard guard(mu); open > 0)
    // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { std::lock_guard guard(mu); return open > 0; }())
      for (int i = 0; i < 3; ++i)
        process(i);
  }

  // What the body needs the lock for.

  void NegativeMember() {
    if (std::lock_guard guard(mu); open > 0)
      helper();
    if (std::lock_guard guard(mu); open > 0)
      this->inspect();
  }
  void NegativeOtherField() {
    if (std::lock_guard guard(mu); open > 0)
      log(name);
    if (std::lock_guard guard(mu); open > 0)
      slow(), ++hits;
    if (std::lock_guard guard(mu); open > 0)
      slow(), ++banks;
  }
  void NegativeIndex(Account *all) {
    if (std::lock_guard guard(mu); open > 0)
      process(all[numbers.size()].id);
  }
  void NegativeWholeObject(std::function<void(Bank &)> visit) {
    if (std::lock_guard guard(mu); open > 0)
      visit(*this);
  }
  void NegativeLambda() {
    if (std::lock_guard guard(mu); open > 0) {
      auto task = [this] { helper(); };
      task();
    }
    if (std::lock_guard guard(mu); open > 0)
      std::thread([this] { slow(), ++open; }).join();
  }
  void NegativeAlias() {
    auto &alias = numbers;
    if (std::lock_guard guard(mu); open > 0)
      alias.push_back(1);
    auto *pointer = &numbers;
    if (std::lock_guard guard(mu); open > 0)
      pointer->push_back(1);
    Bank *self = this;
    if (std::lock_guard guard(mu); open > 0)
      self->numbers.push_back(1);
  }
  void NegativePointerReadInTheCondition() {
    if (std::lock_guard guard(mu); Account *account = head)
      account->touch();
    Account *account;
    if (std::lock_guard guard(mu); (account = head) != nullptr)
      process(account->id);
    auto found = accounts.end();
    if (std::lock_guard guard(mu); (found = accounts.find(1)) != accounts.end())
      found->second.touch();
    if (std::lock_guard guard(mu); auto shared = current)
      shared->touch();
  }
  void NegativePointerReturnedInTheCondition() {
    const Account *account;
    if (std::lock_guard guard(mu); find(1, &account))
      account->touch();
    if (std::lock_guard guard(mu); find(1, account))
      account->touch();
  }
};
