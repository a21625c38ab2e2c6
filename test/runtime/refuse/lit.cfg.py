# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Each file must compile as it is, and must not compile with -DREFUSE=N for each N that it names, with messages that
# match its CHECK lines.
import os

import lit.formats

config.name = "ward-refuse"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".cpp"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = config.refuse_exec_root

compile_it = f"{config.cxx} {config.cxx_flags} -std=c++20 -Wall -Wextra -pthread -fsyntax-only -I{config.ward_include} %s"
config.substitutions.append(("%accept", f"{compile_it} -Werror"))
config.substitutions.append(("%refuse", f"! {compile_it} -Werror -DREFUSE"))
config.substitutions.append(("%check", f"{config.filecheck} %s"))
