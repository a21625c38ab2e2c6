// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Finds the macros by which a project writes Clang's thread-safety attributes.
#include "rewriting/AnnotationPlan.h"

#include "findings/ThirdParty.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Regex.h"

using namespace llvm;

namespace ward {
namespace {

constexpr struct {
  std::string AnnotationMacros::*Which;
  llvm::StringLiteral Attributes;
} Kinds[] = {
    {&AnnotationMacros::GuardedBy, "guarded_by|guarded_var"},
    {&AnnotationMacros::PtGuardedBy, "pt_guarded_by"},
    {&AnnotationMacros::Requires, "requires_capability|exclusive_locks_required"},
    {&AnnotationMacros::RequiresShared, "requires_shared_capability|shared_locks_required"},
    {&AnnotationMacros::Excludes, "locks_excluded"},
};

/// The macros with parameters that \p Text defines for the attributes.
AnnotationMacros macrosIn(StringRef Text) {
  AnnotationMacros Result;
  std::string Joined = Text.str();
  for (size_t At; (At = Joined.find("\\\n")) != std::string::npos;)
    Joined.replace(At, 2, "  ");
  static Regex Definition("^[ \t]*#[ \t]*define[ \t]+([A-Za-z_0-9]+)\\([^)]*\\)(.*)$");
  SmallVector<StringRef, 64> Lines;
  StringRef(Joined).split(Lines, '\n');
  for (StringRef Line : Lines) {
    SmallVector<StringRef, 3> Parts;
    if (!Line.contains("define") || !Definition.match(Line.rtrim("\r"), &Parts))
      continue;
    for (const auto &Kind : Kinds) {
      // The shorter name wins: a project may keep an old one beside it.
      Regex Attribute("(^|[^a-z_])(" + Kind.Attributes.str() + ")(__)?[ \t]*\\(");
      std::string &Name = Result.*Kind.Which;
      if (Attribute.match(Parts[2]) && (Name.empty() || Parts[1].size() < Name.size()))
        Name = Parts[1].str();
    }
  }
  return Result;
}

unsigned count(const AnnotationMacros &Macros) {
  unsigned Result = 0;
  for (const auto &Kind : Kinds)
    Result += !(Macros.*Kind.Which).empty();
  return Result;
}

bool isSource(StringRef Path, bool OnlyHeaders) {
  StringRef Extension = sys::path::extension(Path);
  return is_contained({".h", ".hh", ".hpp", ".hxx", ".inc"}, Extension) || (!OnlyHeaders && is_contained({".c", ".cc", ".cpp", ".cxx"}, Extension));
}

template <class F> void forEachFile(StringRef Root, bool OnlyHeaders, F &&Visit) {
  std::error_code Problem;
  unsigned Left = 200000;
  for (sys::fs::recursive_directory_iterator It(Root, Problem, /*follow_symlinks=*/false), End; It != End && !Problem && Left; It.increment(Problem), --Left) {
    if (sys::path::filename(It->path()).starts_with(".")) {
      It.no_push();
      continue;
    }
    if (It->type() != sys::fs::file_type::regular_file || !isSource(It->path(), OnlyHeaders))
      continue;
    if (ErrorOr<std::unique_ptr<MemoryBuffer>> Text = MemoryBuffer::getFile(It->path()))
      Visit(StringRef(It->path()), (*Text)->getBuffer());
  }
}

/// How files of the project include \p Header most often; empty if none does.
std::string includeOf(StringRef Root, StringRef Header) {
  std::map<std::string, unsigned> Spellings;
  StringRef Name = sys::path::filename(Header);
  forEachFile(Root, /*OnlyHeaders=*/false, [&](StringRef, StringRef Text) {
    for (size_t At = Text.find(Name); At != StringRef::npos; At = Text.find(Name, At + 1)) {
      size_t Start = Text.rfind('\n', At);
      StringRef Line = Text.drop_front(Start == StringRef::npos ? 0 : Start + 1).take_until([](char C) { return C == '\n' || C == '\r'; }).trim();
      if (!Line.consume_front("#") || !(Line = Line.ltrim()).consume_front("include"))
        continue;
      Line = Line.ltrim();
      size_t End = Line.empty() ? StringRef::npos : Line.find(Line.front() == '<' ? '>' : '"', 1);
      StringRef Path = End == StringRef::npos ? "" : Line.slice(1, End);
      if (sys::path::filename(Path) == Name && Header.ends_with(Path.ltrim("./")))
        ++Spellings[Line.take_front(End + 1).str()];
    }
  });
  std::string Best;
  for (const auto &[Spelling, Times] : Spellings)
    if (Best.empty() || Times > Spellings[Best])
      Best = Spelling;
  return Best;
}

} // namespace

AnnotationMacros findMacros(StringRef Root) {
  AnnotationMacros Best;
  ThirdParty Others(Root, {});
  forEachFile(Root, /*OnlyHeaders=*/true, [&](StringRef Path, StringRef Text) {
    if (!Text.contains("guarded_by") || !Others.folderOf(Path).empty())
      return;
    AnnotationMacros Here = macrosIn(Text);
    if (!Here.GuardedBy.empty() && (count(Here) > count(Best) || (count(Here) == count(Best) && Path.str() < Best.Header))) {
      Best = std::move(Here);
      Best.Header = realPath(Path);
    }
  });
  if (!Best.Header.empty()) {
    Best.Include = includeOf(realPath(Root), Best.Header);
    return Best;
  }
  return {"WARD_GUARDED_BY", "WARD_PT_GUARDED_BY", "WARD_REQUIRES", "WARD_REQUIRES_SHARED", "WARD_EXCLUDES", "", "<ward/annotations.h>"};
}

} // namespace ward
