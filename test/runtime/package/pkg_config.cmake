# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# `pkg-config ward`, with the compiler alone.
include("${CMAKE_CURRENT_LIST_DIR}/steps.cmake")
set(prefix "${DIR}/prefix")
install_ward("${prefix}" -DCMAKE_INSTALL_LIBDIR=lib)
set(ENV{PKG_CONFIG_PATH} "${prefix}/lib/pkgconfig")
step("${PKG_CONFIG}" --validate ward)
step("${PKG_CONFIG}" --exists "ward >= 0.1")
step("${PKG_CONFIG}" --cflags ward)
separate_arguments(cflags UNIX_COMMAND "${STEP_OUTPUT}")
step("${PKG_CONFIG}" --libs ward)
separate_arguments(libs UNIX_COMMAND "${STEP_OUTPUT}")
step("${CXX}" -std=c++20 ${cflags} "${CMAKE_CURRENT_LIST_DIR}/consumer/main.cpp" -o "${DIR}/consumer" ${libs})
expect_consumer("${DIR}/consumer")
