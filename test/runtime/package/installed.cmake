# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# cmake --install, then find_package(Ward), from a prefix that was moved afterwards.
include("${CMAKE_CURRENT_LIST_DIR}/steps.cmake")
install_ward("${DIR}/first")
file(RENAME "${DIR}/first" "${DIR}/moved")
configure_and_build("${CMAKE_CURRENT_LIST_DIR}/consumer" "${DIR}/consumer" "-DCMAKE_PREFIX_PATH=${DIR}/moved"
  -DWARD_FROM=package)
expect_consumer("${DIR}/consumer/consumer")

# A version that it does not provide is rejected.
execute_process(COMMAND ${CMAKE_COMMAND} -S "${CMAKE_CURRENT_LIST_DIR}/consumer" -B "${DIR}/too_new" -G "${GENERATOR}"
  "-DCMAKE_CXX_COMPILER=${CXX}" "-DCMAKE_PREFIX_PATH=${DIR}/moved" -DWARD_FROM=package -DWARD_VERSION=99.0
  RESULT_VARIABLE code OUTPUT_QUIET ERROR_VARIABLE errors)
if(code EQUAL 0 OR NOT errors MATCHES "99.0")
  message(FATAL_ERROR "find_package(Ward 99.0) should fail and say why, and gave ${code}: ${errors}")
endif()

# Only the runtime is installed, and no installed file names the build or source folder.
file(GLOB_RECURSE installed LIST_DIRECTORIES false RELATIVE "${DIR}/moved" "${DIR}/moved/*")
foreach(path IN LISTS installed)
  if(NOT path MATCHES "^(include/ward/.*\\.h|lib[^/]*/([^/]+/)?(libward\\.a|pkgconfig/ward\\.pc|cmake/Ward/Ward.*\\.cmake))$")
    message(FATAL_ERROR "installed, and should not be: ${path}")
  endif()
  if(path MATCHES "\\.(cmake|pc|h)$")
    file(READ "${DIR}/moved/${path}" text)
    string(FIND "${text}" "${WARD_SOURCE}/" at)
    if(NOT at EQUAL -1)
      message(FATAL_ERROR "${path} names the source folder")
    endif()
  endif()
endforeach()
