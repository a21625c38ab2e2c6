# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""deep_wrappers.py KIND: writes classes inside each other, functions that call each other, or locks that are broken; then one plain defect.

Clang itself fails for 10,000 classes inside each other."""
import sys

N, CALLS = 1000, 10000
KINDS = {
    "fields": ["struct W0 : std::recursive_mutex {};",
               *(f"struct W{i} {{ W{i - 1} w; void lock() {{ w.lock(); }} void unlock() {{ w.unlock(); }} }};" for i in range(1, N)),
               f"W{N - 1} outermost;", f"void nested() {{ std::lock_guard<W{N - 1}> a(outermost), b(outermost); }}"],
    "bases": ["struct W0 : std::mutex {};", *(f"struct W{i} : W{i - 1} {{}};" for i in range(1, N)), f"W{N - 1} outermost;",
              f"void nested() {{ std::lock_guard<W{N - 1}> a(outermost), b(outermost); }}"],
    "guards": ["struct G0 { std::unique_lock<std::mutex> g; explicit G0(std::mutex &m) : g(m) {} };",
               *(f"struct G{i} {{ G{i - 1} g; explicit G{i}(std::mutex &m) : g(m) {{}} }};" for i in range(1, N)),
               "std::mutex plain;", f"void nested() {{ G{N - 1} a(plain), b(plain); }}"],
    "calls": ["std::mutex deep;", "void f0() { deep.lock(); }", *(f"void f{i}() {{ f{i - 1}(); }}" for i in range(1, CALLS)),
              f"void nested() {{ f{CALLS - 1}(); f{CALLS - 1}(); }}"],
    "waits": ["using Lock = std::unique_lock<std::mutex>;", "void w0(std::condition_variable &c, Lock &l) { c.wait(l); }",
              *(f"void w{i}(std::condition_variable &c, Lock &l) {{ w{i - 1}(c, l); }}" for i in range(1, CALLS)),
              f"void all(std::condition_variable &c, std::mutex &m) {{ Lock l(m); w{CALLS - 1}(c, l); }}"],
    "broken": ["struct NeverUnlocks { std::mutex m; void lock() { m.lock(); } void unlock() {} } never;",
               "struct Itself { void lock() { lock(); } void unlock() { unlock(); } } itself;",
               "struct Mutual { void lock() { other(); } void other() { lock(); } void unlock() { unlock(); } } mutual;",
               "template <class T> struct Cyclic : T { void lock() { static_cast<T &>(*this).lock(); } void unlock() {} };",
               "struct Loop : Cyclic<Loop> {};", # an incomplete base
               "template <class T> struct Crtp { void lock() { self().lock(); } void unlock() { self().unlock(); }"
               " T &self() { return static_cast<T &>(*this); } };",
               "struct Derived : Crtp<Derived> {} derived;",
               "struct Node { Node *next; void lock() { next->lock(); } void unlock() { next->unlock(); } } node;",
               "struct Holder { explicit Holder(Holder &); ~Holder(); Holder(Holder &&) = delete; };",
               "void waits(Node &n) { waits(n); }",
               "void all() { std::lock_guard a(never); std::lock_guard b(itself); std::lock_guard c(mutual); std::lock_guard d(derived);"
               " std::lock_guard e(node); std::lock_guard f(never); }"],
}
print("#include <condition_variable>\n#include <mutex>")
print("\n".join(KINDS[sys.argv[1]]))
print("std::mutex last_of_all;")
print("void relocks() { last_of_all.lock(); last_of_all.lock(); last_of_all.unlock(); last_of_all.unlock(); }")
