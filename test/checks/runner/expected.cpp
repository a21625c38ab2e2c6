// The runner over a check of clang-tidy's own: what is expected is there, in two language modes, and the fix compiles.
// RUN: %check_ward %s modernize-use-nullptr %t -std=c++17,c++20
// RUN: %check_ward %s modernize-use-nullptr %t.notes -check-suffixes=NOTED

int *first = 0;
// CHECK-MESSAGES: :[[@LINE-1]]:14: warning: use nullptr [modernize-use-nullptr]
// CHECK-MESSAGES-NOTED: :[[@LINE-2]]:14: warning: use nullptr
// CHECK-FIXES: int *first = nullptr;
// CHECK-FIXES-NOTED: int *first = nullptr;
