// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Access paths: names for places in memory, such as `this->mu_`, `queue.items`, `*p` or a global.
#ifndef WARD_MODEL_ACCESSPATH_H
#define WARD_MODEL_ACCESSPATH_H

#include "model/Names.h"
#include "clang/AST/Expr.h"
#include "clang/AST/ExprCXX.h"
#include "llvm/ADT/SmallVector.h"

#include <optional>
#include <string>

namespace ward {

/// A root (`this` or a variable) and the fields that lead from it to the place. Indirection is transparent: `p->x`, `(*p).x`, `r.x`
/// and `sp->x` through a smart pointer are one path, since for locks it is the named object that matters. Equal paths name the same
/// object as long as no pointer on the path is reassigned.
class AccessPath {
public:
  /// A field; or, in a template pattern, the name of a member of a dependent type; or any element of an array or container.
  class Step {
  public:
    static Step field(const clang::FieldDecl *Field) { return {Field->getCanonicalDecl(), nullptr}; }
    static Step name(const clang::IdentifierInfo *Name) { return {nullptr, Name}; }
    static Step element() { return {nullptr, nullptr}; }

    const clang::FieldDecl *asField() const { return Field; }
    bool isElement() const { return !Field && !Name; }
    bool operator==(const Step &) const = default;
    /// The name of the member; empty for an element.
    std::string name() const;

  private:
    Step(const clang::FieldDecl *Field, const clang::IdentifierInfo *Name) : Field(Field), Name(Name) {}
    const clang::FieldDecl *Field;
    const clang::IdentifierInfo *Name;
  };

  static AccessPath ofThis() { return AccessPath(nullptr); }
  static AccessPath ofVariable(const clang::VarDecl *Variable) { return AccessPath(Variable->getCanonicalDecl()); }

  /// Null for `this`.
  const clang::VarDecl *root() const { return Root; }
  llvm::ArrayRef<Step> steps() const { return Steps; }
  bool isThis() const { return !Root && Steps.empty(); }
  /// The field that the path ends in; null if it ends in anything else.
  const clang::FieldDecl *lastField() const { return Steps.empty() ? nullptr : Steps.back().asField(); }

  AccessPath &push(Step Next) {
    Steps.push_back(Next);
    return *this;
  }
  AccessPath &append(llvm::ArrayRef<Step> More) {
    Steps.append(More.begin(), More.end());
    return *this;
  }
  /// The path without its last step. Requires a path with a step.
  AccessPath parent() const;
  /// The path with its root, `this` or a parameter, replaced by \p NewRoot: a callee's path, as the caller names it.
  AccessPath rebase(const AccessPath &NewRoot) const;

  bool startsWith(const AccessPath &Prefix) const;
  /// It leads through an element of an array or container, which may be another one each time.
  bool hasElement() const {
    return llvm::any_of(Steps, [](const Step &Each) { return Each.isElement(); });
  }
  bool operator==(const AccessPath &) const = default;
  /// As a programmer would write it: `mu_`, `queue.items`, `wallet->state`, `shards[...].mu`. See printPath().
  std::string print() const;

private:
  explicit AccessPath(const clang::VarDecl *Root) : Root(Root) {}
  const clang::VarDecl *Root;
  llvm::SmallVector<Step, 3> Steps;
};

/// The path from \p Root, or from `this` if that is null, over \p Steps, as the source writes it: `->` after a pointer, `[...]` for any
/// element. Variables that the compiler adds are named by what initialises them; the inside of library classes is left out.
std::string printPath(const clang::VarDecl *Root, llvm::ArrayRef<AccessPath::Step> Steps);

/// \p E without the nodes that do not change which object it names: parentheses, casts, temporaries.
const clang::Expr *stripped(const clang::Expr *E);
/// The same, and for `&x` the x.
const clang::Expr *withoutAddressOf(const clang::Expr *E);

/// The place that \p E names, looking through references and simple accessor functions; none if it is unknown.
std::optional<AccessPath> pathOf(const clang::Expr *E, CatalogIndex &Names);

/// A call as its callee sees it: the function, the object (null if there is none) and the arguments.
struct CallSite {
  const clang::FunctionDecl *Callee;
  const clang::Expr *Object;
  llvm::ArrayRef<const clang::Expr *> Arguments;
  /// An implicit call on `this` in a template pattern, which has no expression for the object.
  bool OnThis = false;

  static CallSite of(const clang::CallExpr *Call);
  static CallSite of(const clang::CXXConstructExpr *Construct);
  /// The object of the caller is also that of the callee.
  bool isOnThis() const;
};

/// \p Inner, a path in the body of the callee, as the caller names it; none if it names a local of the callee.
std::optional<AccessPath> atCall(const AccessPath &Inner, const CallSite &Call, CatalogIndex &Names);

/// The E of a function that consists of `return E;`, perhaps after declarations; null for any other function.
const clang::Expr *onlyReturn(const clang::FunctionDecl *Function);

/// The place that \p Accessor returns, by its annotation or its only statement, relative to its object; none for other functions.
std::optional<AccessPath> accessedBy(const clang::FunctionDecl *Accessor, CatalogIndex &Names);

} // namespace ward

#endif // WARD_MODEL_ACCESSPATH_H
