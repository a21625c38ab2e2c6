// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Which types may move to another thread (Send) and which may be used by several at once through const access (Sync):
/// Rust's two words, derived for C++ types from their definitions.
#ifndef WARD_MODEL_SENDSYNC_H
#define WARD_MODEL_SENDSYNC_H

#include "model/LockTypes.h"
#include "model/Names.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "llvm/ADT/DenseSet.h"

#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

namespace ward {

enum class Trait { Send, Sync };
enum class Verdict { Yes, No, Unknown };

/// How raw pointers and references are judged: by what they point to, never to be sent, or not at all.
enum class PointerPolicy { Pointee, Never, Ignore };

/// A verdict and the way to the part that decides it.
struct ThreadAnswer {
  Verdict Is = Verdict::Yes;
  /// The members from the type asked about down to the culprit; a base class counts as its name.
  std::vector<const clang::NamedDecl *> Path;
  /// The culprit's type, and why it is what it is, as the end of a sentence: "whose count is not atomic".
  clang::QualType Culprit;
  std::string Why;
  /// The way leads through a pointer that shares ownership.
  bool ThroughShared = false;
  /// The culprit is a mutable member, and so many pointers that don't own it alone lead there. Behind the first one it is
  /// anybody's guess who else uses it, and when.
  bool IsMutable = false;
  /// It is inside a class that has a lock beside it.
  bool BehindLock = false;
  unsigned Hops = 0;

  bool no() const { return Is == Verdict::No; }
};

/// Answers for the types of one unit; each is derived once. A type that contains itself is judged by the rest of it.
class SendSync {
public:
  SendSync(clang::ASTContext &Context, LockTypes &Types, PointerPolicy Policy);

  /// The answer for \p Type; references are judged as what they refer to, used as their constness allows.
  const ThreadAnswer &ask(Trait Which, clang::QualType Type);

  /// A hand-made claim that a type is Send or Sync: a specialisation of ward::unsafe_impl_send or unsafe_impl_sync.
  struct Claim {
    Trait Which;
    clang::QualType Type;
    const clang::VarDecl *Where;
  };
  /// The claims of the unit that say yes.
  const std::vector<Claim> &claims() const { return Claims; }
  /// The answer for the class \p Type by its own fields and bases, whatever is claimed for it itself.
  ThreadAnswer askFields(Trait Which, clang::QualType Type);

  /// How a mutable field that does not synchronise itself is judged: Yes if the const members only touch it under a lock.
  /// Set by the flow, which can see locks held; without it such fields are taken to be fine.
  std::function<ThreadAnswer(const clang::FieldDecl *)> Mutable;

  /// "Job.cfg.name" for a path that starts in something called \p Start.
  static std::string print(llvm::StringRef Start, const std::vector<const clang::NamedDecl *> &Path);

  LockTypes &types() { return Types; }

private:
  struct Key {
    const void *Type;
    Trait Which;
    bool operator==(const Key &) const = default;
  };
  struct KeyHash {
    size_t operator()(const Key &K) const { return llvm::hash_combine(K.Type, static_cast<int>(K.Which)); }
  };

  ThreadAnswer askOfTemplate(Trait Which, clang::QualType Type);
  ThreadAnswer derive(Trait Which, clang::QualType Type);
  ThreadAnswer deriveRecord(Trait Which, clang::QualType Type, const clang::CXXRecordDecl *Record);
  ThreadAnswer deriveParts(Trait Which, clang::QualType Type, const clang::CXXRecordDecl *Record);
  ThreadAnswer derivePointee(Trait Which, clang::QualType Pointer, clang::QualType Pointee);
  ThreadAnswer apply(ThreadRule Rule, Trait Which, clang::QualType Type, const TypeEntry &Entry);
  std::optional<ThreadAnswer> claimed(Trait Which, clang::QualType Type, const clang::CXXRecordDecl *Record);
  void collectClaims();

  clang::ASTContext &Context;
  LockTypes &Types;
  PointerPolicy Policy;
  std::unordered_map<Key, ThreadAnswer, KeyHash> Answers;
  /// Questions being answered now; one that comes up again is taken to be Yes, as the greatest solution has it.
  std::vector<Key> Open;
  /// Answers that rest on such an assumption, and whether one turned out wrong.
  std::vector<Key> Provisional;
  bool AssumptionUsed = false, AssumptionFailed = false;
  std::vector<Claim> Claims;
  llvm::DenseMap<const clang::Decl *, bool> ClaimedSend, ClaimedSync;
};

} // namespace ward

#endif // WARD_MODEL_SENDSYNC_H
