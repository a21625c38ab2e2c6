# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# The behaviour tests under ThreadSanitizer and under AddressSanitizer with UBSan; and for each other installed compiler the
# code that must not compile, the truth table, and a whole program, which is run, with each standard library and
# standard, with and without exceptions and RTTI.
get_target_property(_sources ward_runtime SOURCES)
list(TRANSFORM _sources PREPEND "${WARD_RUNTIME_SOURCE}/")

# The runtime's own sources are compiled in, so that the sanitizer instruments them. Warnings are left to the plain build: under
# the sanitizers GCC has false warnings about uninitialised variables.
function(ward_sanitized name)
  add_executable(ward_tests_${name} ${_behaviour} ${_sources})
  target_include_directories(ward_tests_${name} PRIVATE "${WARD_RUNTIME_SOURCE}/include")
  target_link_libraries(ward_tests_${name} PRIVATE GTest::gtest GTest::gtest_main Threads::Threads)
  target_compile_features(ward_tests_${name} PRIVATE cxx_std_20)
  target_compile_options(ward_tests_${name} PRIVATE -O1 -g ${ARGN})
  target_link_options(ward_tests_${name} PRIVATE ${ARGN})
  add_test(NAME runtime.${name} COMMAND ward_tests_${name} --gtest_brief=1)
  set_tests_properties(runtime.${name} PROPERTIES LABELS runtime TIMEOUT 900)
endfunction()
ward_sanitized(thread_sanitizer -fsanitize=thread)
ward_sanitized(address_sanitizer -fsanitize=address,undefined -fno-sanitize-recover=all)
# ward::leak() leaks deliberately.
set_tests_properties(runtime.address_sanitizer PROPERTIES ENVIRONMENT ASAN_OPTIONS=detect_leaks=0)

# Compiles one program in one configuration, without warnings, and runs it.
function(ward_built_by compiler name)
  string(REPLACE ";" " " _flags "${ARGN}")
  add_test(NAME runtime.${compiler}.${name}
    COMMAND "${CMAKE_COMMAND}" "-DCXX=${_cxx}" "-DFLAGS=${_flags}" "-DINCLUDE=${WARD_RUNTIME_SOURCE}/include"
      "-DSOURCES=${CMAKE_CURRENT_SOURCE_DIR}/programs/everything.cpp;${_sources}"
      "-DPROGRAM=${CMAKE_CURRENT_BINARY_DIR}/${compiler}.${name}" -P "${CMAKE_CURRENT_SOURCE_DIR}/build_and_run.cmake")
  set_tests_properties(runtime.${compiler}.${name} PROPERTIES LABELS runtime TIMEOUT 300)
endfunction()

get_filename_component(_own "${CMAKE_CXX_COMPILER}" REALPATH)
foreach(_compiler clang++-22 clang++-21 clang++-20 clang++-19 clang++-18 clang++-17 clang++-16 g++-14 g++-13 g++-12)
  find_program(WARD_${_compiler} ${_compiler})
  set(_cxx "${WARD_${_compiler}}")
  if(NOT _cxx)
    continue()
  endif()
  get_filename_component(_real "${_cxx}" REALPATH)
  if(_real STREQUAL _own)
    continue()
  endif()
  ward_refuse(refuse.${_compiler} "${_cxx}" "")
  add_test(NAME runtime.${_compiler}.truth_table
    COMMAND "${_cxx}" -std=c++20 -fsyntax-only ${WARD_TEST_WARNINGS} "-I${WARD_RUNTIME_SOURCE}/include"
      "${CMAKE_CURRENT_SOURCE_DIR}/behaviour/truth_table_test.cpp")
  set_tests_properties(runtime.${_compiler}.truth_table PROPERTIES LABELS runtime TIMEOUT 300)
  ward_built_by(${_compiler} plain -std=c++20)
  ward_built_by(${_compiler} no_exceptions_no_rtti -std=c++2b -fno-exceptions -fno-rtti)
  string(REGEX MATCH "clang.*-([0-9]+)$" _is_clang ${_compiler})
  if(_is_clang AND EXISTS "/usr/lib/llvm-${CMAKE_MATCH_1}/include/c++/v1/version")
    ward_built_by(${_compiler} libcxx -std=c++20 -stdlib=libc++)
    ward_built_by(${_compiler} libcxx_23 -std=c++2b -stdlib=libc++)
    add_test(NAME runtime.${_compiler}.truth_table_libcxx
      COMMAND "${_cxx}" -std=c++20 -stdlib=libc++ -fsyntax-only ${WARD_TEST_WARNINGS} "-I${WARD_RUNTIME_SOURCE}/include"
        "${CMAKE_CURRENT_SOURCE_DIR}/behaviour/truth_table_test.cpp")
  endif()
endforeach()
