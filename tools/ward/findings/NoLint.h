// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// `// NOLINT` and similar comments, as clang-tidy's engine handles them, for findings that it did not produce.
#ifndef WARD_TOOLS_FINDINGS_NOLINT_H
#define WARD_TOOLS_FINDINGS_NOLINT_H

#include "findings/Finding.h"

#include <memory>

namespace ward {

class NoLint {
public:
  NoLint();
  ~NoLint();

  /// Whether a comment in the current source suppresses \p F.
  bool suppresses(const Finding &F);

private:
  class Engine;
  std::unique_ptr<Engine> Impl;
};

} // namespace ward

#endif // WARD_TOOLS_FINDINGS_NOLINT_H
