// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <ward/fetch_update.h>
#include <ward/result.h>

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>

namespace {

TEST(Result, ValueAndError) {
  auto ok = ward::Result<std::unique_ptr<int>, std::string>::ok(std::make_unique<int>(1));
  EXPECT_TRUE(ok.has_value());
  EXPECT_EQ(*ok.value(), 1);
  EXPECT_EQ(*std::move(ok).unwrap(), 1);
  auto err = ward::Result<int, std::string>::err("why");
  EXPECT_FALSE(err);
  EXPECT_EQ(err.error(), "why");
  EXPECT_THROW((void)std::move(err).unwrap(), ward::Panic);
  EXPECT_EQ((ward::Result<int, std::string>::err("why").unwrap_err()), "why");
  EXPECT_EQ((ward::Result<int, std::string>::err("why").unwrap_or(7)), 7);
  EXPECT_THROW((void)(ward::Result<int, std::string>::ok(1).unwrap_err()), ward::Panic);
}

TEST(Result, ExceptionsComeOutAsThemselves) {
  auto r = ward::Result<void>::err(std::make_exception_ptr(std::runtime_error("x")));
  EXPECT_THROW(std::move(r).unwrap(), std::runtime_error);
  auto s = ward::Result<void, std::logic_error>::err(std::logic_error("y"));
  EXPECT_THROW(std::move(s).unwrap(), std::logic_error);
}

TEST(Result, OfNothingAndOfAReference) {
  ward::Result<void>::ok().unwrap();
  int x = 1;
  auto r = ward::Result<int &>::ok(x);
  EXPECT_EQ(&std::move(r).unwrap(), &x);
}

TEST(Result, MovesAndAssigns) {
  auto a = ward::Result<std::string, int>::ok("a");
  auto b = std::move(a);
  b = ward::Result<std::string, int>::err(3);
  EXPECT_EQ(std::move(b).unwrap_err(), 3);
}

template <class R>
concept UnwrapsLvalue = requires(R &r) { r.unwrap(); };
static_assert(!UnwrapsLvalue<ward::Result<int>>);

TEST(FetchUpdate, ReplacesOrDeclines) {
  std::atomic<int> a{7};
  const auto relaxed = std::memory_order_relaxed;
  EXPECT_EQ(ward::fetch_update(a, relaxed, relaxed, [](int v) { return std::optional(v + 1); }).unwrap(), 7);
  EXPECT_EQ(ward::fetch_update(a, relaxed, relaxed, [](int) { return std::optional<int>(); }).unwrap_err(), 8);
  EXPECT_EQ(a, 8);
}

TEST(Result, ValueAndErrorAreChecked) {
  const auto good = ward::Result<std::string>::ok("v");
  const auto bad = ward::Result<std::string>::err(std::make_exception_ptr(1));
  EXPECT_EQ(good.value(), "v");
  EXPECT_THROW((void)bad.value(), ward::Panic);
  EXPECT_THROW((void)good.error(), ward::Panic);
  EXPECT_NE(bad.error(), nullptr);
  int n = 1;
  const auto reference = ward::Result<int &, int>::err(2);
  EXPECT_THROW((void)reference.value(), ward::Panic);
  EXPECT_EQ(&ward::Result<int &>::ok(n).value(), &n);
}

template <class F>
concept Updates = requires(std::atomic<int> &a, F f) {
  ward::fetch_update(a, std::memory_order_relaxed, std::memory_order_relaxed, f);
};
TEST(FetchUpdate, TheFunctionCannotChangeWhatIsCompared) { // it would try for ever
  const auto by_reference = [](int &v) { return std::optional(++v); };
  const auto by_value = [](int v) { return std::optional(++v); };
  static_assert(!Updates<decltype(by_reference)> && Updates<decltype(by_value)>);
}

} // namespace
