// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-panic-escapes-thread %t -std=c++17,c++20
#include <cstdio>
#include <exception>
#include <fstream>
#include <iostream>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>
#include <pthread.h>
#include <unistd.h>
#include <cxxabi.h>
void logError(const std::string &); void report(std::exception_ptr) noexcept; bool ask();
void cleanup() noexcept;
#define LOG(x) std::cerr << x << std::endl
void risky(int n) { if (n) throw std::runtime_error("x"); }
void negativePrinted() { std::thread t([] { try { risky(1); } catch (const std::exception &e) { std::cerr << e.what() << '\n'; throw; } }); t.join(); }
void negativePrintedAny() { std::thread t([] { try { risky(1); } catch (...) { std::fprintf(stderr, "worker died\n"); throw; } }); t.join(); }
void negativeLogged() { std::thread t([] { try { risky(1); } catch (const std::exception &e) { std::string what = e.what(); logError("worker: " + what); throw; } }); t.join(); }
void negativeByMacro() { std::thread t([] { try { risky(1); } catch (const std::exception &e) { LOG("failed"); throw; } }); t.join(); }
void negativePassedOn() { std::thread t([] { try { risky(1); } catch (...) { report(std::current_exception()); throw; } }); t.join(); }
void positiveCleanedUp() { std::thread t([] { try { risky(1); } catch (...) { cleanup(); throw; } }); t.join(); }
// CHECK-MESSAGES: :[[@LINE-1]]:40: warning: an exception can escape the function of this thread, which terminates the program [ward-panic-escapes-thread]
int active;
void positiveCounted() { std::thread t([] { ++active; try { risky(1); } catch (...) { --active; throw; } --active; }); t.join(); }
// CHECK-MESSAGES: :[[@LINE-1]]:38: warning: an exception can escape the function of this thread, which terminates the program [ward-panic-escapes-thread]
void positiveClosed(int fd) { std::thread t([fd] { try { risky(fd); } catch (...) { close(fd); throw; } }); t.join(); }
// CHECK-MESSAGES: :[[@LINE-1]]:43: warning: an exception can escape the function of this thread, which terminates the program [ward-panic-escapes-thread]
void positiveRemoved(std::string path) { std::thread t([path] { try { std::ofstream o(path); risky(1); } catch (...) { std::remove(path.c_str()); throw; } }); t.join(); }
// CHECK-MESSAGES: :[[@LINE-1]]:54: warning: an exception can escape the function of this thread, which terminates the program [ward-panic-escapes-thread]
void positiveOtherType() { std::thread t([] { try { risky(1); } catch (const std::invalid_argument &e) { LOG(e.what()); } }); t.join(); }
// CHECK-MESSAGES: :[[@LINE-1]]:40: warning: an exception can escape the function of this thread, which terminates the program [ward-panic-escapes-thread]
void positiveTranslated() { std::thread t([] { try { risky(1); } catch (const std::exception &e) { throw std::logic_error(e.what()); } }); t.join(); }
// CHECK-MESSAGES: :[[@LINE-1]]:41: warning: an exception can escape the function of this thread, which terminates the program [ward-panic-escapes-thread]
void logAndRethrow() { try { throw; } catch (const std::exception &e) { logError(e.what()); } catch (...) { logError("?"); } }
void negativeToldInFunction() { std::thread t([] { try { risky(1); } catch (...) { logAndRethrow(); throw; } }); t.join(); }
struct Guarded { template <class F> void run(F f) { try { f(); } catch (const std::exception &e) { LOG("died: " << e.what()); std::rethrow_exception(std::current_exception()); } } };
void negativeRethrown() { std::thread t([] { Guarded g; g.run([] { risky(1); }); }); t.join(); }
std::mutex mu; std::string lastError;
void negativeStored() { std::thread t([] { try { risky(1); } catch (const std::exception &e) { { std::lock_guard<std::mutex> l(mu); lastError = e.what(); } throw; } }); t.join(); }
void *posix(void *) { try { pause(); } catch (...) { cleanup(); throw; } return nullptr; }
void negativeForcedUnwind() { pthread_t t; pthread_create(&t, nullptr, posix, nullptr); pthread_join(t, nullptr); }
void *posixThrows(void *) { risky(1); return nullptr; }
void positivePosix() { pthread_t t; pthread_create(&t, nullptr, posixThrows, nullptr); pthread_join(t, nullptr); }
// CHECK-MESSAGES: :[[@LINE-1]]:37: warning: an exception can escape the function of this thread, which terminates the program [ward-panic-escapes-thread]
void negativeThrownByName() { std::thread t([] { try { risky(1); } catch (std::runtime_error &e) { LOG(e.what()); throw e; } }); t.join(); }
void positiveEmplaced() { std::vector<std::thread> v; v.emplace_back([] { risky(1); }); v[0].join(); }
// CHECK-MESSAGES: :[[@LINE-1]]:55: warning: an exception can escape the function of this thread, which terminates the program [ward-panic-escapes-thread]

// What the thread library throws to end a thread.
namespace boost {
struct thread_interrupted {};
class thread { public: template <class F> explicit thread(F) {} ~thread(); void join(); };
} // namespace boost
void interruptible() { if (ask()) throw boost::thread_interrupted(); }
void negativeInterrupted() { boost::thread t([] { interruptible(); }); t.join(); }
void negativeInterruptedAfterCleanUp() { boost::thread t([] { try { interruptible(); } catch (...) { cleanup(); throw; } }); t.join(); }
void positiveOtherLibrary() { std::thread t([] { interruptible(); }); t.join(); }
// CHECK-MESSAGES: :[[@LINE-1]]:43: warning: an exception can escape the function of this thread, which terminates the program [ward-panic-escapes-thread]
void positiveOtherException() { boost::thread t([] { try { interruptible(); risky(1); } catch (...) { cleanup(); throw; } }); t.join(); }
// CHECK-MESSAGES: :[[@LINE-1]]:47: warning: an exception can escape the function of this thread, which terminates the program [ward-panic-escapes-thread]
