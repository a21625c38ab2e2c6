#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Installs Ward's Debian packages into a clean Debian 12, in a folder of its own, and uses everything that is in them.
#
#   clean_debian.sh DEB...      as root; DEB are what `cpack -G DEB` made: ward_*.deb, and libward-dev_*.deb with it
#
# Needs debootstrap and takes minutes, most of them downloads. WARD_DEBIAN_ROOT names a folder that already has a Debian (which is
# changed); without it one is made and removed afterwards. Ends with the line `N passed, N failed`. Exit status: 0 all works, 1 something
# does not, 2 wrong usage.
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
  # shellcheck disable=SC2064  # the folder as it is now
  trap "rm -rf --one-file-system '$root'" EXIT
  debootstrap --variant=minbase bookworm "$root"
fi
inside() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive HOME=/root "$@"; }

# The release's updates, where LLVM 22 is.
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
# works WHAT COMMAND...: runs it inside; it is right if its output has the finding, or what EXPECT says.
works() {
  local what=$1 said
  shift
  said=$(inside "$@" 2>&1) || true
  if grep -q -F -e "${EXPECT:-[ward-discarded-guard]}" <<<"$said"; then
    printf 'works: %s\n' "$what"
    passed=$((passed + 1))
  else
    printf 'DOES NOT WORK: %s\n%s\n' "$what" "$said"
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
  echo "DOES NOT WORK: removing leaves something"
  failed=$((failed + 1))
fi
printf '\n%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
