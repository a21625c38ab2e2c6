// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "with_std/image_cache.h"

std::shared_ptr<const Image> ImageCache::get(const Job &job) {
  std::shared_ptr<const Image> image;
  // Held while the image is rendered, so that the workers wait for each other and nothing runs in parallel.
  if (std::unique_lock lock(mutex_); !images_.contains(job.name)) {
    image = render(job);
    trace("rendered", job.name);
  }
  std::lock_guard lock(mutex_);
  if (image)
    images_[job.name] = image;
  else
    ++hits_;
  return images_[job.name];
}

void ImageCache::trim() {
  // The result is ignored, and the mutex is never unlocked.
  if (!images_.empty())
    mutex_.try_lock();
  images_.clear();
}

int ImageCache::hits() {
  // A temporary: unlocks at the semicolon.
  std::lock_guard<std::mutex>{mutex_};
  return hits_;
}
