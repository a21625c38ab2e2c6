// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "scheduler.h"

#include <memory>
#include <ucontext.h>

namespace interleave {
namespace {

constexpr std::size_t none = static_cast<std::size_t>(-1);
constexpr std::size_t stack_size = 64 * 1024;
constexpr std::size_t max_steps = 5000;

// One choice of a run: the threads that can continue, and the one that does.
struct Choice {
  std::vector<std::size_t> options;
  std::size_t chosen = 0;
};

// A thread of the program, on a stack of its own; one real thread runs them all in turn.
struct Fiber {
  ucontext_t context{};
  std::unique_ptr<char[]> stack{new char[stack_size]};
  const void *word = nullptr; // the word that it sleeps on
  std::uint32_t kind = 0;
  bool timed = false, woken = false, done = false, spinning = false;

  bool runnable() const { return !done && (word == nullptr || woken || timed); }
};

class Run;
Run *current_run = nullptr;

class Run {
public:
  Run(Program &program, std::vector<Fiber> &fibers, std::vector<Choice> &choices, int preemptions)
      : program_(program), fibers_(fibers), choices_(choices), preemptions_left_(preemptions) {}

  std::string execute() {
    current_run = this;
    for (Fiber &fiber : fibers_) {
      getcontext(&fiber.context);
      fiber.context.uc_stack.ss_sp = fiber.stack.get();
      fiber.context.uc_stack.ss_size = stack_size;
      fiber.context.uc_link = &home_;
      makecontext(&fiber.context, &Run::begin, 0);
      fiber.word = nullptr;
      fiber.done = fiber.spinning = false;
    }
    while (failure_.empty()) {
      const std::size_t next = choose();
      if (next == none)
        break;
      running_ = next;
      may_continue_ = false;
      swapcontext(&home_, &fibers_[next].context);
    }
    current_run = nullptr;
    return failure_.empty() ? program_.check() : failure_;
  }

  void step() {
    may_continue_ = true;
    pause();
  }
  void relax() {
    fibers_[running_].spinning = true; // continues after another thread has run
    pause();
  }
  bool sleep(const void *word, std::uint32_t kind, bool timed) {
    Fiber &fiber = fibers_[running_];
    fiber.word = word;
    fiber.kind = kind;
    fiber.timed = timed;
    fiber.woken = false;
    pause();
    fiber.word = nullptr;
    return fiber.woken;
  }
  void wake(const void *word, std::uint32_t kind, std::size_t how_many) {
    // In the order of the threads: another order would only rename threads that do the same.
    for (Fiber &fiber : fibers_)
      if (how_many != 0 && fiber.word == word && !fiber.woken && (fiber.kind & kind) != 0) {
        fiber.woken = true;
        --how_many;
      }
  }
  void fail(const std::string &what) {
    if (failure_.empty())
      failure_ = what;
  }

private:
  static void begin() {
    Run &run = *current_run;
    const std::size_t me = run.running_;
    run.program_.threads[me]();
    run.fibers_[me].done = true;
  }

  void pause() { swapcontext(&fibers_[running_].context, &home_); }

  std::size_t choose() {
    const std::size_t before = may_continue_ ? running_ : none;
    std::vector<std::size_t> options;
    if (before != none)
      options.push_back(before);
    if (before == none || preemptions_left_ != 0)
      for (std::size_t i = 0; i < fibers_.size(); ++i)
        if (i != before && fibers_[i].runnable() && !fibers_[i].spinning)
          options.push_back(i);
    if (options.empty()) // all threads that can run are spinning
      for (std::size_t i = 0; i < fibers_.size(); ++i)
        if (fibers_[i].runnable())
          options.push_back(i);
    if (options.empty()) {
      for (const Fiber &fiber : fibers_)
        if (!fiber.done)
          fail("deadlock: no thread can continue");
      return none;
    }
    if (at_ == choices_.size())
      choices_.push_back({options, 0});
    const std::size_t next = options[choices_[at_].chosen];
    if (++at_ > max_steps)
      fail("livelock: too many steps");
    if (before != none && next != before && preemptions_left_ > 0)
      --preemptions_left_;
    for (std::size_t i = 0; i < fibers_.size(); ++i)
      if (i != next)
        fibers_[i].spinning = false;
    return next;
  }

  Program &program_;
  std::vector<Fiber> &fibers_;
  std::vector<Choice> &choices_;
  int preemptions_left_;
  ucontext_t home_{};
  std::size_t running_ = none, at_ = 0;
  bool may_continue_ = false;
  std::string failure_;
};

} // namespace

void step() {
  if (current_run != nullptr)
    current_run->step();
}
bool sleep(const void *word, std::uint32_t kind, bool timed) { return current_run->sleep(word, kind, timed); }
void wake(const void *word, std::uint32_t kind, std::size_t how_many) {
  if (current_run != nullptr)
    current_run->wake(word, kind, how_many);
}
void require(bool condition, const char *what) {
  if (!condition)
    current_run->fail(what);
}
void Platform::relax() noexcept {
  if (current_run != nullptr)
    current_run->relax();
}

Report explore(const std::function<Program()> &make, int preemptions, std::size_t max_runs) {
  Report report;
  std::vector<Choice> choices;
  std::vector<Fiber> fibers;
  while (report.runs < max_runs) {
    ++report.runs;
    Program program = make();
    if (fibers.size() != program.threads.size())
      fibers = std::vector<Fiber>(program.threads.size());
    report.failure = Run(program, fibers, choices, preemptions).execute();
    if (!report.failure.empty()) {
      report.failure += "; schedule:";
      for (const Choice &c : choices)
        report.failure += ' ' + std::to_string(c.options[c.chosen]);
      return report;
    }
    // The next run: change the last choice that has another option.
    while (!choices.empty() && choices.back().chosen + 1 == choices.back().options.size())
      choices.pop_back();
    if (choices.empty()) {
      report.complete = true;
      return report;
    }
    ++choices.back().chosen;
  }
  return report;
}

} // namespace interleave
