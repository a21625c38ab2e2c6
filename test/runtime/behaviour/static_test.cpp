// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <ward/mutex.h>
#include <ward/spawn.h>
#include <ward/static.h>

#include <gtest/gtest.h>

#include <string>
#include <vector>

ward::Mutex<int> shared_counter(0); // external linkage, so that it can be a template argument
static const ward::NoDestructor<std::string> words("static");
static const ward::NoDestructor<ward::Mutex<std::vector<int>>> queue;
constinit static const ward::NoDestructor<ward::Mutex<int>> constant(7);

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

TEST(Static, NoDestructorIsNeverDestroyed) {
  static int destroyed = 0;
  struct Counts {
    int value;
    ~Counts() { ++destroyed; }
  };
  alignas(ward::NoDestructor<Counts>) unsigned char place[sizeof(ward::NoDestructor<Counts>)];
  auto *made = ::new (place) ward::NoDestructor<Counts>(Counts{5});
  EXPECT_EQ(destroyed, 1); // the temporary
  EXPECT_EQ((*made)->value, 5);
  made->~NoDestructor();
  EXPECT_EQ(destroyed, 1);
  EXPECT_EQ(*constant->lock(), 7);
  const auto shared = ward::Static<ward::Mutex<std::vector<int>>>::of<queue>();
  ward::spawn([](ward::Static<ward::Mutex<std::vector<int>>> q) { q->lock()->push_back(1); }, shared).join().unwrap();
  EXPECT_EQ(queue->lock()->size(), 1u);
}

} // namespace
