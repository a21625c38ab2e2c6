// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Used by both versions of the example: a job names an image, and rendering it takes some time.
#pragma once

#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <thread>

struct Job {
  int id = 0;
  std::string name;
};

struct Image {
  std::string pixels;
};

inline std::shared_ptr<const Image> render(const Job &job) {
  std::this_thread::sleep_for(std::chrono::milliseconds(2));
  return std::make_shared<const Image>(Image{job.name});
}

inline void trace(const char *what, const std::string &name) { std::fprintf(stderr, "%s %s\n", what, name.c_str()); }
