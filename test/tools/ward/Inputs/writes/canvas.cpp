#include "shapes.h"

class Canvas {
public:
  // By address: no write by itself, and here it is.
  void one() { std::lock_guard<std::mutex> guard(mutex_); scale(&scaled_, 2); }
  void oneMore() { std::lock_guard<std::mutex> guard(mutex_); scale(&scaled_, 3); }
  double oneBare() { return scaled_.area; }

  void two() { std::lock_guard<std::mutex> guard(mutex_); measure(&measured_); }
  void twoMore() { std::lock_guard<std::mutex> guard(mutex_); measure(&measured_); }
  double twoBare() { return measured_.area; }

  // By reference: a write by itself, and here it may be none.
  void three() { std::lock_guard<std::mutex> guard(mutex_); rename(renamed_); }
  void threeMore() { std::lock_guard<std::mutex> guard(mutex_); rename(renamed_); }
  bool threeBare() { return renamed_.name.empty(); }

  void four() { std::lock_guard<std::mutex> guard(mutex_); isNamed(asked_); }
  void fourMore() { std::lock_guard<std::mutex> guard(mutex_); isNamed(asked_); }
  bool fourBare() { return asked_.name.empty(); }

  // Through functions of a third file.
  void five() { std::lock_guard<std::mutex> guard(mutex_); scaleTwice(&chained_); }
  void fiveMore() { std::lock_guard<std::mutex> guard(mutex_); scaleTwice(&chained_); }
  double fiveBare() { return chained_.area; }

  void six() { std::lock_guard<std::mutex> guard(mutex_); measureTwice(read_); }
  void sixMore() { std::lock_guard<std::mutex> guard(mutex_); measureTwice(read_); }
  double sixBare() { return read_.area; }

  // What has no definition in the program stays what its declaration says.
  void seven() { std::lock_guard<std::mutex> guard(mutex_); outside(&outside_); }
  void sevenMore() { std::lock_guard<std::mutex> guard(mutex_); outside(&outside_); }
  double sevenBare() { return outside_.area; }
  void eight() { std::lock_guard<std::mutex> guard(mutex_); outsideToo(outsideToo_); }
  void eightMore() { std::lock_guard<std::mutex> guard(mutex_); outsideToo(outsideToo_); }
  double eightBare() { return outsideToo_.area; }

  // Virtual: what any of those that override it does.
  void nine(Visitor &v) { std::lock_guard<std::mutex> guard(mutex_); v.see(visited_); }
  void nineMore(Visitor &v) { std::lock_guard<std::mutex> guard(mutex_); v.see(visited_); }
  double nineBare() { return visited_.area; }
  void ten(Quiet &q) { std::lock_guard<std::mutex> guard(mutex_); q.see(quiet_); }
  void tenMore(Quiet &q) { std::lock_guard<std::mutex> guard(mutex_); q.see(quiet_); }
  double tenBare() { return quiet_.area; }

  // The object of a member function; under a reader's lock.
  void draw() { std::lock_guard<std::mutex> guard(mutex_); drawn_.draw(); }
  void drawMore() { std::lock_guard<std::mutex> guard(mutex_); drawn_.draw(); }
  double drawBare() { return drawn_.width(); }
  void width() { std::lock_guard<std::mutex> guard(mutex_); wide_.width(); }
  void widthMore() { std::lock_guard<std::mutex> guard(mutex_); wide_ << 3; }
  double widthBare() { return wide_.width(); }
  void colour() { std::lock_guard<std::mutex> guard(mutex_); coloured_.colour(); }
  void colourMore() { std::lock_guard<std::mutex> guard(mutex_); coloured_.colour(); }
  double colourBare() { return coloured_.colour(); }

  void set(double w) { std::unique_lock<std::shared_mutex> guard(shared_); pen_.draw(); both_.area = w; }
  void pen() { std::shared_lock<std::shared_mutex> guard(shared_); pen_.width(); measureTwice(both_); }
  void penDraws() { std::shared_lock<std::shared_mutex> guard(shared_); pen_.draw(); }

private:
  std::mutex mutex_;
  std::shared_mutex shared_;
  Shape scaled_, measured_, renamed_, asked_, chained_, read_, outside_, outsideToo_, visited_, quiet_, both_;
  Pen drawn_, wide_, coloured_, pen_;
};
void use(Canvas &c) { c.one(); }
