// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "image.h"

#include <ward/mutex.h>

#include <map>

struct CacheState {
  std::map<std::string, std::shared_ptr<const Image>> images;
  int hits = 0;
};

/// Rendered images, by name.
class ImageCache {
public:
  std::shared_ptr<const Image> get(const Job &job);
  /// Drops all images if the cache is not in use.
  void trim();
  int hits();

private:
  ward::Mutex<CacheState> state_;
};
