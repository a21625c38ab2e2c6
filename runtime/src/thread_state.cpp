// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ward's state of each thread: the address of the ABI's exception count, the current thread's record, thread ids.
#include <ward/detail/abi.h>

#include <atomic>
#include <cerrno>
#include <pthread.h>

#if defined(__linux__)
#include <cstddef>
#include <cstring>
#include <dlfcn.h>
#include <link.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

#if defined(__linux__)
#pragma weak dladdr // in libdl before glibc 2.34, which a program need not link
#pragma weak dlopen
#endif

constinit thread_local ward_tls_block ward_tls{nullptr, nullptr};

// The Itanium C++ ABI, 2.2.2: the per-thread block begins with the stack of caught exceptions and the count of uncaught
// ones. Weak: without such a function in the C++ library, the portable implementation is used.
struct ward_abi_eh_globals {
  void *caught_exceptions;
  unsigned uncaught_exceptions;
};
extern "C" ward_abi_eh_globals *__cxa_get_globals() noexcept __attribute__((weak));

const unsigned *ward_find_uncaught_exceptions() noexcept {
  if (__cxa_get_globals == nullptr)
    return nullptr;
  return ward_tls.uncaught_exceptions = &__cxa_get_globals()->uncaught_exceptions;
}

// A shared object that links libward.a statically has a counter of its own. Ids are unique nevertheless: each counter
// starts at a random number of 64 bits, so that two sequences of ids do not overlap. (Two copies that each start 2^32
// threads overlap with probability 2^-31.)
std::uint64_t ward_next_thread_id() noexcept {
  static std::atomic<std::uint64_t> next{0};
  // relaxed: only uniqueness is required; nothing else is published with an id.
  std::uint64_t seen = next.load(std::memory_order_relaxed);
  if (seen == 0) {
    std::uint64_t start = 0;
#if defined(__linux__)
    const int saved = errno;
    if (getrandom(&start, sizeof start, GRND_NONBLOCK) != static_cast<ssize_t>(sizeof start))
      start = 0;
    errno = saved;
#endif
    if (start == 0)
      start = static_cast<std::uint64_t>(ward_steady_now()) * 0x9e3779b97f4a7c15u ^
              reinterpret_cast<std::uintptr_t>(&next);
    start |= 1; // never 0
    next.compare_exchange_strong(seen, start, std::memory_order_relaxed);
  }
  return next.fetch_add(1, std::memory_order_relaxed);
}

bool ward_is_main_thread() noexcept {
#if defined(__linux__)
  return static_cast<pid_t>(syscall(SYS_gettid)) == getpid();
#else
  return false;
#endif
}

namespace {

// The record must outlive the thread's C++ thread_locals, whose destructors may call current(), and the destructors of
// other pthread keys: it is released in the last round of destructors that pthreads guarantee. The key's value counts the
// rounds; it must not be null, and must not need memory.
constexpr std::uintptr_t last_round = 3;
pthread_key_t exit_key;
int exit_key_error;

extern "C" void ward_run_exit_hook(void *round) {
  const auto number = reinterpret_cast<std::uintptr_t>(round);
  if (number < last_round && pthread_setspecific(exit_key, reinterpret_cast<void *>(number + 1)) == 0)
    return;
  ward_thread_header *record = ward_tls.current_thread;
  ward_tls.current_thread = nullptr;
  if (record != nullptr)
    record->release_reference(record);
}

// The key's function must be there when a thread ends, also if it is in a plugin that is closed before.
void stay_loaded() noexcept {
#if defined(__linux__)
  Dl_info info{};
  if (dladdr != nullptr && dlopen != nullptr && dladdr(reinterpret_cast<void *>(&ward_run_exit_hook), &info) != 0 &&
      info.dli_fname != nullptr)
    dlopen(info.dli_fname, RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE); // fails for the program itself, which stays anyway
#endif
}

extern "C" void ward_make_exit_key() {
  exit_key_error = pthread_key_create(&exit_key, ward_run_exit_hook);
  if (exit_key_error == 0)
    stay_loaded();
}

} // namespace

int ward_at_thread_exit(ward_thread_header *) noexcept {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, ward_make_exit_key);
  if (exit_key_error != 0)
    return exit_key_error;
  return pthread_setspecific(exit_key, reinterpret_cast<void *>(std::uintptr_t{1}));
}

// ---- Several copies of this library in one process: a program and a plugin that both link libward.a. A thread must have
// one record, or unpark() by one copy would not reach park() in the other. Each copy leaves a note in its ELF file, by
// which the others find its function.
#if defined(__linux__) && defined(__ELF__) && (defined(__GNUC__) || defined(__clang__))

extern "C" __attribute__((visibility("hidden"), used)) ward_thread_header *ward_current_of_this_copy() noexcept {
  return ward_tls.current_thread;
}

// Owner "Ward", type 1 (the layout of ward_thread_header and of what follows it); the distance to the function.
asm(".pushsection .note.ward,\"a\",%note\n"
    ".balign 4\n"
    ".long 5, 4, 1\n"
    ".asciz \"Ward\"\n"
    ".balign 4\n"
    ".long ward_current_of_this_copy - .\n"
    ".popsection\n");

namespace {

using CurrentOfCopy = ward_thread_header *(*)() noexcept;

std::size_t padded(std::size_t size, std::size_t alignment) noexcept { return (size + alignment - 1) / alignment * alignment; }

// The function of the copy in this ELF segment of notes, or null.
CurrentOfCopy find_copy(const unsigned char *notes, std::size_t size, std::size_t alignment) noexcept {
  struct Header {
    std::uint32_t name_size, size, type;
  };
  for (std::size_t at = 0; at + sizeof(Header) <= size;) {
    Header header{};
    std::memcpy(&header, notes + at, sizeof header);
    const std::size_t name = at + sizeof header, body = padded(name + header.name_size, alignment);
    if (body + header.size > size)
      return nullptr;
    if (header.type == 1 && header.name_size == 5 && header.size == 4 && std::memcmp(notes + name, "Ward", 5) == 0) {
      std::int32_t distance = 0;
      std::memcpy(&distance, notes + body, sizeof distance);
      return reinterpret_cast<CurrentOfCopy>(reinterpret_cast<std::uintptr_t>(notes + body) +
                                             static_cast<std::uintptr_t>(static_cast<std::intptr_t>(distance)));
    }
    at = padded(body + header.size, alignment);
  }
  return nullptr;
}

// Called with the loader's lock held: no copy is unloaded meanwhile.
extern "C" int ward_ask_object(dl_phdr_info *object, std::size_t, void *found) {
  for (int i = 0; i < object->dlpi_phnum; ++i) {
    const auto &segment = object->dlpi_phdr[i];
    if (segment.p_type != PT_NOTE)
      continue;
    const std::size_t alignment = segment.p_align == 8 ? 8 : 4;
    const CurrentOfCopy current =
        find_copy(reinterpret_cast<const unsigned char *>(object->dlpi_addr + segment.p_vaddr), segment.p_memsz, alignment);
    ward_thread_header *record = current != nullptr ? current() : nullptr;
    if (record == nullptr)
      continue;
    record->retain_reference(record);
    *static_cast<ward_thread_header **>(found) = record;
    return 1;
  }
  return 0;
}

} // namespace

ward_thread_header *ward_find_current_thread() noexcept {
  ward_thread_header *found = nullptr;
  dl_iterate_phdr(ward_ask_object, &found);
  return found;
}

#else

ward_thread_header *ward_find_current_thread() noexcept { return nullptr; }

#endif
