// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Callable values: what they are constructed from, and which parameters they come from.
#ifndef WARD_MODEL_CALLABLES_H
#define WARD_MODEL_CALLABLES_H

#include "model/UnitModel.h"
#include "clang/AST/ExprCXX.h"

namespace ward {

/// \p Function is the call operator of a lambda.
bool isClosure(const clang::FunctionDecl *Function);

/// \p Type is callable, or a container of or pointer to callables.
bool containsCallable(clang::QualType Type, CatalogIndex &Names);

/// \p Type erases the type of its callable: std::function, the user's own, a container of them. Only the callers of \p Function
/// show which callable is inside, as they show its template arguments.
bool hidesCallable(clang::QualType Type, const clang::FunctionDecl *Function, CatalogIndex &Names);

/// The value that \p E passes on, looking through casts, copies, moves and forwards.
const clang::Expr *originalValue(const clang::Expr *E, CatalogIndex &Names);

/// The lambda that \p E is, or that initialises the local variable that \p E names; null if unknown.
const clang::LambdaExpr *lambdaOf(const clang::Expr *E, CatalogIndex &Names);

/// The parameter of \p Function that \p E passes on; null if it is none.
const clang::ParmVarDecl *parameterOf(const clang::Expr *E, const FunctionModel &Function, CatalogIndex &Names);

/// The parameter of \p Function that the captured \p Variable is, or that it is initialised from: `[f = std::move(f)]`, or a task on
/// the heap that wraps it; null if there is none.
const clang::ParmVarDecl *parameterBehind(const clang::ValueDecl *Variable, const FunctionModel &Function, CatalogIndex &Names);

/// The call of a member function that \p Call makes through its pointer: `std::invoke(&C::f, c, x)`, or, if \p E is
/// what a call to operator() names, `std::bind(&C::f, c, x)`. None for other calls.
std::optional<CallSite> invokedBy(const clang::CallExpr *Call, CatalogIndex &Names);
std::optional<CallSite> boundIn(const clang::Expr *E, CatalogIndex &Names);

} // namespace ward

#endif // WARD_MODEL_CALLABLES_H
