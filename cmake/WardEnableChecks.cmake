# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ward_enable_checks(TARGET... [TIER default|strict|all | FROM_CONFIG] [CHECKS GLOB...] [WARNINGS_AS_ERRORS] [ARGUMENTS ARG...])
#
# Runs ward-tidy beside the compiler over the C++ sources of each TARGET, at every build.
#   TIER                which of Ward's checks: a tier of theirs, `default` if nothing is said
#   FROM_CONFIG         those that the sources' .clang-tidy turns on, and no others
#   CHECKS              clang-tidy's globs after these: `-ward-mutable-global` without one, `bugprone-*` with stock ones
#   WARNINGS_AS_ERRORS  a finding stops the build
#   ARGUMENTS           more arguments of ward-tidy
#
# The checks' options come from .clang-tidy in each case. Needs WARD_TIDY_EXECUTABLE and WARD_PROFILE_DIR, which
# find_package(WardChecks) sets.
function(ward_enable_checks)
  cmake_parse_arguments(PARSE_ARGV 0 _ward "FROM_CONFIG;WARNINGS_AS_ERRORS" "TIER" "CHECKS;ARGUMENTS")
  set(_me "ward_enable_checks")
  if(_ward_KEYWORDS_MISSING_VALUES)
    message(FATAL_ERROR "${_me}: nothing stands after ${_ward_KEYWORDS_MISSING_VALUES}")
  endif()
  if(NOT _ward_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "${_me}: for which target?")
  endif()
  if(_ward_TIER AND _ward_FROM_CONFIG)
    message(FATAL_ERROR "${_me}: TIER and FROM_CONFIG both say which checks; give one")
  endif()
  if(NOT _ward_TIER)
    set(_ward_TIER default)
  endif()

  set(_checks "")
  if(NOT _ward_FROM_CONFIG)
    set(_profile "${WARD_PROFILE_DIR}/ward-${_ward_TIER}.clang-tidy")
    if(NOT EXISTS "${_profile}")
      message(FATAL_ERROR "${_me}: TIER is default, strict or all, not ${_ward_TIER}")
    endif()
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${_profile}")
    file(STRINGS "${_profile}" _checks REGEX "^ +[-*a-z0-9]+,?$")
    list(TRANSFORM _checks REPLACE "[ ,]" "")
  endif()
  list(APPEND _checks ${_ward_CHECKS})

  set(_command "${WARD_TIDY_EXECUTABLE}")
  if(_checks)
    list(JOIN _checks "," _checks)
    list(APPEND _command "--checks=${_checks}")
  endif()
  if(_ward_WARNINGS_AS_ERRORS)
    list(APPEND _command "--warnings-as-errors=ward-*")
  endif()
  list(APPEND _command --quiet ${_ward_ARGUMENTS})

  foreach(_target IN LISTS _ward_UNPARSED_ARGUMENTS)
    if(NOT TARGET ${_target})
      message(FATAL_ERROR "${_me}: ${_target} is no target")
    endif()
    get_target_property(_type ${_target} TYPE)
    get_target_property(_imported ${_target} IMPORTED)
    if(_imported OR NOT _type MATCHES "^(EXECUTABLE|(STATIC|SHARED|MODULE|OBJECT)_LIBRARY)$")
      message(FATAL_ERROR "${_me}: ${_target} compiles nothing, so nothing can be checked with it")
    endif()
    get_target_property(_before ${_target} CXX_CLANG_TIDY)
    if(_before AND NOT _before STREQUAL _command)
      message(WARNING "${_me}: ${_target} is checked by ward-tidy now, no longer by: ${_before}\n"
        "ward-tidy has clang-tidy's own checks, too: name them after CHECKS.")
    endif()
    set_property(TARGET ${_target} PROPERTY CXX_CLANG_TIDY "${_command}")
  endforeach()
endfunction()
