#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Installs Ward's programs into a folder, for the GitHub Action and the pre-commit hook: the package of the release that was made from
# these sources, if it has one for this distribution, and otherwise what these sources build.
#
#   install_ward.sh either FOLDER [LLVM]    the package, or else the build
#   install_ward.sh package FOLDER [LLVM]   the package; exit status 1, with the reason, if none fits
#   install_ward.sh build FOLDER LLVM       the build; needs what `install_deps.sh demo LLVM` installs
#   install_ward.sh release                 prints the address of the release, or nothing if the repository is not known
#   install_ward.sh sources                 prints the checksum of the sources, which is in the release's SHA256SUMS, too
#
# LLVM is a major version; without it, the newest that fits is taken. Packages that a package depends on are installed where that
# is possible (install_deps.sh). WARD_RELEASES is the address of the releases, for a mirror; if it is empty, there are none.
# Messages go to stderr. Exit status: 0 installed, 1 not installed, 2 wrong usage.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '%s\n' "$*" >&2; }

version() { sed -n 's/^project(Ward VERSION \([0-9.]*\).*/\1/p' "$top/CMakeLists.txt"; }

# sources: the checksum of all that the packages of the analyser are made of.
sources() {
  cd "$top"
  find CMakeLists.txt cmake checks tools profiles docs/checks scripts/manual.py -type f ! -path '*/__pycache__/*' -print0 |
    LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -d ' ' -f 1
}

# repository: the address of the repository that these sources were downloaded or cloned from, or nothing.
repository() {
  # GitHub's runner downloads actions into _actions/OWNER/NAME/REF.
  if [[ $top/ =~ /_actions/([^/]+/[^/]+)/ ]] && [ -n "${GITHUB_SERVER_URL:-}" ]; then
    echo "$GITHUB_SERVER_URL/${BASH_REMATCH[1]}"
    return
  fi
  # The file, because in a hook git's environment names the user's repository.
  git config --file "$top/.git/config" --get remote.origin.url 2>/dev/null | sed -n -E '
    s#\.git/?$##
    s#^[^/:@]+@([^/:]+):#https://\1/#
    s#^ssh://([^/@]+@)?([^/:]+)(:[0-9]+)?/#https://\2/#
    s#^(https?://)[^/@]+@#\1#
    \#^https?://#{s#/$##;p;}' || true
}

# release: the address of the release's files, or nothing.
release() {
  local releases
  if [ -n "${WARD_RELEASES+set}" ]; then
    releases=$WARD_RELEASES
  else
    releases=$(repository)
    releases=${releases:+$releases/releases/download}
  fi
  [ -z "$releases" ] || echo "$releases/v$(version)"
}

distribution() {
  # shellcheck disable=SC1091  # a file of the system
  (. /etc/os-release && echo "$ID-${VERSION_ID:-${VERSION_CODENAME:-}}") 2>/dev/null || echo unknown
}

download() { curl --fail --silent --show-error --location --retry 2 --connect-timeout 20 --output "$2" "$1"; }

# fitting SUMS [LLVM]: the lines of SUMS with packages for this machine, those for the newest LLVM first.
fitting() {
  local name
  name="ward_$(version)_llvm-${2:-[0-9]+}(\.[0-9]+)*_$(distribution)_$(dpkg --print-architecture)\.deb"
  grep -E "^[0-9a-f]{64}  $name\$" "$1" | sort -k 2 -V -r || true
}

# package_in WORK FOLDER [LLVM]: install_ward.sh package, with files in WORK.
package_in() {
  local work=$1 folder=$2 llvm=${3:-} from line lines name
  from=$(release)
  if [ -z "$from" ]; then
    say "The repository of these sources is not known, so there is no release to install from."
    return 1
  fi
  if ! command -v dpkg-deb >/dev/null || ! command -v curl >/dev/null; then
    say "Installing a package needs dpkg-deb and curl."
    return 1
  fi
  if ! download "$from/SHA256SUMS" "$work/SHA256SUMS"; then
    say "No release at $from."
    return 1
  fi
  if ! grep -q -x "$(sources)  sources" "$work/SHA256SUMS"; then
    say "The release at $from was made from other sources than these."
    return 1
  fi
  # No `while read`: what installs packages may read standard input.
  mapfile -t lines < <(fitting "$work/SHA256SUMS" "$llvm")
  for line in "${lines[@]}"; do
    name=${line#*  }
    if ! download "$from/$name" "$work/$name"; then
      say "$from/$name is missing."
    elif ! (cd "$work" && sha256sum --check --quiet --strict <<<"$line" >&2); then
      say "$from/$name is not the file that SHA256SUMS names. It is not installed."
    elif ! "$top/scripts/install_deps.sh" depends "$(dpkg-deb -f "$work/$name" Depends)"; then
      say "$name does not fit: what it depends on is not installed."
    elif ! dpkg-deb -x "$work/$name" "$work/root" || ! "$work/root/usr/bin/ward" --version >/dev/null; then
      say "$name does not run on this machine."
      rm -rf "$work/root"
    else
      mkdir -p "$folder" && cp -a "$work/root/usr/." "$folder" || return
      say "Installed $from/$name."
      return
    fi
  done
  say "The release at $from has no package that fits this machine ($(distribution)${llvm:+, LLVM $llvm})."
  return 1
}

# in_temporary_folder FUNCTION ARGUMENT...: calls it with the name of the folder before the arguments.
in_temporary_folder() {
  local work status=0 function=$1
  shift
  work=$(mktemp -d)
  "$function" "$work" "$@" || status=$?
  rm -rf "$work"
  return $status
}

# build_in WORK FOLDER LLVM: install_ward.sh build, in WORK.
build_in() {
  cmake -S "$top" -B "$1" -G Ninja -DCMAKE_BUILD_TYPE=Release "-DWARD_LLVM_VERSION=$3" \
    -DWARD_BUILD_TESTS=OFF -DWARD_BUILD_RUNTIME=OFF -DWARD_BUILD_CLANGD=OFF &&
    cmake --build "$1" &&
    cmake --install "$1" --prefix "$2"
}

either() {
  local folder=$1 llvm=${2:-}
  if in_temporary_folder package_in "$folder" "$llvm"; then return; fi
  say "Building Ward from its sources (once, a few minutes) ..."
  [ -n "$llvm" ] || llvm=$("$top/scripts/install_deps.sh" --newest)
  "$top/scripts/install_deps.sh" demo "$llvm"
  in_temporary_folder build_in "$folder" "$llvm"
}

usage() {
  sed -n '/^# Installs/,/^set /{/^set /d;s/^# \{0,1\}//;p;}' "${BASH_SOURCE[0]}" >&2
  exit 2
}

case ${1:-}/$# in
either/[23]) either "${@:2}" ;;
package/[23]) in_temporary_folder package_in "${@:2}" ;;
build/3) in_temporary_folder build_in "${@:2}" ;;
release/1) release ;;
sources/1) sources ;;
*) usage ;;
esac
