// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Renders thumbnails on a few threads, in plain std.
#include "with_std/image_cache.h"
#include "with_std/job_queue.h"

#include <vector>

int main() {
  JobQueue queue;
  ImageCache cache;
  std::vector<std::thread> workers;
  for (int n = 0; n < 2; ++n)
    workers.emplace_back([&queue, &cache] {
      while (auto job = queue.pop())
        cache.get(*job);
    });
  for (int id = 0; id < 8; ++id)
    queue.push({id, "image" + std::to_string(id % 4)});
  queue.list();
  queue.watch();
  queue.close();
  for (std::thread &worker : workers)
    worker.join();
  std::printf("%d of 8 from the cache\n", cache.hits());
}
