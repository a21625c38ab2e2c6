# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# cmake -DCXX=COMPILER -DFLAGS=FLAGS -DINCLUDE=DIR -DSOURCES=LIST -DPROGRAM=FILE -P build_and_run.cmake
separate_arguments(_flags UNIX_COMMAND "${FLAGS}")
execute_process(
  COMMAND "${CXX}" ${_flags} -Wall -Wextra -Wpedantic -Werror -pthread "-I${INCLUDE}" ${SOURCES} -o "${PROGRAM}"
  COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND "${PROGRAM}" TIMEOUT 60 COMMAND_ERROR_IS_FATAL ANY)
