# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A clang-tidy that crashes."""
import os
import signal
import sys

sys.stderr.write("PLEASE submit a bug report\nStack dump:\n0.\tProgram arguments: x\n1.\tparser at end of file\n")
sys.stderr.flush()
os.kill(os.getpid(), signal.SIGABRT)
