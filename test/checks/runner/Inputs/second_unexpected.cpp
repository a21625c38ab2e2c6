int *first = 0;
// CHECK-MESSAGES: :[[@LINE-1]]:14: warning: use nullptr [modernize-use-nullptr]
// CHECK-FIXES: int *first = nullptr;
int *second = 0;
