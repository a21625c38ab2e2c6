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
  // CHECK-MESSAGES-STREAMS: :[[@LINE-1]]:17: warning: 'basic_ifstream' performs I/O while holding 'mu'
  out << "text";
  // CHECK-MESSAGES-STREAMS: :[[@LINE-1]]:7: warning: 'operator<<' performs I/O while holding 'mu'
  std::ostringstream memory;
  memory << "text";
}

void console(std::FILE *file) {
  std::lock_guard<std::mutex> guard(mu);
  std::printf("text");
  // CHECK-MESSAGES-CONSOLE: :[[@LINE-1]]:3: warning: 'printf' performs I/O while holding 'mu'
  std::fprintf(stderr, "text");
  // CHECK-MESSAGES-CONSOLE: :[[@LINE-1]]:3: warning: 'fprintf' performs I/O while holding 'mu'
  std::fwrite("text", 1, 4, file);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'fwrite' performs I/O while holding 'mu'
}

// A stream with a mutex that serialises its output.
class Log {
  std::mutex mu_;
  std::FILE *file_ = nullptr;
  void put(const char *text) { std::fputs(text, file_); }

public:
  void direct(const char *text) {
    std::lock_guard<std::mutex> guard(mu_);
    std::fputs(text, file_);
    // CHECK-MESSAGES-OWN: :[[@LINE-1]]:5: warning: 'fputs' performs I/O while holding 'mu_'
  }
  void byHelper(const char *text) {
    std::lock_guard<std::mutex> guard(mu_);
    put(text);
    // CHECK-MESSAGES-OWN: :[[@LINE-1]]:5: warning: 'put' may block while holding 'mu_'
  }
  void foreign(std::FILE *other) {
    std::lock_guard<std::mutex> guard(mu_);
    std::fflush(other);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'fflush' performs I/O while holding 'mu_'
  }
};
