// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Whole lines to stdout, and panic messages to stderr. printf and puts acquire the lock of flockfile too, so that
// Ward's lines do not interleave with theirs; it is reentrant and shared by all shared objects of the process.
#include <ward/detail/abi.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <unistd.h>

void ward_stdout_lock() noexcept { flockfile(stdout); }
void ward_stdout_unlock() noexcept { funlockfile(stdout); }
bool ward_stdout_write(const char *data, std::size_t size) noexcept {
  return std::fwrite(data, 1, size, stdout) == size;
}
bool ward_stdout_flush() noexcept { return std::fflush(stdout) == 0; }

void ward_stderr_write(const char *data, std::size_t size) noexcept {
  while (size > 0) {
    const ssize_t written = write(STDERR_FILENO, data, size);
    if (written < 0 && errno == EINTR)
      continue;
    if (written <= 0)
      return;
    data += written;
    size -= static_cast<std::size_t>(written);
  }
}

const char *ward_thread_name_for_messages() noexcept {
  if (ward_tls.current_thread != nullptr && ward_tls.current_thread->name != nullptr)
    return ward_tls.current_thread->name;
  return ward_is_main_thread() ? "main" : "<unnamed>";
}

void ward_report_panic(const char *thread_name, const char *message) noexcept {
  char line[1024];
  const bool complete = std::strncmp(message, "thread '", 8) == 0; // the text of a ward::Panic
  int length = complete ? std::snprintf(line, sizeof line, "%s\n", message)
                        : std::snprintf(line, sizeof line, "thread '%s' panicked: %s\n",
                                        thread_name != nullptr ? thread_name : "<unnamed>", message);
  if (length < 0)
    return;
  if (static_cast<std::size_t>(length) >= sizeof line) {
    length = sizeof line - 1;
    line[length - 1] = '\n';
  }
  ward_stderr_write(line, static_cast<std::size_t>(length));
}

void ward_panic_and_terminate(const char *message) noexcept {
  ward_report_panic(ward_thread_name_for_messages(), message);
  std::terminate();
}

extern "C" void __lsan_ignore_object(const void *) __attribute__((weak));

void ward_mark_leaked(const void *object) noexcept {
  if (__lsan_ignore_object != nullptr)
    __lsan_ignore_object(object);
}
