// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Callbacks that one file runs under its lock, and another makes; an object that has no name at the call.
#pragma once
#include <functional>
#include <mutex>
#include <vector>

class Bus {
public:
  void subscribe(std::function<void(int)> callback);
  void publish(int value);
  int count();

private:
  std::mutex mutex_;
  std::vector<std::function<void(int)>> callbacks_;
};
class Model {
public:
  explicit Model(Bus &bus);
  void changed(int value);
  void set(int value);

private:
  Bus &bus_;
  std::mutex mutex_;
  int value_ = 0;
};
class Diary {
public:
  static Diary &instance();
  void write(int value);
  void turn();

private:
  std::mutex mutex_;
  int lines_ = 0;
};
class Desk {
public:
  void clear();
  int used();

private:
  std::mutex mutex_;
  int used_ = 0;
};
extern Desk desk;
