// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-panic-escapes-thread %t -std=c++17,c++20
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <vector>
#include <pthread.h>
#include <syslog.h>
#include <unistd.h>
void unlockFile(); void restore(int); bool ask(); 
struct Error : std::runtime_error { using std::runtime_error::runtime_error; };
void risky(int n) { if (n) throw Error("x"); }
struct Log { template <class T> Log &operator<<(const T &) { return *this; } ~Log(); };
struct Logger { void error(const std::string &) noexcept; void flush() noexcept; };
Logger logger; 
void negativeStreamed() { std::thread t([] { try { risky(1); } catch (const Error &e) { Log() << "worker: " << e.what(); throw; } }); t.join(); }
void negativeMemberOfLogger() { std::thread t([] { try { risky(1); } catch (const Error &e) { logger.error(e.what()); throw; } }); t.join(); }
void negativeSyslog() { std::thread t([] { try { risky(1); } catch (...) { syslog(LOG_ERR, "dead"); throw; } }); t.join(); }
void negativeTextMade() { std::thread t([] { try { risky(1); } catch (...) { logger.error(std::string("dead") + "!"); throw; } }); t.join(); }
void positiveFlushed() { std::thread t([] { try { risky(1); } catch (...) { logger.flush(); throw; } }); t.join(); }
// CHECK-MESSAGES: :[[@LINE-1]]:38: warning: an exception can escape the function of this thread, which terminates the program [ward-panic-escapes-thread]
void positiveUnlocked() { std::thread t([] { try { risky(1); } catch (const Error &) { unlockFile(); throw; } }); t.join(); }
// CHECK-MESSAGES: :[[@LINE-1]]:39: warning: an exception can escape the function of this thread, which terminates the program [ward-panic-escapes-thread]
void positiveRestored(int n) { std::thread t([n] { try { risky(1); } catch (...) { restore(n); throw; } }); t.join(); }
// CHECK-MESSAGES: :[[@LINE-1]]:44: warning: an exception can escape the function of this thread, which terminates the program [ward-panic-escapes-thread]
void positiveReset() { std::thread t([] { auto p = std::make_unique<int>(1); try { risky(1); } catch (...) { p.reset(); throw; } }); t.join(); }
// CHECK-MESSAGES: :[[@LINE-1]]:36: warning: an exception can escape the function of this thread, which terminates the program [ward-panic-escapes-thread]
template <class F> auto guarded(const std::string &name, F &&f) -> decltype(f()) { try { return f(); } catch (const std::exception &ex) { std::cerr << name << ": " << ex.what() << std::endl; throw; } }
void negativeTemplate() { std::thread t([] { guarded("io", [] { risky(2); }); }); t.join(); }
class Worker {
public:
  void start() { t_ = std::thread(&Worker::main, this); }
  ~Worker() { if (t_.joinable()) t_.join(); }
private:
  void main() { try { loop(); } catch (const std::exception &e) { error_ = e.what(); std::fprintf(stderr, "%s\n", error_.c_str()); throw; } }
  void loop() { risky(1); }
  std::thread t_; std::string error_;
};
class Worker2 {
public:
  void start() { t_ = std::thread(&Worker2::main, this); }
  // CHECK-MESSAGES: :[[@LINE-1]]:23: warning: an exception can escape the function of this thread, which terminates the program [ward-panic-escapes-thread]
  ~Worker2() { if (t_.joinable()) t_.join(); }
private:
  void main() { try { risky(1); } catch (const std::exception &) { running_ = false; throw; } running_ = false; }
  std::thread t_; bool running_ = true;
};
void negativeCaughtBefore() { std::thread t([] { try { risky(1); } catch (const Error &e) { std::cerr << e.what(); } catch (...) { std::cerr << "?"; throw; } }); t.join(); }
void positiveNested() { std::thread t([] { try { risky(1); } catch (const Error &e) { std::cerr << e.what(); std::throw_with_nested(std::logic_error("y")); } }); t.join(); }
// CHECK-MESSAGES: :[[@LINE-1]]:37: warning: an exception can escape the function of this thread, which terminates the program [ward-panic-escapes-thread]
void negativeAborted() { std::thread t([] { try { risky(1); } catch (...) { std::abort(); } }); t.join(); }
void positiveAsked() { std::thread t([] { try { risky(1); } catch (const std::system_error &e) { if (e.code() == std::errc::interrupted) return; throw; } }); t.join(); }
// CHECK-MESSAGES: :[[@LINE-1]]:36: warning: an exception can escape the function of this thread, which terminates the program [ward-panic-escapes-thread]
void positiveSelected() { std::thread t([] { try { throw std::system_error(std::make_error_code(std::errc::io_error)); } catch (const std::system_error &e) { if (e.code() != std::errc::interrupted) throw; } }); t.join(); }
// CHECK-MESSAGES: :[[@LINE-1]]:39: warning: an exception can escape the function of this thread, which terminates the program [ward-panic-escapes-thread]
