int alone(int n) { return n; }
