// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <ward/mutex.h>
#include <ward/println.h>
#include <ward/scope.h>
#include <ward/sleep.h>

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#if defined(__linux__)
#include <fcntl.h>
#include <stdio_ext.h>
#include <unistd.h>
#endif

namespace {

TEST(Println, PlaceholdersAndBraces) {
  testing::internal::CaptureStdout();
  ward::println("{} and {}: {{}}", 1, std::string("two"));
  ward::println("plain");
  ward::println();
  std::fflush(stdout);
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "1 and two: {}\nplain\n\n");
}

TEST(Println, LinesStayWhole) {
  testing::internal::CaptureStdout();
  ward::scope([](ward::Scope &s) {
    for (int t = 0; t < 4; ++t)
      s.spawn([t] {
        for (int i = 0; i < 200; ++i) {
          ward::println("{}{}{}{}{}{}{}{}", t, t, t, t, t, t, t, t);
          if (i % 50 == 0) {
            const ward::StdoutLock lock;
            lock.println("<{}", t);
            ward::println("{}>", t);
          }
        }
      });
  });
  std::fflush(stdout);
  const std::string out = testing::internal::GetCapturedStdout();
  std::size_t lines = 0;
  for (std::size_t at = 0; at < out.size();) {
    const std::size_t end = out.find('\n', at);
    ASSERT_NE(end, std::string::npos);
    const std::string line = out.substr(at, end - at);
    if (line[0] == '<') { // the next line belongs to the same block
      EXPECT_EQ(out.substr(end + 1, 3), line.substr(1) + ">\n");
    } else if (line.back() != '>') {
      EXPECT_EQ(line, std::string(8, line[0]));
    }
    ++lines;
    at = end + 1;
  }
  EXPECT_EQ(lines, 4u * (200 + 2 * 4));
}

#if !defined(__cpp_lib_format) && !defined(WARD_FORMAT_FMT)
struct Hexadecimal {
  unsigned value;
  friend std::ostream &operator<<(std::ostream &out, Hexadecimal h) { return out << "0x" << std::hex << h.value; }
};
struct Fails {
  friend std::ostream &operator<<(std::ostream &out, Fails) {
    out.setstate(std::ios::failbit);
    return out;
  }
};
TEST(Println, EachArgumentIsFormattedAlone) {
  testing::internal::CaptureStdout();
  ward::println("{} {} {}", Hexadecimal{255}, 10, true);
  ward::println("before {} after {}", Fails{}, 10);
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "0xff 10 true\nbefore  after 10\n");
}

struct Locks {
  const ward::Mutex<int> *balance;
  std::atomic<bool> *begun;
  friend std::ostream &operator<<(std::ostream &out, const Locks &l) {
    *l.begun = true;
    return out << *l.balance->lock();
  }
};
TEST(Println, FormatsBeforeItLocksStdout) {
  testing::internal::CaptureStdout();
  const ward::Mutex<int> balance(10);
  std::atomic<bool> begun{false};
  ward::scope([&](ward::Scope &s) {
    auto held = balance.lock();
    s.spawn([&] { ward::println("account: {}", Locks{&balance, &begun}); });
    while (!begun)
      ward::yield_now();
    ward::println("balance: {}", *held);
  });
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "balance: 10\naccount: 10\n");
}
#endif

#if defined(__linux__)
TEST(Println, AFullDeviceIsAnError) {
  std::fflush(stdout);
  const int kept = dup(STDOUT_FILENO);
  const int full = open("/dev/full", O_WRONLY);
  ASSERT_GE(full, 0);
  dup2(full, STDOUT_FILENO);
  bool told = false, told_again = false;
  try {
    ward::println("lost {}", 1);
  } catch (const std::system_error &e) {
    told = e.code().value() == ENOSPC;
  }
  try {
    ward::StdoutLock().write("lost\n");
  } catch (const std::system_error &e) {
    told_again = e.code().value() == ENOSPC;
  }
  std::clearerr(stdout);
  __fpurge(stdout);
  dup2(kept, STDOUT_FILENO);
  close(kept);
  close(full);
  EXPECT_TRUE(told);
  EXPECT_TRUE(told_again);
}
#endif

} // namespace
