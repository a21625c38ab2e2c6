// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What Rust's coretests/tests/cell.rs asserts.
#include <ward/cell.h>
#include <ward/ref_cell.h>

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace {

TEST(Cell, CopiesInAndOut) {
  const ward::Cell<int> c(10);
  EXPECT_EQ(c.get(), 10);
  c.set(20);
  EXPECT_EQ(c.replace(30), 20);
  EXPECT_EQ(c.update([](int v) { return v + 1; }), 31);
  EXPECT_EQ(c.take(), 31);
  EXPECT_EQ(c.get(), 0);
  const ward::Cell<int> d(5);
  c.swap(d);
  c.swap(c);
  EXPECT_EQ(c.get(), 5);
  EXPECT_EQ(d.get(), 0);
}

TEST(Cell, OfWhatDoesNotCopy) {
  ward::Cell<std::unique_ptr<int>> c(std::make_unique<int>(1));
  EXPECT_EQ(*c.take(), 1);
  EXPECT_EQ(c.take(), nullptr);
  c.set(std::make_unique<int>(2));
  EXPECT_EQ(*std::move(c).into_inner(), 2);
}

TEST(Cell, SetDestroysTheOldValueLast) { // its destructor may read the cell
  struct Looks {
    const ward::Cell<std::shared_ptr<Looks>> *cell = nullptr;
    bool *saw_new = nullptr;
    ~Looks() {
      if (cell != nullptr)
        *saw_new = cell->take() == nullptr;
    }
  };
  bool saw_new = false;
  const ward::Cell<std::shared_ptr<Looks>> c(std::make_shared<Looks>());
  {
    auto looks = c.take();
    looks->cell = &c;
    looks->saw_new = &saw_new;
    c.set(std::move(looks));
  }
  c.set(nullptr);
  EXPECT_TRUE(saw_new);
}

template <class T>
concept Gets = requires(const ward::Cell<T> &c) { c.get(); };
template <class T>
concept Updates = requires(const ward::Cell<T> &c) { c.update([](T t) { return t; }); };
TEST(Cell, CopiesOutOnlyWhatIsCopiedBitByBit) { // another copy constructor could use the cell while it copies from it
  struct Pair {
    int a, b;
  };
  static_assert(Gets<int> && Gets<Pair> && Gets<const char *> && Updates<Pair>);
  static_assert(!Gets<std::string> && !Gets<std::shared_ptr<int>> && !Gets<std::unique_ptr<int>> && !Updates<std::string>);
}

TEST(RefCell, ReplaceIsAnExclusiveBorrow) { // T's move assignment may come back
  struct Comes {
    const ward::RefCell<Comes> *cell = nullptr;
    bool *refused = nullptr;
    Comes() = default;
    Comes(Comes &&) = default;
    Comes &operator=(Comes &&other) {
      if (cell != nullptr)
        *refused = !cell->try_borrow();
      cell = other.cell;
      return *this;
    }
  };
  bool refused = false;
  const ward::RefCell<Comes> c{Comes()};
  c.borrow_mut()->cell = &c;
  c.borrow_mut()->refused = &refused;
  (void)c.replace(Comes());
  EXPECT_TRUE(refused);
}

TEST(RefCell, ManyReadersOrOneWriter) {
  const ward::RefCell<std::vector<int>> c(std::vector<int>{});
  c.borrow_mut()->push_back(1);
  {
    auto a = c.borrow();
    auto b = c.borrow();
    EXPECT_EQ(a->size() + b->size(), 2u);
    EXPECT_FALSE(c.try_borrow_mut());
    EXPECT_TRUE(c.try_borrow());
    EXPECT_THROW((void)c.borrow_mut(), ward::BorrowError);
    EXPECT_THROW((void)c.borrow_mut(), ward::BorrowMutError);
    EXPECT_THROW((void)c.replace({}), ward::BorrowError);
    EXPECT_THROW((void)c.take(), ward::BorrowError);
  }
  {
    auto w = c.borrow_mut();
    EXPECT_FALSE(c.try_borrow());
    EXPECT_FALSE(c.try_borrow_mut());
    EXPECT_THROW((void)c.borrow(), ward::BorrowError);
    auto moved = std::move(w);
    moved->push_back(2);
  }
  EXPECT_EQ(c.borrow()->size(), 2u);
  EXPECT_EQ(c.take().size(), 2u);
  const ward::RefCell<std::vector<int>> d(std::vector<int>{7});
  c.swap(d);
  EXPECT_EQ(c.borrow()->at(0), 7);
  EXPECT_THROW(c.swap(c), ward::BorrowError);
}

TEST(RefCell, ConflictNamesBothPlaces) {
  const ward::RefCell<int> c(1);
  const int first = __LINE__ + 1;
  auto a = c.borrow();
  try {
    (void)c.borrow_mut();
    FAIL();
  } catch (const ward::BorrowError &e) {
    const std::string what = e.what();
    EXPECT_NE(what.find("cell_test.cpp:" + std::to_string(first)), std::string::npos) << what;
    EXPECT_NE(what.find("cell_test.cpp:" + std::to_string(first + 2)), std::string::npos) << what;
  }
}

TEST(RefCell, BorrowsEndDuringUnwinding) {
  const ward::RefCell<int> c(1);
  try {
    auto w = c.borrow_mut();
    throw 1;
  } catch (int) {
  }
  EXPECT_TRUE(c.try_borrow_mut());
}

TEST(UnsafeCell, GivesAPointerThroughConst) {
  const ward::UnsafeCell<int> c(1);
  *c.get() = 2;
  EXPECT_EQ(*c.get(), 2);
}

} // namespace
