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
  int Result, Stderr; // descriptors: the pipe for its result, the in-memory file for its stderr
  Clock::time_point Deadline;
  std::string Output;
  bool TimedOut = false;
};

/// Writes all of \p Text to \p Descriptor; false on failure.
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

/// Runs in the child after fork().
[[noreturn]] void runWorker(const Worker &Self, int ResultPipe, pid_t Parent, function_ref<std::string(size_t)> Work) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != Parent) // the parent died before the line above
    _exit(1);
  // A terminal sends Ctrl-C to all processes. If workers died of it, the parent would report crashes.
  for (int Signal : {SIGINT, SIGTERM, SIGHUP})
    std::signal(Signal, SIG_IGN);
  // A symbolized stack trace would be slow and is not used.
  setenv("LLVM_DISABLE_SYMBOLIZATION", "1", /*overwrite=*/1);
  int Null = open("/dev/null", O_RDWR);
  dup2(Null, STDIN_FILENO);
  dup2(Null, STDOUT_FILENO);
  dup2(Self.Stderr, STDERR_FILENO);
  std::string Result = Work(Self.Item);
  errs().flush();
  // Skips destructors: the memory of the syntax tree goes with the process.
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

/// The line of \p Stderr that best describes a crash.
StringRef reason(StringRef Stderr) {
  SmallVector<StringRef, 32> Lines;
  Stderr.split(Lines, '\n', -1, /*KeepEmpty=*/false);
  for (const char *Pattern : {"Assertion|LLVM ERROR|error:|terminate called|bad_alloc", "^[1-9][0-9]*\\.[ \t]"}) {
    Regex Wanted(Pattern);
    for (StringRef Line : Lines)
      if (Wanted.match(Line))
        return Line.ltrim("0123456789.\t ").rtrim();
  }
  return {};
}

/// Why worker \p W failed; empty if it succeeded.
std::string problemOf(int Status, const Worker &W, StringRef Stderr, std::chrono::seconds Timeout) {
  if (W.TimedOut)
    return "not finished after " + std::to_string(Timeout.count()) + " s";
  std::string What;
  if (WIFSIGNALED(Status))
    What = std::string("crashed (") + strsignal(WTERMSIG(Status)) + ")";
  else if (WIFEXITED(Status) && WEXITSTATUS(Status) != 0)
    What = "the worker process exited with status " + std::to_string(WEXITSTATUS(Status));
  else
    return {};
  if (WIFSIGNALED(Status) && WTERMSIG(Status) == SIGKILL)
    What += ": possibly out of memory";
  if (StringRef Why = reason(Stderr); !Why.empty())
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
      return Done(Item, {{}, "cannot start a worker process: " + Why, {}});
    }
    Worker W{Item, 0, Pipe[0], Stderr, Clock::now() + Timeout, {}};
    outs().flush();
    errs().flush();
    pid_t Parent = getpid();
    W.Process = fork();
    if (W.Process == 0)
      runWorker(W, Pipe[1], Parent, Work);
    std::string Why = std::strerror(errno);
    close(Pipe[1]);
    if (W.Process < 0) {
      close(Pipe[0]);
      close(Stderr);
      return Done(Item, {{}, "cannot start a worker process: " + Why, {}});
    }
    Workers.push_back(std::move(W));
  }

  /// Waits for output, a timeout or a signal.
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
        kill(Workers[I].Process, SIGKILL); // which closes its pipe, so that finish() follows
      }
    }
  }

  /// Reads available output; false at the end.
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
    Result.Stderr = readAll(W.Stderr);
    Result.Problem = problemOf(Status, W, Result.Stderr, Timeout);
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
  Action.sa_flags = static_cast<int>(SA_RESETHAND); // without SA_RESTART, so that poll() returns
  for (int Signal : {SIGINT, SIGTERM, SIGHUP})
    sigaction(Signal, &Action, nullptr);
  // A closed pipe and a file size limit become errors of write().
  for (int Signal : {SIGPIPE, SIGXFSZ})
    std::signal(Signal, SIG_IGN);
}

bool interrupted() { return GotSignal != 0; }

} // namespace ward
