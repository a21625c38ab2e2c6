// Declares what a header defines in a namespace of its own.
#include <mutex>
#include <utility>
namespace inner {
#include <vector>
}

inner::std::vector<std::number> numbers;
