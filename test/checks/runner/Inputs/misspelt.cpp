int *p = 0;
// CHECK-MESSAGE: :[[@LINE-1]]:10: warning: use nullptr [modernize-use-nullptr]
