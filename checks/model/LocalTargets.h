// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Points-to sets of local variables, kept up to date while a function's body is walked in the order of its source.
#ifndef WARD_MODEL_LOCALTARGETS_H
#define WARD_MODEL_LOCALTARGETS_H

#include "model/AccessPath.h"
#include "llvm/ADT/DenseMap.h"

#include <optional>

namespace ward {

/// A place that an expression names, or that a reference, pointer, iterator or view refers to.
struct ReachedPlace {
  AccessPath Path;
  /// The length of the prefix of Path that ends in the last pointer that was dereferenced: 0 for the root variable itself.
  std::optional<unsigned> Pointer;
  /// The length of the prefix of Path that a local variable or the result of a call stands for. The rest of Path stands in
  /// the expression itself.
  std::optional<unsigned> Alias;
  /// One element of several, selected by an index or an offset.
  bool Selected = false;

  explicit ReachedPlace(AccessPath Path) : Path(std::move(Path)) {}
  /// It is what the pointer at the end of Path points to.
  bool isIndirect() const { return Pointer && *Pointer == Path.steps().size(); }
  bool operator==(const ReachedPlace &Other) const { return Path == Other.Path && Pointer == Other.Pointer; }
};

/// A set of places, of limited size.
class ReachedPlaces : public llvm::SmallVector<ReachedPlace, 2> {
public:
  static constexpr size_t MaxPlaces = 16;
  void add(ReachedPlace Place) {
    if (size() < MaxPlaces && !llvm::is_contained(*this, Place))
      push_back(std::move(Place));
  }
  void addAll(const ReachedPlaces &Others) {
    for (const ReachedPlace &Other : Others)
      add(Other);
  }
};

/// For each local variable, what it may refer to at the current point of the walk. A strong update where the point is
/// reached on one path only; where paths join, the union.
class LocalTargets {
public:
  /// Null for a variable that was not assigned so far.
  const ReachedPlaces *lookup(const clang::VarDecl *Variable) const {
    auto It = Targets.find(Variable);
    return It == Targets.end() ? nullptr : &It->second;
  }
  /// \p Variable is assigned something that refers to \p Places.
  void assign(const clang::VarDecl *Variable, ReachedPlaces Places);
  /// \p Variable may be assigned, or holds \p Places beside others.
  void add(const clang::VarDecl *Variable, const ReachedPlaces &Places);

  /// The arms of a branch: what each assigns is undone before the next one.
  class Branch {
  public:
    explicit Branch(LocalTargets &Locals) : Locals(Locals), Mark(Locals.Changes.size()) {}
    /// One arm was walked.
    void endArm();
    /// All arms were, or one may be skipped: the union of what they leave and, if \p MayBeSkipped, of what was before.
    void join(bool MayBeSkipped);

  private:
    LocalTargets &Locals;
    size_t Mark;
    llvm::SmallVector<llvm::SmallDenseMap<const clang::VarDecl *, ReachedPlaces, 2>, 2> Arms;
  };

  /// While one lives, assignments only add: in a switch or between labels paths join anywhere.
  class WeakUpdates {
  public:
    explicit WeakUpdates(LocalTargets &Locals) : Locals(Locals) { ++Locals.Weak; }
    ~WeakUpdates() { --Locals.Weak; }
    WeakUpdates(const WeakUpdates &) = delete;
    WeakUpdates &operator=(const WeakUpdates &) = delete;

  private:
    LocalTargets &Locals;
  };

private:
  struct Change {
    const clang::VarDecl *Variable;
    std::optional<ReachedPlaces> Before;
  };
  void set(const clang::VarDecl *Variable, ReachedPlaces Places);

  llvm::DenseMap<const clang::VarDecl *, ReachedPlaces> Targets;
  std::vector<Change> Changes;
  unsigned Weak = 0;
};

} // namespace ward

#endif // WARD_MODEL_LOCALTARGETS_H
