# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# FetchContent: as part of another project, Ward builds its runtime, and neither the analyser nor tests.
include("${CMAKE_CURRENT_LIST_DIR}/steps.cmake")
configure_and_build("${CMAKE_CURRENT_LIST_DIR}/consumer" "${DIR}/consumer" -DWARD_FROM=source
  "-DFETCHCONTENT_SOURCE_DIR_WARD=${WARD_SOURCE}")
expect_consumer("${DIR}/consumer/consumer")
file(GLOB_RECURSE plugins "${DIR}/consumer/*WardTidy*")
if(plugins)
  message(FATAL_ERROR "the analyser was built: ${plugins}")
endif()
