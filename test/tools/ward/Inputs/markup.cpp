#include <mutex>
std::mutex mutex;
void closes() {
  std::lock_guard<std::mutex>{mutex}; // </script><script>alert(1)</script>
}
