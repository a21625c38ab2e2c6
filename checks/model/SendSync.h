// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Which types may move to another thread (Send), and which may be shared by threads through const access (Sync): Rust's traits,
/// derived for C++ types from their definitions.
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

/// How raw pointers and references are judged: by their pointee, as never Send or Sync, or not at all.
enum class PointerPolicy { Pointee, Never, Ignore };

/// A verdict, and the path to the part of the type that determines it.
struct ThreadAnswer {
  Verdict Is = Verdict::Yes;
  /// The members from the queried type down to the culprit; a base class is a step with its name.
  std::vector<const clang::NamedDecl *> Path;
  /// The culprit's type, and the reason for the verdict, as the end of a sentence: "whose reference count is not atomic".
  clang::QualType Culprit;
  std::string Why;
  /// The path goes through a pointer that shares ownership.
  bool ThroughShared = false;
  /// The culprit is a mutable member, and Indirections is the number of pointers without sole ownership on the path. Behind the
  /// first one, it is unknown what else accesses the member.
  bool IsMutable = false;
  /// It is inside a class with a lock.
  bool BesideLock = false;
  unsigned Indirections = 0;

  bool no() const { return Is == Verdict::No; }
};

/// The answers for the types of one unit; each is derived once. A type that contains itself is judged by its other parts.
class SendSync {
public:
  SendSync(clang::ASTContext &Context, LockTypes &Types, PointerPolicy Policy);

  /// The answer for \p Type. A reference is judged by the type that it refers to.
  const ThreadAnswer &ask(Trait Which, clang::QualType Type);

  /// The user's claim that a type is Send or Sync: a specialisation of ward::unsafe_impl_send or unsafe_impl_sync.
  struct Claim {
    Trait Which;
    clang::QualType Type;
    const clang::VarDecl *Where;
  };
  /// The claims of the unit that are true.
  const std::vector<Claim> &claims() const { return Claims; }
  /// Those for every class derived from a type: unsafe_impl_derived_send, unsafe_impl_derived_sync.
  const std::vector<Claim> &derivedClaims() const { return DerivedClaims; }
  /// The answer for the class \p Type by its fields and bases, without claims for the class itself.
  ThreadAnswer askFields(Trait Which, clang::QualType Type);

  /// The answer for a mutable field that does not synchronise itself: Yes if const member functions only access it with a lock held.
  /// Set by the flow analysis, which computes locksets; unset, such fields are assumed to be Sync.
  std::function<ThreadAnswer(const clang::FieldDecl *)> Mutable;

  /// "Job.cfg.name" for a path that starts in \p Start.
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
  /// All classes derived from \p Base are claimed to have the property.
  bool isClaimedForDerived(Trait Which, const clang::CXXRecordDecl *Base) const;

  clang::ASTContext &Context;
  LockTypes &Types;
  PointerPolicy Policy;
  std::unordered_map<Key, ThreadAnswer, KeyHash> Answers;
  /// The queries in progress. A recursive one is assumed to be Yes, which yields the greatest fixed point.
  std::vector<Key> Open;
  /// The answers that depend on such an assumption, and whether an assumption was wrong.
  std::vector<Key> Provisional;
  bool AssumptionUsed = false, AssumptionFailed = false;
  std::vector<Claim> Claims, DerivedClaims;
  llvm::DenseMap<const clang::Decl *, bool> ClaimedSend, ClaimedSync;
};

} // namespace ward

#endif // WARD_MODEL_SENDSYNC_H
