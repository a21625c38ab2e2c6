// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <ward/mutex.h>
#include <ward/spawn.h>
#include <ward/static.h>

#include <gtest/gtest.h>

#include <string>
#include <vector>

ward::Mutex<int> shared_counter(0); // external linkage, so that it can be a template argument
static const std::string words("static");

namespace {

TEST(Static, LeakedValuesMayGoAnywhere) {
  const ward::Static<std::vector<int>> x = ward::leak(std::vector<int>{1, 2, 3});
  const auto y = x;
  EXPECT_EQ(ward::spawn([](ward::Static<std::vector<int>> v) { return v->size(); }, y).join().unwrap(), 3u);
  EXPECT_EQ(*ward::leak(std::make_unique<int>(4)), 4);
  const std::string copied("c");
  EXPECT_EQ(ward::leak(copied).get(), "c");
  EXPECT_THROW((void)ward::leak(std::unique_ptr<int>()), ward::Panic);
}

TEST(Static, OfGlobals) {
  const auto counter = ward::Static<ward::Mutex<int>>::of<shared_counter>();
  ward::spawn([](ward::Static<ward::Mutex<int>> c) { *c->lock() += 1; }, counter).join().unwrap();
  EXPECT_EQ(*shared_counter.lock(), 1);
  EXPECT_EQ(*ward::Static<std::string>::of<words>(), "static");
}

} // namespace
