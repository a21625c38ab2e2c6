// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// `// NOLINT` and its like, as clang-tidy's engine understands them, for findings that it did not make.
#ifndef WARD_TOOLS_FINDINGS_NOLINT_H
#define WARD_TOOLS_FINDINGS_NOLINT_H

#include "findings/Finding.h"

#include <memory>

namespace ward {

class NoLint {
public:
  NoLint();
  ~NoLint();

  /// Whether a comment in the source, as it is now, silences \p F.
  bool silences(const Finding &F);

private:
  class Engine;
  std::unique_ptr<Engine> Inside;
};

} // namespace ward

#endif // WARD_TOOLS_FINDINGS_NOLINT_H
