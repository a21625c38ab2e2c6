#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Installs from Debian's packages what is missing on this machine, and nothing else.
#
#   install_deps.sh demo LLVM...       what building and running the checks needs, for these LLVM major versions
#   install_deps.sh test LLVM...       the same and what the tests need
#   install_deps.sh release LLVM...    what building them and making Debian packages of them needs
#   install_deps.sh realworld          what fetching and configuring Debian's source packages needs
#   install_deps.sh depends LIST       what a Debian package needs; LIST is its field Depends
#   install_deps.sh --newest           prints the newest supported LLVM that is installed, else that can be installed
#
# Needs root or sudo only when something is missing; with WARD_SUDO=no, sudo is not called. Does nothing, in a few milliseconds, when everything is there.
# Exit status: 0 everything is there, 1 something is missing and could not be installed, 2 wrong usage.
set -euo pipefail

supported="22 21 20 19"

say() { printf '%s\n' "$*" >&2; }

# present PROBE: a command, or a path when it starts with a slash.
present() {
  case $1 in
  /*) [ -e "$1" ] ;;
  *) command -v "$1" >/dev/null 2>&1 ;;
  esac
}

missing=()
# need PROBE PACKAGE: notes PACKAGE as missing when PROBE is not there.
need() { present "$1" || missing+=("$2"); }

need_to_build() {
  need cmake cmake
  need ninja ninja-build
  need g++ g++ # its standard library and linker serve Clang, too
  need python3 python3
  for llvm in "$@"; do
    need "clang++-$llvm" "clang-$llvm" # compiles the checks in half the time that g++ takes
    need "clang-tidy-$llvm" "clang-tidy-$llvm"
    need "/usr/lib/llvm-$llvm/lib/libclangTidyMain.a" "libclang-$llvm-dev"
    need "/usr/lib/llvm-$llvm/lib/libLLVM.so" "llvm-$llvm-dev"
  done
}

need_to_test() {
  need_to_build "$@"
  need /usr/include/gtest/gtest.h libgtest-dev
  # The runtime is tested with the oldest Clang that it promises, and with libc++.
  need clang++-16 clang-16
  # Only one version of it can be installed at a time: any will do.
  compgen -G "/usr/lib/llvm-*/include/c++/v1/version" >/dev/null || missing+=("libc++-$1-dev" "libc++abi-$1-dev")
  need git git
  need curl curl
  need mkdocs mkdocs
  need dpkg-shlibdeps dpkg-dev
  # The report is looked at in a browser.
  need chromium chromium
  need chromedriver chromium-driver
  # The facts of a program are made with both.
  need parallel parallel
  need /usr/sbin/slurmctld slurmctld
  need /usr/sbin/slurmd slurmd
  need sbatch slurm-client
  need /usr/sbin/munged munge
  for llvm in "$@"; do
    need "/usr/lib/llvm-$llvm/bin/clangd" "clangd-$llvm" # brings the shared libraries that ward-clangd needs, too
    need "/usr/lib/llvm-$llvm/bin/FileCheck" "llvm-$llvm-tools"
    need "clang-apply-replacements-$llvm" "clang-tools-$llvm"
    # The sanitizers' runtime libraries, for the tests of Ward's own runtime under Clang.
    need "/usr/lib/llvm-$llvm/lib/clang/$llvm/lib/linux" "libclang-rt-$llvm-dev"
  done
}

need_to_release() {
  need_to_build "$@"
  need dpkg-shlibdeps dpkg-dev
  need git git
  for llvm in "$@"; do
    need "/usr/lib/llvm-$llvm/bin/clangd" "clangd-$llvm"
  done
}

need_for_realworld() {
  need dpkg-source dpkg-dev
  need cmake cmake
  need make make
  need python3 python3
}

can_build_for() {
  present "clang-tidy-$1" && present "/usr/lib/llvm-$1/lib/libclangTidyMain.a" && present "/usr/lib/llvm-$1/lib/libLLVM.so"
}

apt_offers() { [ -n "$(apt-cache --quiet=0 policy "$1" 2>/dev/null | sed -n '/Candidate: [^(]/p')" ]; }

can_sudo() { [ "${WARD_SUDO:-yes}" != no ] && command -v sudo >/dev/null 2>&1; }

# as_root COMMAND...: runs it as root or fails.
as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif can_sudo; then
    if [ -t 0 ]; then sudo "$@"; else sudo -n "$@"; fi
  else
    return 1
  fi
}

updated=no
update_package_lists() {
  [ $updated = no ] || return 0
  updated=yes
  # A third-party source that is down must not stop what Debian's own sources can give.
  as_root apt-get update -qq -o DPkg::Lock::Timeout=300 >&2 || say "apt-get update failed; going on with the package lists that are there."
}

# satisfied_by LIST: what apt would install for LIST, a line each; fails if it cannot, or only in place of other packages.
satisfied_by() {
  local plan
  plan=$(apt-get satisfy --simulate --no-install-recommends "$1" 2>/dev/null) || return
  if grep -q '^Remv ' <<<"$plan"; then return 1; fi
  sed -n 's/^Inst \([^ ]*\) .*/\1/p' <<<"$plan"
}

need_what_satisfies() {
  local packages
  if ! packages=$(satisfied_by "$1"); then
    update_package_lists
    packages=$(satisfied_by "$1") || {
      say "This machine's package sources do not have: $1"
      exit 1
    }
  fi
  [ -z "$packages" ] || mapfile -t missing <<<"$packages"
}

newest() {
  for llvm in $supported; do
    if can_build_for "$llvm"; then
      echo "$llvm"
      return
    fi
  done
  if command -v apt-get >/dev/null 2>&1; then
    apt_offers clang-tidy-22 || update_package_lists
    for llvm in $supported; do
      if apt_offers "clang-tidy-$llvm" && apt_offers "libclang-$llvm-dev"; then
        echo "$llvm"
        return
      fi
    done
  fi
  say "No supported LLVM ($supported) is installed or offered by this machine's package sources."
  say "Debian 12 has LLVM 19 in bookworm and LLVM 22 in bookworm-security."
  return 1
}

install_missing() {
  [ ${#missing[@]} -gt 0 ] || return 0
  mapfile -t missing <<<"$(printf '%s\n' "${missing[@]}" | sort -u)"
  say "Missing: ${missing[*]}"
  if ! command -v apt-get >/dev/null 2>&1; then
    say "This machine has no apt-get. Install these Debian packages' equivalents, then run this again."
    return 1
  fi
  if [ "$(id -u)" != 0 ] && ! can_sudo; then
    say "Installing them needs root. As root, run:"
    say "  apt-get install --no-install-recommends ${missing[*]}"
    return 1
  fi
  update_package_lists
  local log
  log=$(mktemp)
  say "Installing them from Debian's packages ..."
  if ! as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "${missing[@]}" >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    say "Installing failed. As root, try:"
    say "  apt-get install --no-install-recommends ${missing[*]}"
    return 1
  fi
  rm -f "$log"
}

usage() {
  sed -n '/^# Installs/,/^set /{/^set /d;s/^# \{0,1\}//;p;}' "${BASH_SOURCE[0]}" >&2
  exit 2
}

[ $# -ge 1 ] || usage
what=$1
shift
case $what in
--newest)
  newest
  exit
  ;;
demo | test | release)
  [ $# -ge 1 ] || usage
  for llvm in "$@"; do
    case " $supported " in
    *" $llvm "*) ;;
    *)
      say "LLVM $llvm is not supported; Ward builds for $supported."
      exit 2
      ;;
    esac
  done
  case $what in
  demo) need_to_build "$@" ;;
  test) need_to_test "$@" ;;
  release) need_to_release "$@" ;;
  esac
  ;;
realworld) need_for_realworld ;;
depends)
  [ $# = 1 ] || usage
  need_what_satisfies "$1"
  ;;
*) usage ;;
esac
install_missing
