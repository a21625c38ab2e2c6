#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Installs Ward's Debian packages into a clean Debian 12 in a separate folder, and tests everything in them.
#
#   clean_debian.sh DEB...      as root; DEB are the packages from `cpack -G DEB`: ward_*.deb and libward-dev_*.deb
#
# Needs debootstrap and takes minutes, mostly for downloads. WARD_DEBIAN_ROOT names a folder with an existing Debian, which is modified;
# without it a temporary one is created. The last line of the output is `N passed, N failed`. Exit status: 0 all tests passed, 1 some failed,
# 2 wrong usage.
set -euo pipefail

if [ $# = 0 ] || [ "$(id -u)" != 0 ]; then
  sed -n '/^# Installs/,/^set /{/^set /d;s/^# \{0,1\}//;p;}' "${BASH_SOURCE[0]}" >&2
  exit 2
fi
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
root=${WARD_DEBIAN_ROOT:-}
if [ -z "$root" ]; then
  command -v debootstrap >/dev/null || {
    echo "debootstrap is not installed: apt-get install debootstrap" >&2
    exit 2
  }
  root=$(mktemp -d)
  # shellcheck disable=SC2064  # expands the folder's name now
  trap "rm -rf --one-file-system '$root'" EXIT
  debootstrap --variant=minbase bookworm "$root"
fi
inside() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive HOME=/root "$@"; }

# With the updates of the release, which contain LLVM 22.
mirror=$(awk '/^deb /{print $2; exit}' "$root/etc/apt/sources.list")
for suite in bookworm bookworm-updates; do printf 'deb %s %s main\n' "$mirror" "$suite"; done >"$root/etc/apt/sources.list"
printf 'deb %s bookworm-security main\n' "${mirror%/}-security" >>"$root/etc/apt/sources.list"
cp /etc/resolv.conf "$root/etc/"
mkdir -p "$root/packages"
cp "$@" "$root/packages/"
inside apt-get update -qq
inside sh -c 'apt-get install -y -qq --no-install-recommends /packages/*.deb' >"$root/packages/log" 2>&1 || {
  tail -n 30 "$root/packages/log"
  exit 1
}
llvm=$(basename "$root"/usr/lib/ward/WardTidy-*.so .so)
llvm=${llvm#WardTidy-}
inside apt-get install -y -qq --no-install-recommends "clang-tidy-$llvm" g++ cmake ninja-build >"$root/packages/log" 2>&1

passed=0
failed=0
# works WHAT COMMAND...: runs the command inside; it passes if its output contains the finding, or EXPECT.
works() {
  local what=$1 output
  shift
  output=$(inside "$@" 2>&1) || true
  if grep -q -F -e "${EXPECT:-[ward-discarded-guard]}" <<<"$output"; then
    printf 'PASS: %s\n' "$what"
    passed=$((passed + 1))
  else
    printf 'FAIL: %s\n%s\n' "$what" "$output"
    failed=$((failed + 1))
  fi
}
cp -r "$top/test/tools/package/Inputs/consumer" "$root/root/consumer"
cp -r "$top/test/runtime/package/consumer" "$root/root/runtime"
file=/root/consumer/count.cpp
works "ward-tidy" ward-tidy '-checks=-*,ward-*' $file -- -std=c++17
works "the drop-in clang-tidy" /usr/libexec/ward/clang-tidy '-checks=-*,ward-*' $file -- -std=c++17
works "the plugin" "clang-tidy-$llvm" -load "/usr/lib/ward/WardTidy-$llvm.so" '-checks=-*,ward-*' $file -- -std=c++17
works "ward_enable_checks()" sh -c 'cmake -S /root/consumer -B /root/consumer/build -G Ninja -DCALL=counts && cmake --build /root/consumer/build'
if [ -x "$root/usr/bin/ward-clangd" ]; then
  EXPECT='All checks completed, 0 errors' works "ward-clangd" ward-clangd --check=$file
fi
if [ -x "$root/usr/bin/ward" ]; then
  works "ward check" sh -c 'cmake -S /root/consumer -B /root/consumer/db -G Ninja -DCALL=counts -DCMAKE_EXPORT_COMPILE_COMMANDS=ON && ward check -p /root/consumer/db'
fi
if [ -e "$root/usr/lib/libward.a" ]; then
  EXPECT='the consumer ran' works "find_package(Ward)" sh -c 'cmake -S /root/runtime -B /root/runtime/build -G Ninja -DWARD_FROM=package && cmake --build /root/runtime/build && /root/runtime/build/consumer && echo the consumer ran'
fi
inside apt-get remove -y -qq ward >"$root/packages/log" 2>&1
if [ -n "$(find "$root/usr/bin" "$root/usr/lib/ward" "$root/usr/share/ward" -name '*ward*' 2>/dev/null)" ]; then
  echo "FAIL: removing the package leaves files"
  failed=$((failed + 1))
fi
printf '\n%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
