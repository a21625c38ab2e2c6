// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The names of declarations, and the entries that the catalog has for them.
#ifndef WARD_MODEL_NAMES_H
#define WARD_MODEL_NAMES_H

#include "catalog/Catalog.h"
#include "model/Rebindings.h"
#include "clang/AST/Decl.h"
#include "clang/AST/Type.h"
#include "llvm/ADT/DenseMap.h"

#include <memory>
#include <string>

namespace ward {

/// The qualified name without template arguments and inline namespaces: `std::unique_lock` for any specialisation; for an unnamed
/// C struct, the name of its typedef; empty if there is none.
std::string qualifiedName(const clang::NamedDecl &Decl);

/// The name of \p Decl in messages: a field by its class and name, `Account::balance_`, without namespaces and template arguments; a field
/// of an unnamed class, and everything else, by its name alone. The end of an access path is named by its last field.
std::string displayName(const clang::ValueDecl &Decl);

/// The class that \p Type names, without references, sugar and qualifiers; if the type is dependent or not yet deduced, the pattern
/// of the class template; null for other types.
const clang::TagDecl *classOf(clang::QualType Type);

/// \p Type without references, and without pointers and arrays however nested.
clang::QualType withoutPointers(clang::QualType Type);

/// The first template argument of the class \p Type; a null type if there is none that is a type.
clang::QualType firstTypeArgument(clang::QualType Type);

/// The catalog's entries for the declarations of one unit. Each declaration is looked up once.
class CatalogIndex {
public:
  explicit CatalogIndex(std::shared_ptr<const Catalog> Source) : Source(std::move(Source)) {}

  const MutexEntry *mutex(const clang::NamedDecl *Decl) { return known(Decl).Mutex; }
  const GuardEntry *guard(const clang::NamedDecl *Decl) { return known(Decl).Guard; }
  const CondvarEntry *condvar(const clang::NamedDecl *Decl) { return known(Decl).Condvar; }
  const FunctionEntry *function(const clang::NamedDecl *Decl) { return known(Decl).Function; }
  const TypeEntry *type(const clang::NamedDecl *Decl) { return known(Decl).Type; }
  const SpawnEntry *spawn(const clang::NamedDecl *Decl) { return known(Decl).Spawn; }
  const ThreadEntry *thread(const clang::NamedDecl *Decl) { return known(Decl).Thread; }
  const BlockingEntry *blocking(const clang::NamedDecl *Decl) { return known(Decl).Blocking; }
  const DescriptorEntry *descriptor(const clang::NamedDecl *Decl) { return known(Decl).Descriptor; }
  /// The entry of \p Method for objects of the class \p Object; a base class may declare the method.
  const BlockingEntry *blocking(const clang::NamedDecl *Method, const clang::TagDecl *Object);
  bool isRunner(const clang::NamedDecl *Decl) { return known(Decl).Runner; }
  bool isCallback(const clang::NamedDecl *Decl) { return known(Decl).Callback; }
  bool isSignal(const clang::NamedDecl *Decl) { return known(Decl).Signal; }
  bool isSignalMacro(llvm::StringRef Macro) { return Source->isSignalMacro(Macro); }
  const AtomicEntry *atomic(const clang::NamedDecl *Decl) { return known(Decl).AtomicType; }
  const AtomicFunctionEntry *atomicFunction(const clang::NamedDecl *Decl) { return known(Decl).AtomicFunction; }
  bool isRelaxedOrder(const clang::NamedDecl *Decl) { return known(Decl).RelaxedOrder; }
  bool packsBools(const clang::NamedDecl *Decl) { return known(Decl).PackedBools; }
  bool isSignalType(const clang::NamedDecl *Decl) { return known(Decl).SignalType; }
  bool isKeyed(const clang::NamedDecl *Decl) { return known(Decl).Keyed; }
  bool isFence(const clang::NamedDecl *Decl) { return known(Decl).Fence; }
  const ArgumentEffectEntry *argumentEffects(const clang::NamedDecl *Decl) { return known(Decl).ArgumentEffects; }
  const HiddenStateEntry *hiddenState(const clang::NamedDecl *Decl) { return known(Decl).HiddenState; }
  bool isExecutionPolicy(const clang::NamedDecl *Decl) { return known(Decl).ExecutionPolicy; }
  bool isHarmless(const clang::NamedDecl *Decl) { return known(Decl).Harmless; }
  bool isConstant(const clang::NamedDecl *Decl) { return known(Decl).Constant; }
  bool isThreadId(const clang::NamedDecl *Decl) { return known(Decl).ThreadId; }
  const ContainerEntry *container(const clang::NamedDecl *Decl) { return known(Decl).Container; }
  const CellEntry *cell(const clang::NamedDecl *Decl) { return known(Decl).Cell; }
  bool isEmplacer(const clang::NamedDecl *Decl) { return known(Decl).Emplacer; }
  bool isCarrier(const clang::NamedDecl *Decl) { return known(Decl).Carrier; }
  bool isValue(const clang::NamedDecl *Decl) { return known(Decl).Value; }
  bool isAtomic(const clang::NamedDecl *Decl) { return known(Decl).Atomic; }
  bool isPointer(const clang::NamedDecl *Decl) { return known(Decl).Pointer; }
  bool isSink(const clang::NamedDecl *Decl) { return known(Decl).Sink; }
  /// \p Decl is in a header, system header or not, of a library that the catalog describes.
  bool isInLibraryHeader(const clang::Decl *Decl);

  /// The reassignments in the functions of the unit, which limit the aliases that a path can look through.
  Rebindings &rebindings() { return Reassigned; }
  /// The values that \p Function, which has a body, returns. None if there are many.
  llvm::ArrayRef<const clang::Expr *> returnedBy(const clang::FunctionDecl *Function);

private:
  struct Known {
    const MutexEntry *Mutex = nullptr;
    const GuardEntry *Guard = nullptr;
    const CondvarEntry *Condvar = nullptr;
    const FunctionEntry *Function = nullptr;
    const TypeEntry *Type = nullptr;
    const SpawnEntry *Spawn = nullptr;
    const ThreadEntry *Thread = nullptr;
    const BlockingEntry *Blocking = nullptr;
    const DescriptorEntry *Descriptor = nullptr;
    bool Emplacer = false, Runner = false, Callback = false, Signal = false;
    const ContainerEntry *Container = nullptr;
    const CellEntry *Cell = nullptr;
    bool Carrier = false, Value = false, Atomic = false, Pointer = false, Sink = false, LibraryNamespace = false;
    const AtomicEntry *AtomicType = nullptr;
    const AtomicFunctionEntry *AtomicFunction = nullptr;
    const ArgumentEffectEntry *ArgumentEffects = nullptr;
    const HiddenStateEntry *HiddenState = nullptr;
    bool ExecutionPolicy = false, Harmless = false, Constant = false, ThreadId = false;
    bool RelaxedOrder = false, Fence = false, Keyed = false, PackedBools = false, SignalType = false;
  };
  const Known &known(const clang::NamedDecl *Decl);

  std::shared_ptr<const Catalog> Source;
  llvm::DenseMap<const clang::NamedDecl *, Known> Cache;
  Rebindings Reassigned;
  llvm::DenseMap<const clang::FunctionDecl *, std::unique_ptr<llvm::SmallVector<const clang::Expr *, 2>>> Returned;
};

} // namespace ward

#endif // WARD_MODEL_NAMES_H
