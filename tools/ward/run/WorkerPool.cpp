// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "run/WorkerPool.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Regex.h"
#include "llvm/Support/raw_ostream.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace llvm;

namespace ward {
namespace {

using Clock = std::chrono::steady_clock;

volatile std::sig_atomic_t GotSignal = 0;

struct Worker {
  size_t Item;
  pid_t Process;
  int Result, Stderr; // descriptors: the pipe that it writes its result to, the memory that is its stderr
  Clock::time_point Deadline;
  std::string Output;
  bool TimedOut = false;
};

/// All of \p Text to \p Descriptor; false if it could not be.
bool writeAll(int Descriptor, StringRef Text) {
  while (!Text.empty()) {
    ssize_t Written = ::write(Descriptor, Text.data(), Text.size());
    if (Written < 0 && errno == EINTR)
      continue;
    if (Written <= 0)
      return false;
    Text = Text.drop_front(Written);
  }
  return true;
}

/// The child's part of fork(): never returns.
[[noreturn]] void beWorker(const Worker &Self, int ResultPipe, pid_t Parent, function_ref<std::string(size_t)> Work) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != Parent) // it died before the line above
    _exit(1);
  // A terminal's Ctrl-C reaches all processes at once. Who dies of it here would look like a crash there.
  for (int Signal : {SIGINT, SIGTERM, SIGHUP})
    std::signal(Signal, SIG_IGN);
  // A symbolized stack takes longer than all the rest, and nobody reads it here.
  setenv("LLVM_DISABLE_SYMBOLIZATION", "1", /*overwrite=*/1);
  int Nothing = open("/dev/null", O_RDWR);
  dup2(Nothing, STDIN_FILENO);
  dup2(Nothing, STDOUT_FILENO);
  dup2(Self.Stderr, STDERR_FILENO);
  std::string Result = Work(Self.Item);
  errs().flush();
  // No destructors: what is left of a unit's syntax tree goes with the process.
  _exit(writeAll(ResultPipe, Result) ? 0 : 1);
}

std::string readAll(int Descriptor) {
  std::string Text;
  lseek(Descriptor, 0, SEEK_SET);
  char Buffer[4096];
  for (ssize_t Count; (Count = read(Descriptor, Buffer, sizeof(Buffer))) > 0 && Text.size() < (1 << 20);)
    Text.append(Buffer, Count);
  return Text;
}

/// The line of \p Said that tells most about a crash.
StringRef reason(StringRef Said) {
  SmallVector<StringRef, 32> Lines;
  Said.split(Lines, '\n', -1, /*KeepEmpty=*/false);
  for (const char *Pattern : {"Assertion|LLVM ERROR|error:|terminate called|bad_alloc", "^[1-9][0-9]*\\.[ \t]"}) {
    Regex Wanted(Pattern);
    for (StringRef Line : Lines)
      if (Wanted.match(Line))
        return Line.ltrim("0123456789.\t ").rtrim();
  }
  return {};
}

std::string howItEnded(int Status, const Worker &W, StringRef Said, std::chrono::seconds Timeout) {
  if (W.TimedOut)
    return "not done after " + std::to_string(Timeout.count()) + " s";
  std::string What;
  if (WIFSIGNALED(Status))
    What = std::string("crashed (") + strsignal(WTERMSIG(Status)) + ")";
  else if (WIFEXITED(Status) && WEXITSTATUS(Status) != 0)
    What = "ended with status " + std::to_string(WEXITSTATUS(Status));
  else
    return {};
  if (WIFSIGNALED(Status) && WTERMSIG(Status) == SIGKILL)
    What += ": out of memory?";
  if (StringRef Why = reason(Said); !Why.empty())
    What += ": " + Why.str();
  return What;
}

class Pool {
public:
  Pool(unsigned Jobs, std::chrono::seconds Timeout, function_ref<std::string(size_t)> Work,
       function_ref<void(size_t, WorkResult)> Done)
      : Jobs(std::max(1U, Jobs)), Timeout(Timeout), Work(Work), Done(Done) {}

  bool run(size_t Count) {
    for (size_t Next = 0; Next < Count || !Workers.empty();) {
      while (!interrupted() && Next < Count && Workers.size() < Jobs)
        start(Next++);
      if (interrupted()) {
        killAll();
        return false;
      }
      wait();
    }
    return true;
  }

private:
  void start(size_t Item) {
    int Pipe[2];
    int Stderr = memfd_create("ward-stderr", MFD_CLOEXEC);
    if (Stderr < 0 || pipe2(Pipe, O_CLOEXEC) != 0) {
      std::string Why = std::strerror(errno);
      if (Stderr >= 0)
        close(Stderr);
      return Done(Item, {{}, "no process could be started: " + Why, {}});
    }
    Worker W{Item, 0, Pipe[0], Stderr, Clock::now() + Timeout, {}};
    outs().flush();
    errs().flush();
    pid_t Parent = getpid();
    W.Process = fork();
    if (W.Process == 0)
      beWorker(W, Pipe[1], Parent, Work);
    std::string Why = std::strerror(errno);
    close(Pipe[1]);
    if (W.Process < 0) {
      close(Pipe[0]);
      close(Stderr);
      return Done(Item, {{}, "no process could be started: " + Why, {}});
    }
    Workers.push_back(std::move(W));
  }

  /// Until something is to be read, a time is over, or a signal came.
  void wait() {
    std::vector<pollfd> Pipes;
    Clock::time_point First = Clock::time_point::max();
    for (const Worker &W : Workers) {
      Pipes.push_back({W.Result, POLLIN, 0});
      First = std::min(First, W.Deadline);
    }
    auto Left = std::chrono::ceil<std::chrono::milliseconds>(First - Clock::now());
    poll(Pipes.data(), Pipes.size(), static_cast<int>(std::clamp<int64_t>(Left.count(), 0, 500)));
    for (size_t I = Workers.size(); I-- > 0;) {
      if (Pipes[I].revents && !readSome(Workers[I]))
        finish(I);
      else if (!Workers[I].TimedOut && Clock::now() >= Workers[I].Deadline) {
        Workers[I].TimedOut = true;
        kill(Workers[I].Process, SIGKILL); // its end of the pipe closes, and finish() follows
      }
    }
  }

  /// False at the end.
  static bool readSome(Worker &W) {
    char Buffer[1 << 16];
    ssize_t Count = read(W.Result, Buffer, sizeof(Buffer));
    if (Count > 0)
      W.Output.append(Buffer, Count);
    return Count > 0 || (Count < 0 && errno == EINTR);
  }

  void finish(size_t I) {
    Worker W = std::move(Workers[I]);
    Workers.erase(Workers.begin() + I);
    int Status = reap(W);
    WorkResult Result;
    Result.Said = readAll(W.Stderr);
    Result.Problem = howItEnded(Status, W, Result.Said, Timeout);
    if (Result.Problem.empty())
      Result.Output = std::move(W.Output);
    close(W.Stderr);
    Done(W.Item, std::move(Result));
  }

  static int reap(const Worker &W) {
    int Status = 0;
    close(W.Result);
    while (waitpid(W.Process, &Status, 0) < 0 && errno == EINTR)
      ;
    return Status;
  }

  void killAll() {
    for (const Worker &W : Workers)
      kill(W.Process, SIGKILL);
    for (const Worker &W : Workers) {
      reap(W);
      close(W.Stderr);
    }
    Workers.clear();
  }

  unsigned Jobs;
  std::chrono::seconds Timeout;
  function_ref<std::string(size_t)> Work;
  function_ref<void(size_t, WorkResult)> Done;
  std::vector<Worker> Workers;
};

} // namespace

bool workInProcesses(size_t Count, unsigned Jobs, std::chrono::seconds Timeout, function_ref<std::string(size_t)> Work,
                     function_ref<void(size_t, WorkResult)> Done) {
  return Pool(Jobs, Timeout, Work, Done).run(Count);
}

void interruptible() {
  struct sigaction Action = {};
  Action.sa_handler = [](int) { GotSignal = 1; };
  Action.sa_flags = static_cast<int>(SA_RESETHAND); // and no SA_RESTART: poll() is to return
  for (int Signal : {SIGINT, SIGTERM, SIGHUP})
    sigaction(Signal, &Action, nullptr);
  // A reader that went away, and a limit on the size of files, are errors of writing.
  for (int Signal : {SIGPIPE, SIGXFSZ})
    std::signal(Signal, SIG_IGN);
}

bool interrupted() { return GotSignal != 0; }

} // namespace ward
