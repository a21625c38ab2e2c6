# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Finds the LLVM to build for and defines
#   WARD_LLVM_MAJOR, WARD_LLVM_FULL_VERSION, WARD_LLVM_LIBDIR, WARD_LLVM_BINDIR
#   WardLLVM::headers   include directories and definitions, no library
#   WardLLVM::shared    the shared libraries libclang-cpp and libLLVM
# llvm-config is asked rather than find_package(Clang), whose targets need every one of LLVM's packages installed.
set(WARD_SUPPORTED_LLVM 22 21 20 19)

set(_candidates ${WARD_SUPPORTED_LLVM})
if(WARD_LLVM_VERSION)
  if(NOT WARD_LLVM_VERSION IN_LIST WARD_SUPPORTED_LLVM)
    message(FATAL_ERROR "WARD_LLVM_VERSION=${WARD_LLVM_VERSION} is not supported; Ward builds for LLVM 22, 21, 20 and 19.")
  endif()
  set(_candidates ${WARD_LLVM_VERSION})
endif()

foreach(_major IN LISTS _candidates)
  find_program(_config NAMES llvm-config-${_major} HINTS /usr/lib/llvm-${_major}/bin NO_CACHE)
  if(_config)
    execute_process(COMMAND ${_config} --prefix OUTPUT_VARIABLE _prefix OUTPUT_STRIP_TRAILING_WHITESPACE)
    if(EXISTS ${_prefix}/include/clang-tidy/ClangTidyCheck.h)
      set(WARD_LLVM_MAJOR ${_major})
      break()
    endif()
  endif()
  unset(_config)
endforeach()
if(NOT WARD_LLVM_MAJOR)
  list(GET _candidates 0 _wanted)
  message(FATAL_ERROR
    "No LLVM with clang-tidy's headers found (looked for: ${_candidates}). On Debian:\n"
    "  apt-get install clang-tidy-${_wanted} libclang-${_wanted}-dev llvm-${_wanted}-dev\n"
    "or build only the runtime with -DWARD_BUILD_ANALYSER=OFF.")
endif()

foreach(_what version includedir libdir bindir)
  execute_process(COMMAND ${_config} --${_what} OUTPUT_VARIABLE _${_what} OUTPUT_STRIP_TRAILING_WHITESPACE)
endforeach()
set(WARD_LLVM_FULL_VERSION ${_version})
set(WARD_LLVM_LIBDIR ${_libdir})
set(WARD_LLVM_BINDIR ${_bindir})
message(STATUS "Ward's checks are built for LLVM ${WARD_LLVM_FULL_VERSION} in ${_prefix}")

add_library(WardLLVM::headers INTERFACE IMPORTED)
set_target_properties(WardLLVM::headers PROPERTIES
  INTERFACE_INCLUDE_DIRECTORIES ${_includedir}
  INTERFACE_SYSTEM_INCLUDE_DIRECTORIES ${_includedir}
  INTERFACE_COMPILE_DEFINITIONS "_GNU_SOURCE;__STDC_CONSTANT_MACROS;__STDC_FORMAT_MACROS;__STDC_LIMIT_MACROS")

find_library(_clang_cpp NAMES clang-cpp libclang-cpp.so.${WARD_LLVM_MAJOR}.1 libclang-cpp.so.${WARD_LLVM_MAJOR}
             PATHS ${_libdir} NO_DEFAULT_PATH NO_CACHE)
find_library(_llvm NAMES LLVM LLVM-${WARD_LLVM_MAJOR} PATHS ${_libdir} NO_DEFAULT_PATH NO_CACHE)
add_library(WardLLVM::shared INTERFACE IMPORTED)
if(_clang_cpp AND _llvm)
  set_target_properties(WardLLVM::shared PROPERTIES INTERFACE_LINK_LIBRARIES "${_clang_cpp};${_llvm}")
endif()
