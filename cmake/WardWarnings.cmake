# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# ward_warnings(TARGET): the warnings that all of Ward's own code is free of.
function(ward_warnings target)
  target_compile_options(${target} PRIVATE -Wall -Wextra)
  # GCC 12 sees overflows in std::string's own operator+ once it is inlined (its bugs 105329 and 105651).
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    target_compile_options(${target} PRIVATE -Wno-array-bounds -Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread
      -Wno-nonnull # and a null `this` in LLVM 19's LazyGenerationalUpdatePtr, when a batch of files is inlined into one
      -Wno-maybe-uninitialized) # and the value of a std::optional that is empty
  endif()
  if(WARD_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
endfunction()
