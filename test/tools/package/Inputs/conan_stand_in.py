# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""conan_stand_in.py RECIPE CMAKE CXX FOLDER: runs the steps of RECIPE like Conan, with stubs for the parts of Conan that it uses."""
import importlib.util
import pathlib
import shutil
import subprocess
import sys
import types

recipe_path, cmake_program, cxx, folder = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3], pathlib.Path(sys.argv[4])


class ConanFile:
    version = None


class Toolchain:
    def __init__(self, recipe):
        self.recipe, self.cache_variables = recipe, {}

    def generate(self):
        self.recipe.cache_variables = self.cache_variables


class CMake:
    def __init__(self, recipe):
        self.recipe = recipe

    def run(self, *arguments):
        subprocess.run([cmake_program, *arguments], check=True, stdout=subprocess.DEVNULL)

    def configure(self):
        variables = [f"-D{name}={'ON' if value else 'OFF'}" for name, value in self.recipe.cache_variables.items()]
        self.run("-S", self.recipe.source_folder, "-B", self.recipe.build_folder, "-G", "Ninja", f"-DCMAKE_CXX_COMPILER={cxx}", *variables)

    def build(self):
        self.run("--build", self.recipe.build_folder)

    def install(self):
        self.run("--install", self.recipe.build_folder, "--prefix", self.recipe.package_folder)


def copy(_, pattern, src, dst):
    for file in pathlib.Path(src).glob(pattern.replace("/*", "/**/*")):
        if file.is_file():
            to = pathlib.Path(dst, file.relative_to(src))
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, to)


def module(name, **members):
    sys.modules[name] = types.ModuleType(name)
    vars(sys.modules[name]).update(members)


def check_min_cppstd(_, standard):
    assert standard == 20


module("conan", ConanFile=ConanFile)
module("conan.tools")
module("conan.tools.build", check_min_cppstd=check_min_cppstd)
module("conan.tools.cmake", CMake=CMake, CMakeToolchain=Toolchain, cmake_layout=lambda _: None)
module("conan.tools.files", copy=copy, rmdir=lambda _, path: shutil.rmtree(path))

spec = importlib.util.spec_from_file_location("conanfile", recipe_path)
loaded = importlib.util.module_from_spec(spec)
spec.loader.exec_module(loaded)
recipe = loaded.WardRecipe()
recipe.recipe_folder = str(recipe_path.parent)
for each in ("export_sources", "build", "package"):
    path = folder / each
    path.mkdir(parents=True)
    setattr(recipe, f"{each}_folder", str(path))
recipe.source_folder = recipe.export_sources_folder
recipe.set_version()
print(f"name: {recipe.name} {recipe.version}")
recipe.export_sources()
for file in sorted(pathlib.Path(recipe.export_sources_folder).glob("*")):
    print(f"exported: {file.name}")
recipe.validate()
recipe.layout()
recipe.generate()
recipe.build()
recipe.package()
for file in sorted(pathlib.Path(recipe.package_folder).rglob("*")):
    if file.is_file():
        print(f"packaged: {file.relative_to(recipe.package_folder)}")
properties = {}
recipe.cpp_info = types.SimpleNamespace(set_property=properties.__setitem__)
recipe.package_info()
print(f"linked with: {' '.join(recipe.cpp_info.libs + recipe.cpp_info.system_libs)}, as "
      f"{properties['cmake_target_name']} of {properties['cmake_file_name']}")
