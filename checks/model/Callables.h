// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Callable values: what they are made from, and whose they are.
#ifndef WARD_MODEL_CALLABLES_H
#define WARD_MODEL_CALLABLES_H

#include "model/UnitModel.h"
#include "clang/AST/ExprCXX.h"

namespace ward {

/// \p Function is the call operator of a lambda.
bool isClosure(const clang::FunctionDecl *Function);

/// \p Type can be called, or holds something that can: a container or pointer of callables.
bool containsCallable(clang::QualType Type, CatalogIndex &Names);

/// A callable of \p Type may be made from any other: std::function, a home-made one, a container of them. What is inside
/// only the caller of \p Function knows, as he alone knows what its template parameters are.
bool hidesCallable(clang::QualType Type, const clang::FunctionDecl *Function, CatalogIndex &Names);

/// Through casts, copies, moves and forwards to what is really given.
const clang::Expr *givenValue(const clang::Expr *E, CatalogIndex &Names);

/// The lambda that \p E is, or that the local variable that it names was made from; null if it can't be told.
const clang::LambdaExpr *lambdaOf(const clang::Expr *E, CatalogIndex &Names);

/// The parameter of \p Function that \p E gives on; null if it gives something else.
const clang::ParmVarDecl *parameterOf(const clang::Expr *E, const FunctionModel &Function, CatalogIndex &Names);

/// The parameter of \p Function that the captured \p Variable is, or was made from: `[f = std::move(f)]`, or a task on the
/// heap that wraps it.
const clang::ParmVarDecl *parameterBehind(const clang::ValueDecl *Variable, const FunctionModel &Function, CatalogIndex &Names);

} // namespace ward

#endif // WARD_MODEL_CALLABLES_H
