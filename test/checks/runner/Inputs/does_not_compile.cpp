int *p = nullptr
