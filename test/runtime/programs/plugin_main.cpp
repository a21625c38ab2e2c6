// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A program and a plugin that each have their own copy of libward.a: a thread has one record, whichever copy asks first;
// and the plugin may be closed while threads live that called into it.
#include <ward/ward.h>

#include <cstdio>
#include <dlfcn.h>
#include <thread>

namespace {

template <class F> F *find(void *plugin, const char *name) { return reinterpret_cast<F *>(dlsym(plugin, name)); }
int failures = 0;
void check(bool ok, const char *what) {
  if (!ok)
    std::printf("wrong: %s\n", what), ++failures;
}

} // namespace

int main(int argc, char **argv) {
  if (argc != 2)
    return 2;
  void *plugin = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
  if (plugin == nullptr) {
    std::printf("%s\n", dlerror());
    return 2;
  }
  static const auto id = find<std::uint64_t()>(plugin, "plugin_id");
  static const auto park = find<void()>(plugin, "plugin_park");

  // The program's unpark() reaches the plugin's park().
  const auto begin = std::chrono::steady_clock::now();
  auto parked = ward::spawn([] { park(); });
  parked.thread().unpark();
  std::move(parked).join().unwrap();
  check(std::chrono::steady_clock::now() - begin < std::chrono::seconds(20), "unpark() did not reach the other copy");

  check(id() == ward::current().id().as_u64(), "two ids of the main thread");
  check(ward::spawn([] { return id() == ward::current().id().as_u64(); }).join().unwrap(), "two ids, the program first");
  bool same = false;
  std::thread([&same] { // the plugin asks first
    const std::uint64_t there = id();
    same = there == ward::current().id().as_u64();
  }).join();
  check(same, "two ids, the plugin first");
  check(ward::spawn([] { return id(); }).join().unwrap() != id(), "one id for two threads");

  // The plugin is closed before a thread ends that it knows.
  std::atomic<int> step{0};
  std::thread known([&step] {
    (void)id();
    step = 1;
    step.notify_all();
    step.wait(1);
  });
  step.wait(0);
  check(dlclose(plugin) == 0, "dlclose");
  step = 2;
  step.notify_all();
  known.join();
  std::printf("%d failures\n", failures);
  return failures;
}
