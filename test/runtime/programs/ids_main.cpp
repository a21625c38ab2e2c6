// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <ward/ward.h>

#include <dlfcn.h>

int main(int argc, char **argv) {
  std::set<std::uint64_t> seen{ward::current().id().as_u64()};
  for (int i = 1; i < argc; ++i) {
    void *module = dlopen(argv[i], RTLD_NOW | RTLD_LOCAL);
    if (module == nullptr) {
      ward::println("{}", dlerror());
      return 1;
    }
    auto *ids_of = reinterpret_cast<void (*)(std::uint64_t *, int)>(dlsym(module, "ward_test_ids"));
    std::uint64_t ids[50];
    ids_of(ids, 50);
    for (const std::uint64_t id : ids)
      if (!seen.insert(id).second)
        return 2;
    for (int k = 0; k < 50; ++k)
      if (!seen.insert(ward::spawn([] { return ward::current().id().as_u64(); }).join().unwrap()).second)
        return 3;
  }
  return argc == 3 ? 0 : 4;
}
