// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What Rust's alloc/src/sync/tests.rs and alloc/src/rc/tests.rs assert.
#include <ward/arc.h>
#include <ward/mutex.h>
#include <ward/rc.h>
#include <ward/scope.h>

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace {

template <class T> class Counted : public testing::Test {};
struct AsArc {
  template <class T> using Strong = ward::Arc<T>;
  template <class T> using Weak = ward::ArcWeak<T>;
};
struct AsRc {
  template <class T> using Strong = ward::Rc<T>;
  template <class T> using Weak = ward::RcWeak<T>;
};
using Kinds = testing::Types<AsArc, AsRc>;
TYPED_TEST_SUITE(Counted, Kinds);

TYPED_TEST(Counted, CountsAndClones) {
  using P = typename TypeParam::template Strong<std::string>;
  auto a = P::make("shared");
  EXPECT_EQ(a.strong_count(), 1u);
  auto b = a.clone();
  EXPECT_EQ(a.strong_count(), 2u);
  EXPECT_TRUE(P::ptr_eq(a, b));
  EXPECT_FALSE(P::ptr_eq(a, P::make("shared")));
  EXPECT_EQ(*b, "shared");
  EXPECT_EQ(b->size(), 6u);
  static_assert(std::is_same_v<decltype(*a), const std::string &>);
  static_assert(!std::is_copy_constructible_v<P>);
  b = a.clone();
  EXPECT_EQ(a.strong_count(), 2u);
}

TYPED_TEST(Counted, AssigningOverAHandleDropsWhatItHeld) {
  using P = typename TypeParam::template Strong<std::shared_ptr<int>>;
  const auto first = std::make_shared<int>(1), second = std::make_shared<int>(2);
  auto a = P::make(first);
  auto b = P::make(second);
  a = std::move(b);
  EXPECT_EQ(first.use_count(), 1);
  auto &self = a;
  a = std::move(self);
  EXPECT_EQ(**a, 2);
}

TYPED_TEST(Counted, Weak) {
  using P = typename TypeParam::template Strong<int>;
  typename TypeParam::template Weak<int> none;
  EXPECT_FALSE(none.upgrade());
  EXPECT_FALSE(none.clone().upgrade());
  auto w = [] {
    auto p = P::make(4);
    auto weak = p.downgrade();
    EXPECT_EQ(p.weak_count(), 1u);
    EXPECT_EQ(**weak.upgrade(), 4);
    EXPECT_EQ(weak.strong_count(), 1u);
    auto second = weak.clone();
    EXPECT_EQ(p.weak_count(), 2u);
    return weak;
  }();
  EXPECT_FALSE(w.upgrade());
  EXPECT_EQ(w.strong_count(), 0u);
  EXPECT_EQ(w.weak_count(), 0u);
}

TYPED_TEST(Counted, GetMutOnlyAlone) {
  using P = typename TypeParam::template Strong<int>;
  auto p = P::make(1);
  *p.get_mut() = 2;
  {
    auto q = p.clone();
    EXPECT_EQ(p.get_mut(), nullptr);
  }
  {
    auto w = p.downgrade();
    EXPECT_EQ(p.get_mut(), nullptr);
  }
  EXPECT_EQ(*p.get_mut(), 2);
}

TYPED_TEST(Counted, MakeMut) {
  using P = typename TypeParam::template Strong<std::string>;
  auto p = P::make("a");
  const void *at = p.get();
  p.make_mut() += "b"; // alone: in place
  EXPECT_EQ(p.get(), at);
  auto q = p.clone();
  q.make_mut() += "c"; // shared: a copy
  EXPECT_EQ(*p, "ab");
  EXPECT_EQ(*q, "abc");
  auto w = p.downgrade();
  p.make_mut() += "d"; // weak handles are disconnected
  EXPECT_EQ(*p, "abd");
  EXPECT_FALSE(w.upgrade());
}

TYPED_TEST(Counted, TryUnwrapAndIntoInner) {
  using P = typename TypeParam::template Strong<std::unique_ptr<int>>;
  auto p = P::make(std::make_unique<int>(3));
  auto q = p.clone();
  auto failed = std::move(p).try_unwrap();
  ASSERT_FALSE(failed);
  p = std::move(failed).unwrap_err();
  EXPECT_EQ(p.strong_count(), 2u);
  EXPECT_FALSE(std::move(q).into_inner());
  auto w = p.downgrade();
  EXPECT_EQ(*std::move(p).try_unwrap().unwrap(), 3);
  EXPECT_FALSE(w.upgrade());
  auto last = P::make(std::make_unique<int>(5));
  EXPECT_EQ(**std::move(last).into_inner(), 5);
}

TYPED_TEST(Counted, TheValueGoesWithTheLastStrongHandle) {
  const auto value = std::make_shared<int>(0);
  using P = typename TypeParam::template Strong<std::shared_ptr<int>>;
  auto p = P::make(value);
  auto w = p.downgrade();
  EXPECT_EQ(value.use_count(), 2);
  { auto gone = std::move(p); }
  EXPECT_EQ(value.use_count(), 1);
}

struct Node {
  int value;
  std::vector<ward::Arc<Node>> children;
  ward::ArcWeak<Node> parent;
};
TEST(Arc, OfATypeThatHoldsArcsOfItself) {
  auto leaf = ward::Arc<Node>::make(Node{1, {}, {}});
  Node root{2, {}, {}};
  root.children.push_back(leaf.clone());
  auto r = ward::Arc<Node>::make(std::move(root));
  leaf = r->children[0].clone();
  EXPECT_EQ(leaf->value, 1);
  EXPECT_FALSE(leaf->parent.upgrade());
}

TEST(Arc, IntoInnerGivesTheValueToExactlyOne) {
  for (int round = 0; round < 200; ++round) {
    auto p = ward::Arc<int>::make(1);
    std::atomic<int> got{0};
    ward::scope([&](ward::Scope &s) {
      for (int t = 0; t < 3; ++t)
        s.spawn([&](ward::Arc<int> mine) {
          if (std::move(mine).into_inner())
            ++got;
        }, p.clone());
      if (std::move(p).into_inner())
        ++got;
    });
    EXPECT_EQ(got, 1);
  }
}

TEST(Arc, MutexInside) {
  auto m = ward::Arc<ward::Mutex<int>>::make(0);
  ward::scope([&](ward::Scope &s) {
    for (int t = 0; t < 3; ++t)
      s.spawn([](ward::Arc<ward::Mutex<int>> mine) { *mine->lock() += 1; }, m.clone());
  });
  EXPECT_EQ(*m->lock(), 3);
}

} // namespace
