// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Names for places in memory: `this->mu_`, `queue.items`, `*p`, a global.
#ifndef WARD_MODEL_ACCESSPATH_H
#define WARD_MODEL_ACCESSPATH_H

#include "model/Names.h"
#include "clang/AST/Expr.h"
#include "clang/AST/ExprCXX.h"
#include "llvm/ADT/SmallVector.h"

#include <optional>
#include <string>

namespace ward {

/// A root (`this` or a variable) and the fields that lead from it to the place. Indirection is transparent: `p->x`,
/// `(*p).x`, `r.x` and `sp->x` through a smart pointer are one path, since for locks what matters is the object named.
/// Two paths that are equal name one object as long as nothing in between was reassigned.
class AccessPath {
public:
  /// A field; or, in a template's pattern, the name of a member of a dependent type; or an element of an array or
  /// container, whichever it is.
  class Step {
  public:
    static Step field(const clang::FieldDecl *Field) { return {Field->getCanonicalDecl(), nullptr}; }
    static Step name(const clang::IdentifierInfo *Name) { return {nullptr, Name}; }
    static Step element() { return {nullptr, nullptr}; }

    const clang::FieldDecl *asField() const { return Field; }
    bool isElement() const { return !Field && !Name; }
    bool operator==(const Step &) const = default;
    std::string print() const;

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
  /// The last field of the path, null if it ends otherwise.
  const clang::FieldDecl *lastField() const { return Steps.empty() ? nullptr : Steps.back().asField(); }

  AccessPath &push(Step Next) {
    Steps.push_back(Next);
    return *this;
  }
  /// The path of the object that the last step leads out of. Only for paths that have a step.
  AccessPath parent() const;
  /// `this` or the parameter at the root replaced by \p NewRoot: a callee's path seen from the call.
  AccessPath rebase(const AccessPath &NewRoot) const;

  bool startsWith(const AccessPath &Prefix) const;
  bool operator==(const AccessPath &) const = default;
  /// As a programmer would write it: `mu_`, `queue.items`.
  std::string print() const;

private:
  explicit AccessPath(const clang::VarDecl *Root) : Root(Root) {}
  const clang::VarDecl *Root;
  llvm::SmallVector<Step, 3> Steps;
};

/// The expression without what does not change which object it names: parentheses, casts, temporaries' bookkeeping.
const clang::Expr *stripped(const clang::Expr *E);
/// The same, and of `&x`, x.
const clang::Expr *withoutAddressOf(const clang::Expr *E);

/// The place that \p E names, with references and simple accessor functions followed; none where it can't be told.
std::optional<AccessPath> pathOf(const clang::Expr *E, CatalogIndex &Names);

/// A call as its callee sees it: the function, the object (null if there is none) and the arguments.
struct CallSite {
  const clang::FunctionDecl *Callee;
  const clang::Expr *Object;
  llvm::ArrayRef<const clang::Expr *> Arguments;
  /// Called on `this`, which a template's pattern does not spell out.
  bool OnThis = false;

  static CallSite of(const clang::CallExpr *Call);
  static CallSite of(const clang::CXXConstructExpr *Construct);
};

/// \p Inner, a path in the body of the callee, as the caller would write it; none where it names a local of the callee.
std::optional<AccessPath> atCall(const AccessPath &Inner, const CallSite &Call, CatalogIndex &Names);

/// What a function of one `return E;` gives back, null for any other.
const clang::Expr *onlyReturn(const clang::FunctionDecl *Function);

/// The place that \p Accessor gives, by its annotation or its only statement, as seen from its object; none for other
/// functions.
std::optional<AccessPath> accessedBy(const clang::FunctionDecl *Accessor, CatalogIndex &Names);

} // namespace ward

#endif // WARD_MODEL_ACCESSPATH_H
