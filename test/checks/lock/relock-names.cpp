// RUN: %check_ward %s ward-relock %t -std=c++20
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Messages name a lock as the source writes it: `->` after a pointer, an element as such, nothing from the inside of a library.
#include <map>
#include <memory>
#include <mutex>
#include <vector>

struct Wallet {
  std::mutex mu;
  int state = 0;
};

struct Owner {
  Wallet own;
  Wallet *borrowed;
  std::unique_ptr<Wallet> owned;
  std::vector<std::unique_ptr<Wallet>> all;
  Wallet fixed[4];

  void positiveMember() {
    std::lock_guard<std::mutex> a(own.mu);
    std::lock_guard<std::mutex> b(own.mu);
    // CHECK-MESSAGES: :[[@LINE-1]]:33: warning: deadlock: 'own.mu' is acquired while this thread already holds it; it is not reentrant [ward-relock]
  }
  void positivePointer() {
    std::lock_guard<std::mutex> a(borrowed->mu);
    std::lock_guard<std::mutex> b((*borrowed).mu);
    // CHECK-MESSAGES: :[[@LINE-1]]:33: warning: deadlock: 'borrowed->mu' is acquired while this thread already holds it; it is not reentrant [ward-relock]
  }
  void positiveSmartPointer() {
    std::lock_guard<std::mutex> a(owned->mu);
    std::lock_guard<std::mutex> b(owned.get()->mu);
    // CHECK-MESSAGES: :[[@LINE-1]]:33: warning: deadlock: 'owned->mu' is acquired while this thread already holds it; it is not reentrant [ward-relock]
  }
};

void positiveParameter(Wallet *wallet) {
  std::lock_guard<std::mutex> a(wallet->mu);
  std::lock_guard<std::mutex> b(wallet->mu);
  // CHECK-MESSAGES: :[[@LINE-1]]:31: warning: deadlock: 'wallet->mu' is acquired while this thread already holds it; it is not reentrant [ward-relock]
}
void positiveReference(Wallet &wallet) {
  std::lock_guard<std::mutex> a(wallet.mu);
  std::lock_guard<std::mutex> b(wallet.mu);
  // CHECK-MESSAGES: :[[@LINE-1]]:31: warning: deadlock: 'wallet.mu' is acquired while this thread already holds it; it is not reentrant [ward-relock]
}
void positiveShared(const std::shared_ptr<Owner> &owner) {
  std::lock_guard<std::mutex> a(owner->borrowed->mu);
  std::lock_guard<std::mutex> b(owner->borrowed->mu);
  // CHECK-MESSAGES: :[[@LINE-1]]:31: warning: deadlock: 'owner->borrowed->mu' is acquired while this thread already holds it; it is not reentrant [ward-relock]
}

// A guard in a macro of the project: the warning is at its use, and so is each note.
#define LOCK(m) std::lock_guard<std::mutex> guard(m)
void positiveMacro(Wallet *wallet) {
  LOCK(wallet->mu);
  {
    LOCK(wallet->mu);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: deadlock: 'wallet->mu' is acquired while this thread already holds it; it is not reentrant [ward-relock]
    // CHECK-MESSAGES: :[[@LINE-4]]:3: note: acquired here
  }
}

void negativeTwoPointers(Wallet *one, Wallet *two) {
  std::lock_guard<std::mutex> a(one->mu);
  std::lock_guard<std::mutex> b(two->mu);
}
void negativeElements(Owner &owner) {
  std::lock_guard<std::mutex> a(owner.fixed[0].mu);
  std::lock_guard<std::mutex> b(owner.fixed[1].mu);
}
void negativeOneAfterTheOther(Wallet *wallet) {
  { std::lock_guard<std::mutex> a(wallet->mu); }
  std::lock_guard<std::mutex> b(wallet->mu);
}
