# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# `cpack -G DEB` in the build folder: ward (the analyser, for one LLVM) and libward-dev (the runtime).
set(CPACK_PACKAGE_NAME ward)
set(CPACK_PACKAGE_VENDOR "The Ward authors")
set(CPACK_PACKAGE_CONTACT "The Ward authors <ward@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_GENERATOR DEB)
set(CPACK_THREADS 0)

set(CPACK_COMPONENTS_ALL "")
if(WARD_BUILD_ANALYSER)
  list(APPEND CPACK_COMPONENTS_ALL analyser)
endif()
if(WARD_BUILD_RUNTIME)
  list(APPEND CPACK_COMPONENTS_ALL runtime)
endif()

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_COMPONENT_ANALYSER_DESCRIPTION
"Checks for clang-tidy that find mistakes with locks and threads.
Follows guards from where they acquire their lock to where they release it,
and values to the threads they go to, in code that uses std, Boost, Abseil,
Folly, Qt, POSIX threads or Ward's own runtime. Has a plugin for clang-tidy,
a clang-tidy and a clangd with the checks inside, and CMake's
ward_enable_checks().")
set(CPACK_COMPONENT_RUNTIME_DESCRIPTION
"C++20 locks that own what they protect, and threads that check what they get.
Mutex<T>, RwLock<T>, Condvar, channels, scoped threads, Arc and Rc, and Send
and Sync as concepts, as Rust's std::sync and std::thread have them.")
set(CPACK_DEBIAN_ANALYSER_PACKAGE_NAME ward)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_NAME libward-dev)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_DEPENDS "libstdc++-12-dev | libstdc++-dev")

# A release has packages for several distributions and LLVMs, so their file names say which. scripts/install_ward.sh looks for these names.
cmake_host_system_information(RESULT _distribution QUERY DISTRIB_INFO)
set(_system "${_distribution_ID}-${_distribution_VERSION_ID}")
if(NOT _distribution_VERSION_ID)
  set(_system "${_distribution_ID}-${_distribution_VERSION_CODENAME}")
endif()
find_program(_dpkg dpkg NO_CACHE)
if(_dpkg)
  execute_process(COMMAND ${_dpkg} --print-architecture OUTPUT_VARIABLE _architecture OUTPUT_STRIP_TRAILING_WHITESPACE)
  string(APPEND _system "_${_architecture}")
endif()
set(CPACK_DEBIAN_RUNTIME_FILE_NAME "libward-dev_${PROJECT_VERSION}_${_system}.deb")

# The libraries that the programs name are found by dpkg-shlibdeps. That is not enough: LLVM's C++ interface changes between
# patch releases under one library name, and the checks refuse to run with another than theirs.
find_program(_shlibdeps dpkg-shlibdeps NO_CACHE)
if(WARD_BUILD_ANALYSER)
  if(_shlibdeps)
    set(CPACK_DEBIAN_ANALYSER_PACKAGE_SHLIBDEPS ON)
  endif()
  set(_major ${WARD_LLVM_MAJOR})
  string(REGEX REPLACE "[^0-9.].*" "" _release "${WARD_LLVM_FULL_VERSION}")
  set(CPACK_DEBIAN_ANALYSER_FILE_NAME "ward_${PROJECT_VERSION}_llvm-${_release}_${_system}.deb")
  string(REGEX MATCH "[0-9]+$" _patch "${_release}")
  math(EXPR _next "${_patch} + 1")
  string(REGEX REPLACE "[0-9]+$" "${_next}" _after "${_release}")
  set(CPACK_DEBIAN_ANALYSER_PACKAGE_DEPENDS
    "libclang-cpp${_major} (>= 1:${_release}), libclang-cpp${_major} (<< 1:${_after}~), libllvm${_major} (>= 1:${_release}), libllvm${_major} (<< 1:${_after}~), libclang-common-${_major}-dev")
  set(CPACK_DEBIAN_ANALYSER_PACKAGE_RECOMMENDS "clang-tidy-${_major}, clang-tools-${_major}")
  set(CPACK_DEBIAN_ANALYSER_PACKAGE_SUGGESTS "libward-dev, cmake")
endif()
include(CPack)
