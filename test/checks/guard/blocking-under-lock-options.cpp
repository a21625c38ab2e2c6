// RUN: %check_ward %s ward-blocking-under-lock %t -check-suffixes=,OWN,STREAMS -config="{CheckOptions: {ward-blocking-under-lock.FileStreams: true}}"
// RUN: %check_ward %s ward-blocking-under-lock %t -check-suffixes=,OWN,CONSOLE -config="{CheckOptions: {ward-blocking-under-lock.Console: true}}"
// RUN: %check_ward %s ward-blocking-under-lock %t -check-suffixes=,OWN
// RUN: %check_ward %s ward-blocking-under-lock %t -config="{CheckOptions: {ward-blocking-under-lock.OwnStreams: false}}"

#include <cstdio>
#include <fstream>
#include <mutex>
#include <sstream>

std::mutex mu;

void streams(std::ofstream &out) {
  std::lock_guard<std::mutex> guard(mu);
  std::ifstream in("name");
  // CHECK-MESSAGES-STREAMS: :[[@LINE-1]]:17: warning: 'basic_ifstream' does input or output while 'mu' is locked
  out << "text";
  // CHECK-MESSAGES-STREAMS: :[[@LINE-1]]:7: warning: 'operator<<' does input or output while 'mu' is locked
  std::ostringstream memory;
  memory << "text";
}

void console(std::FILE *file) {
  std::lock_guard<std::mutex> guard(mu);
  std::printf("text");
  // CHECK-MESSAGES-CONSOLE: :[[@LINE-1]]:3: warning: 'printf' does input or output while 'mu' is locked
  std::fprintf(stderr, "text");
  // CHECK-MESSAGES-CONSOLE: :[[@LINE-1]]:3: warning: 'fprintf' does input or output while 'mu' is locked
  std::fwrite("text", 1, 4, file);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'fwrite' does input or output while 'mu' is locked
}

// A stream with a mutex of its own, which keeps its lines apart.
class Log {
  std::mutex mu_;
  std::FILE *file_ = nullptr;
  void put(const char *text) { std::fputs(text, file_); }

public:
  void direct(const char *text) {
    std::lock_guard<std::mutex> guard(mu_);
    std::fputs(text, file_);
    // CHECK-MESSAGES-OWN: :[[@LINE-1]]:5: warning: 'fputs' does input or output while 'mu_' is locked
  }
  void byHelper(const char *text) {
    std::lock_guard<std::mutex> guard(mu_);
    put(text);
    // CHECK-MESSAGES-OWN: :[[@LINE-1]]:5: warning: 'put' may block while 'mu_' is locked
  }
  void foreign(std::FILE *other) {
    std::lock_guard<std::mutex> guard(mu_);
    std::fflush(other);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'fflush' does input or output while 'mu_' is locked
  }
};
