# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Ward's runtime for Conan 2: `conan create packaging/conan` in a checkout of Ward.

Without the analyser, which depends on the LLVM of the machine that runs it, not on the program that is built.
"""
import os
import pathlib
import re

from conan import ConanFile
from conan.tools.build import check_min_cppstd
from conan.tools.cmake import CMake, CMakeToolchain, cmake_layout
from conan.tools.files import copy, rmdir

SOURCES = ("CMakeLists.txt", "LICENSE", "cmake/*", "runtime/*")


class WardRecipe(ConanFile):
    name = "ward"
    license = "Apache-2.0 WITH LLVM-exception"
    description = "Threads and locks for C++ after Rust's: locks that own their data, Send and Sync, scoped threads"
    topics = ("threads", "mutex", "concurrency", "thread-safety")
    package_type = "static-library"
    settings = "os", "compiler", "build_type", "arch"
    options = {"fPIC": [True, False]}
    default_options = {"fPIC": True}

    @property
    def _checkout(self):
        return pathlib.Path(self.recipe_folder).parent.parent

    def set_version(self):
        text = (self._checkout / "CMakeLists.txt").read_text()
        self.version = self.version or re.search(r"project\(Ward VERSION ([0-9.]+)", text)[1]

    def export_sources(self):
        for pattern in SOURCES:
            copy(self, pattern, src=str(self._checkout), dst=self.export_sources_folder)

    def validate(self):
        check_min_cppstd(self, 20)

    def layout(self):
        cmake_layout(self)

    def generate(self):
        toolchain = CMakeToolchain(self)
        for name, value in {"WARD_BUILD_ANALYSER": False, "WARD_BUILD_TESTS": False, "WARD_BUILD_BENCHMARKS": False}.items():
            toolchain.cache_variables[name] = value
        toolchain.generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        copy(self, "LICENSE", src=self.source_folder, dst=os.path.join(self.package_folder, "licenses"))
        CMake(self).install()
        # Conan generates these files itself, from package_info.
        for folder in ("cmake", "pkgconfig"):
            rmdir(self, os.path.join(self.package_folder, "lib", folder))

    def package_info(self):
        self.cpp_info.set_property("cmake_file_name", "Ward")
        self.cpp_info.set_property("cmake_target_name", "ward::runtime")
        self.cpp_info.set_property("pkg_config_name", "ward")
        self.cpp_info.libs = ["ward"]
        self.cpp_info.system_libs = ["pthread"]
