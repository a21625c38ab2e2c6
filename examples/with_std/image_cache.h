// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "image.h"

#include <map>
#include <mutex>

/// Rendered images, by name.
class ImageCache {
public:
  std::shared_ptr<const Image> get(const Job &job);
  /// Drops all images if the cache is not in use.
  void trim();
  int hits();

private:
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const Image>> images_;
  int hits_ = 0;
};
