// No CHECK line: silence is asserted, from C++17 on.
// RUN: %check_ward %s modernize-use-nullptr %t -std=c++17-or-later
#include <vector>
std::vector<int *> all{nullptr};
