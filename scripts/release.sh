#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Makes the files of a release, which install_ward.sh installs from.
#
#   release.sh packages FOLDER [LLVM...]   builds the Debian packages for this distribution into FOLDER: ward for each LLVM (if none is
#                                          named, the newest that there is), and libward-dev
#   release.sh checksums FOLDER [TAG]      writes FOLDER/SHA256SUMS: the packages of FOLDER, and the sources; fails if TAG, the release's
#                                          name, is not v and the version of the sources
#
# The sources must be as committed. Exit status: 0 done, 1 not done, 2 wrong usage.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

fail() {
  printf 'release: %s\n' "$*" >&2
  exit 1
}

# package FOLDER NAME OPTION...: configures, builds and packages into FOLDER what the options say, in build/release-NAME.
package() {
  local folder=$1 build=$top/build/release-$2
  cmake -S "$top" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DWARD_BUILD_TESTS=OFF "${@:3}"
  cmake --build "$build"
  rm -rf "$build/packages"
  cpack -G DEB --config "$build/CPackConfig.cmake" -B "$build/packages"
  cp "$build"/packages/*.deb "$folder"
}

packages() {
  local folder=$1 llvm
  shift
  [ -z "$(git -C "$top" status --porcelain)" ] || fail "there are changes that are not committed"
  [ $# -gt 0 ] || set -- "$("$top/scripts/install_deps.sh" --newest)"
  "$top/scripts/install_deps.sh" release "$@"
  mkdir -p "$folder"
  for llvm in "$@"; do
    package "$folder" "$llvm" "-DWARD_LLVM_VERSION=$llvm" -DWARD_BUILD_RUNTIME=OFF
  done
  package "$folder" runtime -DWARD_BUILD_ANALYSER=OFF
}

checksums() {
  local release
  release=$(WARD_RELEASES=. "$top/scripts/install_ward.sh" release)
  [ $# -lt 2 ] || [ "./$2" = "$release" ] || fail "the release of these sources is ${release#./}, not $2"
  cd "$1"
  compgen -G '*.deb' >/dev/null || fail "no package in $1"
  {
    sha256sum -- *.deb
    printf '%s  sources\n' "$("$top/scripts/install_ward.sh" sources)"
  } >SHA256SUMS
}

case ${1:-}/$# in
packages/[2-9]) packages "${@:2}" ;;
checksums/[23]) checksums "${@:2}" ;;
*)
  sed -n '/^# Makes/,/^set /{/^set /d;s/^# \{0,1\}//;p;}' "${BASH_SOURCE[0]}" >&2
  exit 2
  ;;
esac
