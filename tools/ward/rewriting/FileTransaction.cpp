// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "rewriting/FileTransaction.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

using namespace llvm;

namespace ward {
namespace {

constexpr llvm::StringLiteral JournalName = ".ward-rewrite", DoneName = ".ward-rewrite-done", OldSuffix = ".ward-old", NewSuffix = ".ward-new";

std::error_code lastError() { return std::error_code(errno, std::generic_category()); }

Error cannotWrite(StringRef Path, std::error_code Why) {
  return createStringError(Why, "cannot write %s: %s; nothing was changed", Path.str().c_str(), Why.message().c_str());
}

std::error_code writeAll(int To, StringRef Content) {
  while (!Content.empty()) {
    ssize_t Written = ::write(To, Content.data(), Content.size());
    if (Written < 0 && errno == EINTR)
      continue;
    if (Written < 0)
      return lastError();
    Content = Content.drop_front(Written);
  }
  return ::fsync(To) < 0 ? lastError() : std::error_code();
}

/// A file that is written and not yet in place.
struct Prepared {
  std::string Path;
  int Descriptor = -1; ///< of an unnamed file; -1 if it is at Path + NewSuffix
};

std::error_code prepare(Prepared &File, StringRef Content) {
  struct stat Status;
  if (::stat(File.Path.c_str(), &Status) < 0)
    return lastError();
  if (::access(File.Path.c_str(), W_OK) < 0)
    return lastError();
  int To = -1;
#ifdef O_TMPFILE
  To = File.Descriptor = ::open(sys::path::parent_path(File.Path).str().c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
#endif
  if (To < 0)
    To = ::open((File.Path + NewSuffix).str().c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
  if (To < 0)
    return lastError();
  std::error_code Problem = writeAll(To, Content);
  if (!Problem && ::fchmod(To, Status.st_mode & 07777) < 0)
    Problem = lastError();
  if (File.Descriptor < 0)
    ::close(To);
  return Problem;
}

void flushFolder(StringRef Path) {
  if (int Folder = ::open(Path.str().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); Folder >= 0) {
    ::fsync(Folder);
    ::close(Folder);
  }
}

std::string journalAt(StringRef Root, StringRef Name) { return (Root + "/" + Name).str(); }

/// Restores the old content of \p Paths, as far as it is kept, and removes what was prepared.
std::error_code restore(ArrayRef<std::string> Paths) {
  std::error_code Problem;
  for (const std::string &Path : Paths) {
    if (::rename((Path + OldSuffix).str().c_str(), Path.c_str()) < 0 && errno != ENOENT)
      Problem = lastError();
    ::unlink((Path + NewSuffix).str().c_str());
  }
  return Problem;
}

/// Names the prepared files and renames them into place. Runs in a process that nobody kills.
std::error_code commit(ArrayRef<Prepared> Files, ArrayRef<std::string> Paths, StringRef Root) {
  std::error_code Problem;
  for (const Prepared &File : Files) {
    std::string New = File.Path + NewSuffix.str(), Old = File.Path + OldSuffix.str();
    if (File.Descriptor >= 0) {
      ::unlink(New.c_str());
      std::string Open = "/proc/self/fd/" + std::to_string(File.Descriptor);
      if (::linkat(AT_FDCWD, Open.c_str(), AT_FDCWD, New.c_str(), AT_SYMLINK_FOLLOW) < 0)
        Problem = lastError();
    }
    ::unlink(Old.c_str());
    if (!Problem && ::link(File.Path.c_str(), Old.c_str()) < 0)
      Problem = lastError();
    if (Problem)
      break;
  }
  for (size_t I = 0; I < Files.size() && !Problem; ++I)
    if (::rename((Files[I].Path + NewSuffix).str().c_str(), Files[I].Path.c_str()) < 0)
      Problem = lastError();
  std::string Journal = journalAt(Root, JournalName), Done = journalAt(Root, DoneName);
  if (!Problem && ::rename(Journal.c_str(), Done.c_str()) < 0)
    Problem = lastError();
  if (Problem) {
    restore(Paths);
    ::unlink(Journal.c_str());
    return Problem;
  }
  flushFolder(Root);
  for (const std::string &Path : Paths)
    ::unlink((Path + OldSuffix).str().c_str());
  ::unlink(Done.c_str());
  return {};
}

/// Writes the journal of \p Paths, locked as long as the descriptor is open.
Expected<int> openJournal(StringRef Root, ArrayRef<std::string> Paths) {
  std::string Path = journalAt(Root, JournalName);
  int Journal = ::open(Path.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
  if (Journal < 0)
    return errno == EEXIST ? createStringError(lastError(), "another rewriting of this project is running (%s)", Path.c_str())
                           : cannotWrite(Path, lastError());
  std::error_code Problem = ::flock(Journal, LOCK_EX | LOCK_NB) < 0 ? lastError() : writeAll(Journal, join(Paths, "\n") + "\n");
  if (!Problem)
    return Journal;
  ::unlink(Path.c_str());
  ::close(Journal);
  return cannotWrite(Path, Problem);
}

} // namespace

Error replaceTogether(const std::map<std::string, std::string> &Contents, StringRef Root) {
  std::vector<Prepared> Files;
  std::vector<std::string> Paths;
  for (const auto &Each : Contents)
    Paths.push_back(Each.first);
  auto Discard = [&] {
    for (const Prepared &File : Files)
      if (File.Descriptor >= 0)
        ::close(File.Descriptor);
      else
        ::unlink((File.Path + NewSuffix).str().c_str());
  };
  for (const auto &[Path, Content] : Contents) {
    Files.push_back({Path});
    if (std::error_code Problem = prepare(Files.back(), Content)) {
      Discard();
      return cannotWrite(Path, Problem);
    }
  }
  Expected<int> Journal = openJournal(Root, Paths);
  if (!Journal) {
    Discard();
    return Journal.takeError();
  }
  pid_t Child = ::fork();
  if (Child == 0) {
    ::setsid();
    ::_exit(commit(Files, Paths, Root).value());
  }
  std::error_code Problem;
  if (Child < 0) {
    Problem = lastError();
    ::unlink(journalAt(Root, JournalName).c_str());
  } else {
    int Status = 0;
    while (::waitpid(Child, &Status, 0) < 0 && errno == EINTR)
      ;
    if (!WIFEXITED(Status) || WEXITSTATUS(Status))
      Problem = std::error_code(WIFEXITED(Status) ? WEXITSTATUS(Status) : EINTR, std::generic_category());
  }
  Discard();
  ::close(*Journal);
  return Problem ? cannotWrite(Root, Problem) : Error::success();
}

Expected<bool> undoInterrupted(StringRef Root) {
  bool Found = false;
  for (StringRef Name : {StringRef(JournalName), StringRef(DoneName)}) {
    std::string Path = journalAt(Root, Name);
    int Journal = ::open(Path.c_str(), O_RDWR | O_CLOEXEC);
    if (Journal < 0)
      continue;
    if (::flock(Journal, LOCK_EX | LOCK_NB) < 0) {
      ::close(Journal);
      return createStringError(inconvertibleErrorCode(), "another rewriting of this project is running (%s)", Path.c_str());
    }
    std::vector<std::string> Paths;
    if (ErrorOr<std::unique_ptr<MemoryBuffer>> Text = MemoryBuffer::getFile(Path)) {
      SmallVector<StringRef, 8> Lines;
      (*Text)->getBuffer().split(Lines, '\n', -1, /*KeepEmpty=*/false);
      for (StringRef Line : Lines)
        Paths.push_back(Line.str());
    }
    std::error_code Problem;
    if (Name == JournalName) {
      Problem = restore(Paths);
      Found = true;
    } else {
      for (const std::string &Each : Paths)
        ::unlink((Each + OldSuffix).str().c_str());
    }
    if (!Problem)
      ::unlink(Path.c_str());
    ::close(Journal);
    if (Problem)
      return createStringError(Problem, "cannot undo an interrupted rewriting (%s): %s", Path.c_str(), Problem.message().c_str());
  }
  return Found;
}

} // namespace ward
