// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Send, Sync and Owned of every type in Ward's tables, and of difficult cases. The test is that it compiles.
#include <ward/ward.h>

#include <gtest/gtest.h>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <list>
#include <memory_resource>
#include <random>
#include <regex>
#include <sstream>
#include <typeindex>
#include <valarray>

namespace {

template <class T> constexpr bool is(bool send, bool sync, bool owned) {
  return ward::Send<T> == send && ward::Sync<T> == sync && ward::Owned<T> == owned && ward::Send<const T> == send &&
         ward::Sync<const T> == sync && ward::Owned<const T> == owned;
}
constexpr bool Y = true, N = false;
#define ROW(send, sync, owned, ...) static_assert(is<__VA_ARGS__>(send, sync, owned), #__VA_ARGS__)

using Rc = ward::Rc<int>;
using Cell = ward::Cell<int>;     // Send, not Sync
using Guard = ward::MutexGuard<int>; // Sync, not Send
using Fn = void (*)(int);
struct NullLock { // excludes nobody
  void lock() {}
  void unlock() {}
  bool try_lock() { return true; }
  void lock_shared() {}
  void unlock_shared() {}
  bool try_lock_shared() { return true; }
};
struct KnownLock : NullLock {};
} // namespace
template <> inline constexpr bool ward::unsafe_impl_lock<KnownLock> = true;
namespace {
enum Plain { a };
enum class Scoped : char { b };
class Opaque {
  int x = 0;

public:
  int get() const { return x; }
};

// ---- Scalars, pointers, references, arrays.
ROW(Y, Y, Y, int);
ROW(Y, Y, Y, bool);
ROW(Y, Y, Y, long double);
ROW(Y, Y, Y, unsigned char);
ROW(Y, Y, Y, std::byte);
ROW(Y, Y, Y, Plain);
ROW(Y, Y, Y, Scoped);
ROW(Y, Y, Y, std::nullptr_t);
ROW(Y, Y, Y, Fn);
ROW(Y, Y, Y, int Opaque::*);
ROW(Y, Y, Y, int (Opaque::*)() const);
ROW(Y, Y, Y, void);
ROW(N, N, N, int *);
ROW(N, N, N, const char *);
ROW(N, N, N, void *);
ROW(N, N, N, Opaque *);
ROW(N, N, N, int **);
static_assert(ward::Send<int &> && ward::Sync<int &> && !ward::Owned<int &>);
static_assert(ward::Send<const int &> && ward::Sync<const int &> && !ward::Owned<const int &>);
static_assert(ward::Send<Cell &> && !ward::Sync<Cell &>);
static_assert(!ward::Send<const Cell &> && !ward::Sync<const Cell &>);
static_assert(!ward::Send<Guard &> && ward::Sync<Guard &> && ward::Send<const Guard &>);
static_assert(!ward::Send<Rc &> && ward::Send<int &&>);
static_assert(ward::Send<void (&)(int)> && ward::Owned<void (&)(int)>);
ROW(Y, Y, Y, int[3]);
ROW(Y, Y, Y, int[2][3]);
ROW(N, N, N, char *[2]);
ROW(N, N, Y, Rc[2]);

// ---- Ward's types, as Rust's table has them.
ROW(Y, N, Y, Cell);
ROW(N, N, Y, ward::Cell<Rc>);
ROW(Y, N, Y, ward::RefCell<std::string>);
ROW(N, N, N, ward::RefCell<int *>);
ROW(Y, N, Y, ward::UnsafeCell<int>);
ROW(N, N, Y, Rc);
ROW(N, N, Y, ward::RcWeak<int>);
ROW(Y, Y, Y, ward::Arc<int>);
ROW(Y, Y, Y, ward::ArcWeak<std::string>);
ROW(N, N, Y, ward::Arc<Cell>);
ROW(N, N, N, ward::Arc<Guard>);
ROW(N, N, Y, ward::ArcWeak<Rc>);
ROW(Y, Y, Y, ward::Arc<ward::Mutex<Cell>>);
ROW(Y, Y, Y, ward::Mutex<int>);
ROW(Y, Y, Y, ward::Mutex<Cell>);
ROW(N, N, Y, ward::Mutex<Rc>);
ROW(N, N, N, ward::Mutex<Guard>);
ROW(Y, Y, Y, ward::Mutex<int, std::mutex>);
ROW(Y, Y, Y, ward::Mutex<int, std::timed_mutex>);
ROW(Y, Y, Y, ward::RwLock<int, std::shared_mutex>);
ROW(N, N, Y, ward::Mutex<int, NullLock>);
ROW(N, N, Y, ward::RwLock<int, NullLock>);
ROW(N, N, Y, ward::Arc<ward::Mutex<int, NullLock>>);
ROW(Y, Y, Y, ward::Mutex<int, KnownLock>);
ROW(Y, Y, N, ward::Mutex<std::string_view>);
ROW(Y, Y, Y, ward::RwLock<int>);
ROW(Y, N, Y, ward::RwLock<Cell>);
ROW(N, N, N, ward::RwLock<Guard>);
ROW(N, N, Y, ward::RwLock<Rc>);
ROW(N, Y, N, Guard);
ROW(N, N, N, ward::MutexGuard<Cell>);
ROW(N, Y, N, ward::MappedMutexGuard<int>);
ROW(N, Y, N, ward::RwLockReadGuard<int>);
ROW(N, N, N, ward::RwLockReadGuard<Cell>);
ROW(N, Y, N, ward::RwLockWriteGuard<int>);
ROW(N, Y, N, ward::MappedRwLockReadGuard<int>);
ROW(N, Y, N, ward::MappedRwLockWriteGuard<int>);
ROW(Y, Y, Y, ward::OnceLock<int>);
ROW(Y, N, Y, ward::OnceLock<Cell>);
ROW(N, N, Y, ward::OnceLock<Rc>);
ROW(Y, Y, Y, ward::LazyLock<int>);
ROW(Y, N, Y, ward::LazyLock<Cell>);
ROW(N, N, Y, ward::LazyLock<Rc>);
ROW(Y, N, Y, ward::OnceCell<int>);
ROW(N, N, Y, ward::OnceCell<Rc>);
ROW(Y, Y, Y, ward::Condvar);
ROW(Y, Y, Y, ward::Barrier);
ROW(Y, Y, Y, ward::Once);
ROW(Y, Y, Y, ward::Sender<int>);
ROW(Y, Y, Y, ward::Sender<Cell>);
ROW(N, N, Y, ward::Sender<Rc>);
ROW(Y, Y, Y, ward::SyncSender<int>);
ROW(N, N, Y, ward::SyncSender<Rc>);
ROW(Y, N, Y, ward::Receiver<int>);
ROW(N, N, Y, ward::Receiver<Rc>);
ROW(Y, Y, Y, ward::JoinHandle<int>);
ROW(Y, Y, Y, ward::JoinHandle<Rc>);
ROW(Y, Y, N, ward::ScopedJoinHandle<int>);
ROW(Y, Y, Y, ward::Thread);
ROW(Y, Y, Y, ward::ThreadId);
ROW(Y, Y, Y, ward::Static<int>);
ROW(N, N, Y, ward::Static<Cell>);
ROW(Y, Y, Y, ward::Static<ward::Mutex<Cell>>);
ROW(Y, Y, Y, ward::PhantomData<int>);
ROW(Y, N, Y, ward::PhantomData<Cell>);
ROW(N, N, N, ward::PhantomData<int *>);
ROW(N, Y, Y, ward::NotSend);
ROW(Y, N, Y, ward::NotSync);
ROW(N, N, Y, ward::Result<Rc, int>);
ROW(N, N, N, ward::Ref<Cell>);
ROW(N, Y, N, ward::Ref<int>);
ROW(N, N, N, ward::RefMut<int>);
ROW(N, N, Y, ward::StdoutLock);
ROW(Y, Y, Y, ward::NoDestructor<ward::Mutex<std::string>>);
ROW(N, N, Y, ward::Arc<std::unique_ptr<int>>);
ROW(Y, Y, Y, ward::Arc<std::unique_ptr<const int>>);
ROW(N, N, Y, ward::Static<std::unique_ptr<int>>);

// ---- The standard library.
ROW(Y, Y, Y, std::string);
ROW(Y, Y, Y, std::u16string);
ROW(N, N, N, std::pmr::string);
ROW(Y, Y, N, std::string_view);
ROW(Y, Y, Y, std::vector<std::string>);
ROW(Y, Y, Y, std::vector<bool>);
ROW(N, N, Y, std::vector<Rc>);
ROW(Y, N, Y, std::vector<Cell>);
ROW(N, N, N, std::vector<int *>);
ROW(Y, Y, N, std::vector<std::string_view>);
ROW(Y, Y, Y, std::array<int, 4>);
ROW(N, N, Y, std::array<Rc, 1>);
ROW(Y, Y, Y, std::deque<int>);
ROW(Y, Y, Y, std::list<std::string>);
ROW(Y, Y, Y, std::forward_list<int>);
ROW(Y, Y, Y, std::map<std::string, std::vector<int>>);
ROW(N, N, Y, std::map<int, Rc>);
ROW(Y, Y, Y, std::multimap<int, int>);
ROW(Y, Y, Y, std::set<int>);
ROW(Y, Y, Y, std::multiset<int, std::greater<>>);
ROW(Y, Y, Y, std::unordered_map<std::string, int>);
ROW(Y, Y, Y, std::unordered_set<int>);
ROW(Y, Y, Y, std::stack<int>);
ROW(Y, Y, Y, std::queue<std::string>);
ROW(Y, Y, Y, std::priority_queue<int>);
ROW(N, N, N, std::priority_queue<int, std::vector<int>, std::function<bool(int, int)>>);
ROW(Y, Y, Y, std::optional<int>);
ROW(N, N, Y, std::optional<Rc>);
ROW(Y, Y, Y, std::variant<int, std::string>);
ROW(Y, N, Y, std::variant<int, Cell>);
ROW(Y, Y, Y, std::monostate);
ROW(Y, Y, Y, std::pair<const int, std::string>);
ROW(N, N, N, std::pair<int, int *>);
ROW(Y, Y, Y, std::tuple<int, std::string>);
ROW(Y, Y, Y, std::tuple<>);
ROW(Y, Y, N, std::tuple<int &>);
ROW(Y, Y, Y, std::complex<double>);
ROW(Y, Y, Y, std::bitset<9>);
ROW(Y, N, Y, std::unique_ptr<int>); // a const one gives an int &
ROW(Y, Y, Y, std::unique_ptr<const int>);
ROW(Y, Y, Y, std::unique_ptr<std::atomic<int>>);
ROW(Y, Y, Y, std::unique_ptr<ward::Mutex<int>[]>);
ROW(Y, N, Y, std::unique_ptr<Cell>);
ROW(Y, N, Y, std::unique_ptr<int[]>);
ROW(Y, Y, Y, std::unique_ptr<const int[]>);
ROW(Y, Y, Y, std::unique_ptr<std::FILE, int (*)(std::FILE *)>::deleter_type);
ROW(N, N, Y, std::shared_ptr<int>); // all owners have an int &
ROW(N, N, Y, std::shared_ptr<std::string>);
ROW(N, N, Y, std::shared_ptr<const Cell>);
ROW(Y, Y, Y, std::shared_ptr<const int>);
ROW(Y, Y, Y, std::shared_ptr<const std::vector<std::string>>);
ROW(Y, Y, Y, std::shared_ptr<std::atomic<int>>);
ROW(Y, Y, Y, std::shared_ptr<ward::Mutex<std::string>>);
ROW(Y, Y, Y, std::shared_ptr<const std::unique_ptr<const int>>);
ROW(N, N, Y, std::shared_ptr<const std::unique_ptr<int>>);
ROW(N, N, Y, std::shared_ptr<ward::Arc<int>>); // two threads may assign to it
ROW(N, N, Y, std::shared_ptr<ward::RwLock<Cell>>);
ROW(N, N, Y, std::shared_ptr<std::optional<std::atomic<int>>>); // reset()
ROW(Y, Y, Y, std::shared_ptr<std::array<std::atomic<int>, 4>>);
ROW(Y, Y, Y, std::shared_ptr<std::mutex>);
ROW(N, N, Y, std::shared_ptr<Cell>);
ROW(N, N, N, std::shared_ptr<void>);
ROW(Y, Y, Y, std::shared_ptr<const std::string>);
ROW(N, N, Y, std::weak_ptr<int>);
ROW(Y, Y, Y, std::weak_ptr<const int>);
ROW(N, N, Y, std::weak_ptr<Cell>);
ROW(Y, Y, N, std::span<int>);
ROW(Y, N, N, std::span<Cell>);
ROW(N, N, N, std::span<const Cell>);
ROW(Y, Y, N, std::span<const int, 3>);
ROW(Y, Y, N, std::initializer_list<int>);
ROW(Y, Y, N, std::reference_wrapper<int>);
ROW(Y, N, N, std::reference_wrapper<Cell>);
ROW(N, N, N, std::reference_wrapper<const Cell>);
ROW(N, N, N, std::reference_wrapper<Rc>);
ROW(Y, Y, Y, std::atomic<int>);
ROW(N, N, N, std::atomic<int *>);
ROW(Y, Y, Y, std::atomic<void (*)(int)>);
#if defined(__cpp_lib_atomic_shared_ptr)
ROW(N, N, Y, std::atomic<std::shared_ptr<int>>);
ROW(Y, Y, Y, std::atomic<std::shared_ptr<const int>>);
#endif
ROW(Y, Y, Y, std::atomic_flag);
ROW(Y, Y, Y, std::mutex);
ROW(Y, Y, Y, std::recursive_mutex);
ROW(Y, Y, Y, std::timed_mutex);
ROW(Y, Y, Y, std::shared_mutex);
ROW(Y, Y, Y, std::condition_variable);
ROW(Y, Y, Y, std::once_flag);
ROW(N, N, N, std::unique_lock<std::mutex>);
ROW(N, N, N, std::lock_guard<std::mutex>);
ROW(N, N, N, std::scoped_lock<std::mutex, std::mutex>);
ROW(N, N, N, std::shared_lock<std::shared_mutex>);
ROW(Y, Y, Y, std::thread);
ROW(Y, Y, Y, std::thread::id);
ROW(N, N, N, std::future<int>); // it may hold a deferred function
ROW(N, N, N, std::future<void>);
ROW(N, N, N, std::shared_future<int>);
ROW(N, N, N, std::packaged_task<int()>);
ROW(Y, N, Y, std::promise<int>);
ROW(N, N, N, std::barrier<std::function<void()>>);
ROW(N, N, Y, std::promise<Rc>);
ROW(Y, Y, Y, std::chrono::milliseconds);
ROW(Y, Y, Y, std::chrono::steady_clock::time_point);
ROW(Y, Y, Y, std::chrono::year_month_day);
ROW(Y, Y, Y, std::error_code);
ROW(Y, Y, Y, std::tm);
ROW(Y, Y, Y, std::filesystem::path);
ROW(Y, Y, Y, std::filesystem::directory_entry);
ROW(N, N, N, std::filesystem::directory_iterator);
ROW(Y, Y, Y, std::mt19937);
ROW(Y, Y, Y, std::minstd_rand);
ROW(Y, Y, Y, std::uniform_int_distribution<int>);
ROW(Y, Y, Y, std::normal_distribution<double>);
ROW(Y, Y, Y, std::runtime_error);
ROW(Y, Y, Y, std::out_of_range);
ROW(Y, Y, Y, std::system_error);
ROW(Y, Y, Y, std::bad_alloc);
ROW(Y, Y, Y, std::exception);
ROW(N, N, N, std::unique_ptr<std::exception>);
ROW(N, N, N, std::nested_exception);
ROW(Y, Y, Y, std::strong_ordering);
ROW(Y, Y, Y, std::type_index);
ROW(Y, Y, Y, std::regex);
ROW(N, N, N, std::smatch);
ROW(Y, Y, Y, std::locale);
ROW(Y, Y, Y, std::valarray<int>);
ROW(N, N, Y, std::valarray<Rc>);
ROW(Y, N, Y, std::ostringstream); // rdbuf() const
ROW(Y, N, Y, std::ofstream);
ROW(N, N, N, std::ostream);
ROW(Y, Y, Y, std::allocator<int>);
ROW(Y, Y, Y, std::default_delete<int>);
ROW(Y, Y, Y, std::hash<std::string>);
ROW(Y, Y, Y, std::less<>);
ROW(Y, Y, Y, std::in_place_t);
ROW(N, N, N, std::function<void()>);
ROW(N, N, N, std::any);
ROW(N, N, N, std::coroutine_handle<>);
ROW(N, N, N, std::exception_ptr);
ROW(N, N, N, std::vector<int>::iterator);
ROW(N, N, N, std::list<int>::const_iterator);
ROW(N, N, N, std::map<int, int>::iterator);
ROW(N, N, N, std::reverse_iterator<int *>);

// ---- Function objects in containers.
struct Key {
  int k;
};
} // namespace
template <> struct std::less<Key> {
  std::shared_ptr<int> log = std::make_shared<int>(0);
  bool operator()(Key a, Key b) const { return ++*log, a.k < b.k; }
};
template <> struct std::hash<Key> {
  std::size_t operator()(Key k) const { return static_cast<std::size_t>(k.k); }
};
namespace {
ROW(N, N, Y, std::set<Key>);
ROW(N, N, Y, std::map<Key, int>);
ROW(Y, Y, Y, std::unordered_set<Key>);

// ---- Lambdas.
constexpr auto captureless = [](int) {};
constexpr auto generic = [](auto &&...) {};
constexpr auto capturing = [x = 1] { return x; };
ROW(Y, Y, Y, decltype(captureless));
ROW(Y, Y, Y, decltype(generic));
ROW(N, N, N, decltype(capturing));
constexpr auto captures_empty = [e = std::monostate()] { return e; };
ROW(N, N, N, decltype(captures_empty));

// ---- Aggregates.
struct Empty {};
struct Point { int x, y; };
struct Config { Rc name; };
struct Job { int id; Config config; };
struct WithConst { const int a; mutable int b; };
struct WithFixed { ward::Mutex<std::string> m; std::atomic<int> n; };
struct Bits { unsigned a : 1, b : 2; };
struct Deep { std::map<int, std::vector<std::optional<Point>>> m; };
struct NoDefault { ward::Arc<int> a; ward::Arc<int> b; int c; };
struct Mixed { std::optional<int> o; std::function<void()> f; std::any x; };
struct Many { int a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p; };
#define TEN(x) x##0, x##1, x##2, x##3, x##4, x##5, x##6, x##7, x##8, x##9
struct Sixty { int TEN(a), TEN(b), TEN(c), TEN(d), TEN(e), TEN(f); std::string g0, g1; Rc g2; int g3; };
struct SixtyFour { int TEN(a), TEN(b), TEN(c), TEN(d), TEN(e), TEN(f); std::string g0, g1; char g2[3]; int g3; };
struct SixtyFive { int TEN(a), TEN(b), TEN(c), TEN(d), TEN(e), TEN(f), g0, g1, g2, g3, g4; };
struct Matrix { float m[4][4]; Point corners[2]; std::string names[3]; };
struct ArrayOfPointers { int n; const char *names[8]; };
struct ArrayOfRc { char name[200]; Rc counted[1]; };
struct Pipe { ward::Sender<int> out; char name[64]; ward::Receiver<int> in; int n; };
struct Alternating { ward::Arc<int> a; int b; ward::Arc<int> c; std::string d; ward::Arc<int> e; int f[2]; };
struct State { std::atomic<int> n{0}; ward::Mutex<std::string> s; std::mutex m; ward::Condvar c; const int limit = 3; };
struct StateAndInt { std::atomic<int> n{0}; int plain = 0; };
struct BitPointer { unsigned a : 3; unsigned : 0; unsigned b : 5; int *p; };
ROW(N, N, Y, Sixty);
ROW(Y, Y, Y, SixtyFour);
ROW(N, N, N, SixtyFive);
ROW(Y, Y, Y, Matrix);
ROW(N, N, N, ArrayOfPointers);
ROW(N, N, Y, ArrayOfRc);
ROW(Y, N, Y, Pipe);
ROW(Y, Y, Y, Alternating);
ROW(Y, Y, Y, std::shared_ptr<State>);
ROW(N, N, Y, std::shared_ptr<StateAndInt>);
ROW(Y, Y, Y, std::shared_ptr<const StateAndInt>);
ROW(N, N, N, BitPointer);
ROW(Y, Y, Y, Empty);
ROW(Y, Y, Y, Point);
ROW(N, N, Y, Config);
ROW(N, N, Y, Job);
ROW(Y, Y, Y, WithConst);
ROW(Y, Y, Y, WithFixed);
ROW(Y, Y, Y, Bits);
ROW(Y, Y, Y, Deep);
ROW(Y, Y, Y, NoDefault);
ROW(N, N, N, Mixed);
ROW(Y, Y, Y, Many);

// ---- Difficult cases: Unknown, never a vacuous Yes, never a hard error.
struct Greedy { Greedy() = default; template <class T> Greedy(T) {} };
struct GreedyReference { GreedyReference() = default; template <class T> GreedyReference(T &&) {} };
struct Token : ward::NotSend { Token() = default; template <class T> Token(T) {} };
struct OnlyToken { [[no_unique_address]] Token here; };
struct HoldsGreedy { int a = 0; Greedy g; std::string s; };
struct HoldsGreedyReference { GreedyReference g; std::any a; };
struct GreedyBase : Greedy { int x; };
struct DefaultedArray { ward::Arc<int> a = ward::Arc<int>::make(1), b[2] = {ward::Arc<int>::make(1), ward::Arc<int>::make(2)}; int c; };
template <class T> struct Tower { std::unique_ptr<Tower<std::pair<T, T>>> next; };
ROW(N, N, N, OnlyToken);
ROW(N, N, N, HoldsGreedy);
ROW(N, N, N, HoldsGreedyReference);
ROW(N, N, N, GreedyBase);
ROW(N, N, N, DefaultedArray);
struct RcList { Rc r; std::unique_ptr<RcList> next; };
ROW(N, N, Y, RcList);
struct RefField { int &r; };
struct ConstRefField { const int &r; int x; };
struct RvalueRefField { int &&r; };
struct ArrayField { int a[3]; };
struct LateArray { int x; char name[16]; int y; };
struct HugeArray { char bytes[1 << 16]; };
struct ArrayNoDefault { int x; ward::Arc<int> a[2]; int y; };
struct Base { int a; };
struct Derived : Base { int b; };
struct EmptyBase : Empty { int x; };
struct FromNotSend : ward::NotSend { int x; };
struct FromNotSync : ward::NotSync { int x; };
struct OnlyMarker { ward::NotSend m; };
struct OnlyEmptyMarker { [[no_unique_address]] ward::NotSend m; };
struct OnlyNotSync { [[no_unique_address]] ward::NotSync m; };
struct SharedNot { int h; [[no_unique_address]] ward::PhantomData<Cell> m; };
struct AnonymousUnion { int a; union { int b; float c; }; };
struct AnonymousStruct { int a; __extension__ struct { int b; int c; }; };
struct NamelessField { struct { int b; int c; } field; int a; };
union Union { int a; float b; };
struct UnionField { int a; Union u; };
struct Node { std::unique_ptr<Node> next; };
struct Tree { int v; std::vector<Tree> kids; };
struct ArcNode { ward::Arc<ArcNode> next; };
struct Ping;
struct Pong { std::unique_ptr<Ping> p; };
struct Ping { std::unique_ptr<Pong> p; };
class Private { int a = 0; public: int b = a; };
struct Lying { int a; Rc r; };
struct VectorBase : std::vector<int> {};
ROW(N, N, N, RefField);
ROW(N, N, N, ConstRefField);
ROW(N, N, N, RvalueRefField);
ROW(Y, Y, Y, ArrayField);
ROW(Y, Y, Y, LateArray);
ROW(Y, Y, Y, HugeArray);
ROW(N, N, N, ArrayNoDefault);
ROW(N, N, N, Derived);
ROW(N, N, N, EmptyBase);
ROW(N, N, N, FromNotSend);
ROW(N, N, N, FromNotSync);
ROW(N, Y, Y, OnlyMarker);
ROW(N, Y, Y, OnlyEmptyMarker);
ROW(Y, N, Y, OnlyNotSync);
ROW(Y, N, Y, SharedNot);
ROW(N, N, N, AnonymousUnion);
ROW(N, N, N, AnonymousStruct);
ROW(N, N, N, NamelessField);
ROW(N, N, N, Union);
ROW(N, N, N, UnionField);
ROW(Y, N, Y, Node);
ROW(Y, Y, Y, Tree);
ROW(Y, Y, Y, ArcNode);
ROW(Y, N, Y, Ping);
ROW(N, N, N, Opaque);
ROW(N, N, N, Private);
ROW(N, N, N, VectorBase);
} // namespace

// A tuple interface that hides a field.
template <> struct std::tuple_size<Lying> : std::integral_constant<std::size_t, 1> {};
template <> struct std::tuple_element<0, Lying> { using type = int; };
namespace {
template <std::size_t> int get(const Lying &l) { return l.a; }
ROW(N, N, N, Lying);

// ---- Claims.
struct Handle { int *p; };
struct View { std::string_view v; };
struct Refused { int x; };
struct OfHandles { Handle h; std::vector<Handle> v; };
struct HandleChild : Handle {};
struct Linked { std::unique_ptr<Linked> next; };
class Abstract { public: virtual ~Abstract() = default; };
class Vouched { public: virtual ~Vouched() = default; };
class Derive {
  int a = 0;
  std::vector<std::string> b;
  WARD_DERIVE_SEND_SYNC(Derive, a, b, later);
  double later = 0;

public:
  Derive() = default;
  int used() const { return a + static_cast<int>(b.size()) + static_cast<int>(later); }
};
class DeriveBad {
public:
  WARD_DERIVE_SEND_SYNC(DeriveBad, p)
  explicit DeriveBad(int *q) : p(q) {}

private:
  int *p;

public:
  int *used() const { return p; }
};
template <class T> class DeriveTemplate {
  T value{};

public:
  DeriveTemplate() {}
  WARD_DERIVE_SEND_SYNC(DeriveTemplate, value);
  const T &used() const { return value; }
};
class DeriveChild : public Derive {};
class ListedBase {
  int i = 0;
  WARD_DERIVE_SEND_SYNC(ListedBase, i);

public:
  virtual ~ListedBase() = default;
  int used() const { return i; }
};
class SendBase {
  int i = 0;
  WARD_DERIVE_SEND_SYNC(SendBase, i);

public:
  virtual ~SendBase() = default;
  int used() const { return i; }
};
class SyncBase {
  int i = 0;
  WARD_DERIVE_SEND_SYNC(SyncBase, i);

public:
  virtual ~SyncBase() = default;
  int used() const { return i; }
};
class Guarded { // all its members may be used by several threads at once
  ward::Mutex<int> m;
  std::atomic<int> n{0};
  WARD_DERIVE_SEND_SYNC(Guarded, m, n);

public:
  void add() { ++*m.lock(), ++n; }
};
} // namespace

template <> inline constexpr bool ward::unsafe_impl_send<Handle> = true;
template <> inline constexpr bool ward::unsafe_impl_sync<Handle> = true;
template <> inline constexpr bool ward::unsafe_impl_send<View> = true;
template <> inline constexpr bool ward::unsafe_impl_send<Refused> = false;
template <> inline constexpr bool ward::unsafe_impl_send<Linked> = true;
template <> inline constexpr bool ward::unsafe_impl_send<Vouched> = true;
template <> inline constexpr bool ward::unsafe_impl_owned<Vouched> = true;
template <> inline constexpr bool ward::unsafe_impl_derived_send<SendBase> = true;
template <> inline constexpr bool ward::unsafe_impl_derived_send<SyncBase> = true;
template <> inline constexpr bool ward::unsafe_impl_derived_sync<SyncBase> = true;

namespace {
ROW(Y, Y, Y, Handle);
ROW(Y, Y, Y, OfHandles);
ROW(Y, Y, N, View);
ROW(N, Y, Y, Refused);
ROW(N, N, N, HandleChild);
ROW(Y, N, Y, Linked);
ROW(Y, N, Y, Vouched);
ROW(N, N, N, std::unique_ptr<ListedBase>); // the list says nothing about the classes derived from it
ROW(Y, N, Y, std::unique_ptr<SendBase>);
ROW(N, N, Y, std::shared_ptr<SendBase>);
ROW(Y, Y, Y, std::unique_ptr<const SyncBase>);
ROW(Y, Y, Y, ward::Arc<SyncBase>);
ROW(Y, Y, Y, std::shared_ptr<Guarded>);
ROW(N, N, Y, std::shared_ptr<Derive>);
ROW(Y, N, Y, std::unique_ptr<Vouched>);
ROW(N, N, N, std::unique_ptr<Abstract>);
ROW(N, N, N, std::shared_ptr<Abstract>);
ROW(N, N, N, ward::Arc<Abstract>);
ROW(Y, Y, Y, Derive);
ROW(N, N, N, DeriveBad);
ROW(Y, Y, Y, DeriveTemplate<std::string>);
ROW(N, N, Y, DeriveTemplate<Rc>);
ROW(N, N, N, DeriveChild);

TEST(TruthTable, Compiles) {}

} // namespace
