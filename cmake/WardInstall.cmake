# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# What of the analyser is installed beside the programs and the plugin, and the package that find_package(WardChecks) finds.
include(CMakePackageConfigHelpers)

set(WARD_INSTALL_BINDIR ${CMAKE_INSTALL_BINDIR})
set(WARD_INSTALL_PLUGINDIR ${CMAKE_INSTALL_LIBDIR}/ward)
set(WARD_INSTALL_DATADIR ${CMAKE_INSTALL_DATADIR}/ward)
set(_package ${CMAKE_INSTALL_LIBDIR}/cmake/WardChecks)
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/WardChecksConfig.cmake.in ${PROJECT_BINARY_DIR}/WardChecksConfig.cmake
  INSTALL_DESTINATION ${_package}
  PATH_VARS WARD_INSTALL_BINDIR WARD_INSTALL_PLUGINDIR WARD_INSTALL_DATADIR)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/WardChecksConfigVersion.cmake
  VERSION ${PROJECT_VERSION} COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/WardChecksConfig.cmake ${PROJECT_BINARY_DIR}/WardChecksConfigVersion.cmake
  ${CMAKE_CURRENT_LIST_DIR}/WardEnableChecks.cmake DESTINATION ${_package} COMPONENT analyser)
install(DIRECTORY profiles DESTINATION ${WARD_INSTALL_DATADIR} COMPONENT analyser FILES_MATCHING PATTERN "*.clang-tidy")
install(DIRECTORY checks/catalog DESTINATION ${WARD_INSTALL_DATADIR} COMPONENT analyser FILES_MATCHING PATTERN "*.yaml")

# The tools under the names of those that they can stand in for, in a folder of their own; links that hold wherever it is moved.
file(RELATIVE_PATH _to_bin /prefix/${CMAKE_INSTALL_LIBEXECDIR}/ward /prefix/${CMAKE_INSTALL_BINDIR})
set(_links ward-tidy clang-tidy ward-tidy clang-tidy-${WARD_LLVM_MAJOR})
if(TARGET ward-clangd)
  list(APPEND _links ward-clangd clangd ward-clangd clangd-${WARD_LLVM_MAJOR})
endif()
set(_folder ${PROJECT_BINARY_DIR}/libexec/ward)
file(MAKE_DIRECTORY ${_folder})
while(_links)
  list(POP_FRONT _links _tool _name)
  file(CREATE_LINK ${_to_bin}/${_tool} ${_folder}/${_name} SYMBOLIC)
endwhile()
install(DIRECTORY ${_folder} DESTINATION ${CMAKE_INSTALL_LIBEXECDIR} COMPONENT analyser)

# Manual pages and completions, from what the driver says of its options.
if(TARGET ward)
  find_package(Python3 3.9 COMPONENTS Interpreter)
  if(Python3_FOUND)
    set(_manual ${PROJECT_BINARY_DIR}/manual)
    add_custom_command(OUTPUT ${_manual}/man/ward.1
      COMMAND Python3::Interpreter ${PROJECT_SOURCE_DIR}/scripts/manual.py $<TARGET_FILE:ward> ${PROJECT_VERSION} ${_manual}
      DEPENDS ward ${PROJECT_SOURCE_DIR}/scripts/manual.py COMMENT "Writing manual pages and completions" VERBATIM)
    add_custom_target(ward-manual ALL DEPENDS ${_manual}/man/ward.1)
    install(DIRECTORY ${_manual}/man/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT analyser)
    set(_completions ${_manual}/completions)
    install(FILES ${_completions}/ward.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME ward COMPONENT analyser)
    install(FILES ${_completions}/_ward DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions COMPONENT analyser)
    install(FILES ${_completions}/ward.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d COMPONENT analyser)
  else()
    message(STATUS "No Python 3: ward's manual pages and completions are left out")
  endif()
endif()
