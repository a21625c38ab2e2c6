// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "with_ward/image_cache.h"

#include <ward/drop.h>

std::shared_ptr<const Image> ImageCache::get(const Job &job) {
  auto state = state_.lock();
  if (auto found = state->images.find(job.name); found != state->images.end()) {
    ++state->hits;
    return found->second;
  }
  ward::drop(std::move(state));
  auto image = render(job);
  trace("rendered", job.name);
  return state_.lock()->images[job.name] = image;
}

void ImageCache::trim() {
  if (auto state = state_.try_lock())
    (*state)->images.clear();
}

int ImageCache::hits() {
  // Locks and unlocks at once: it waits for the lock, but protects nothing.
  (void)state_.lock();
  return state_.lock()->hits;
}
