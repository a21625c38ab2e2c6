// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <ward/println.h>
#include <ward/scope.h>

#include <gtest/gtest.h>

#include <string>

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

} // namespace
