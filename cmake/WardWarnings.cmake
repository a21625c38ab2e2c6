# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# ward_warnings(TARGET): the warnings that all of Ward's own code is free of.
function(ward_warnings target)
  target_compile_options(${target} PRIVATE -Wall -Wextra)
  if(WARD_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
endfunction()
