// RUN: %check_ward %s ward-blocking-under-lock %t -check-suffixes=,STREAMS -config="{CheckOptions: {ward-blocking-under-lock.FileStreams: true}}"
// RUN: %check_ward %s ward-blocking-under-lock %t -check-suffixes=,CONSOLE -config="{CheckOptions: {ward-blocking-under-lock.Console: true}}"
// RUN: %check_ward %s ward-blocking-under-lock %t

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
