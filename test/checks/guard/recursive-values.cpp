// RUN: %check_ward %s ward-loose-guard,ward-guard-in-condition %t
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Values that contain values of their own type: their other members decide whether they refer to anything.
#include <map>
#include <mutex>
#include <string>
#include <vector>

struct Json {
  std::string text;
  std::vector<Json> items;
};
struct Node {
  std::vector<Node> next;
  int *shared;
};
struct Even;
struct Odd { std::vector<Even> others; };
struct Even { std::vector<Odd> others; std::string name; };

void use(const std::string &);
class Store {
public:
  void copy() {
    std::lock_guard<std::mutex> lock(mutex_);
    Json json = json_;
    Even even = even_;
    json_.text = "seen";
    use(json.text);
    use(even.name);
    use("a");
    use("b");
  }
  void refers() {
    std::lock_guard<std::mutex> lock(mutex_);
    Node node = node_;
    use("a");
    use("b");
    *node.shared = 1;
  }

private:
  std::mutex mutex_;
  Json json_;
  Node node_;
  Even even_;
};
