int *p = 0;
