# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Shared by the package tests. Each starts with an empty DIR and ends at the first step that fails.
cmake_minimum_required(VERSION 3.22)
foreach(_needed WARD_SOURCE DIR GENERATOR CXX)
  if(NOT ${_needed})
    message(FATAL_ERROR "${_needed} is not set")
  endif()
endforeach()
file(REMOVE_RECURSE "${DIR}")
file(MAKE_DIRECTORY "${DIR}")

# step(COMMAND...): runs it; shows its output if it fails.
function(step)
  execute_process(COMMAND ${ARGV} RESULT_VARIABLE code OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT code EQUAL 0)
    list(JOIN ARGV " " command)
    message(FATAL_ERROR "${command}\nexits with ${code}:\n${output}")
  endif()
  set(STEP_OUTPUT "${output}" PARENT_SCOPE)
endfunction()

# configure_and_build(SOURCE BINARY OPTION...)
function(configure_and_build source binary)
  step(${CMAKE_COMMAND} -S "${source}" -B "${binary}" -G "${GENERATOR}" "-DCMAKE_CXX_COMPILER=${CXX}"
    -DCMAKE_BUILD_TYPE=Debug ${ARGN})
  step(${CMAKE_COMMAND} --build "${binary}")
endfunction()

# install_ward(PREFIX OPTION...): builds the runtime alone, and installs it.
function(install_ward prefix)
  configure_and_build("${WARD_SOURCE}" "${DIR}/ward" -DWARD_BUILD_ANALYSER=OFF -DWARD_BUILD_TESTS=OFF
    "-DCMAKE_INSTALL_PREFIX=${prefix}" ${ARGN})
  step(${CMAKE_COMMAND} --install "${DIR}/ward")
endfunction()

# expect_consumer(PROGRAM...): runs the consumer's program and checks its output.
function(expect_consumer)
  step(${ARGV})
  if(NOT STEP_OUTPUT STREQUAL "consumer: 3 from a thread named \"worker\"\n")
    message(FATAL_ERROR "the consumer printed: ${STEP_OUTPUT}")
  endif()
endfunction()
