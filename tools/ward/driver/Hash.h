// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// BLAKE3 over a sequence of strings.
#ifndef WARD_TOOLS_DRIVER_HASH_H
#define WARD_TOOLS_DRIVER_HASH_H

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/BLAKE3.h"

#include <array>
#include <string>

namespace ward {

/// 128 bits: enough to rule out accidental collisions.
using Digest = std::array<uint8_t, 16>;

class Hasher {
public:
  /// Adds \p Text and its length, so that "ab", "c" and "a", "bc" hash differently.
  void add(llvm::StringRef Text) {
    uint64_t Size = Text.size();
    Hash.update(llvm::StringRef(reinterpret_cast<const char *>(&Size), sizeof(Size)));
    Hash.update(Text);
  }
  Digest digest() { return Hash.final<std::tuple_size_v<Digest>>(); }
  std::string hex() { return llvm::toHex(digest(), /*LowerCase=*/true); }

private:
  llvm::BLAKE3 Hash;
};

inline std::string hashed(llvm::StringRef Text) {
  Hasher Hash;
  Hash.add(Text);
  return Hash.hex();
}

inline Digest digestOf(llvm::StringRef Text) {
  return llvm::BLAKE3::hash<std::tuple_size_v<Digest>>(llvm::arrayRefFromStringRef(Text));
}

} // namespace ward

#endif // WARD_TOOLS_DRIVER_HASH_H
