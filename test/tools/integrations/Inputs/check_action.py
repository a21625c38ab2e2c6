# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""check_action.py ACTION_YML SCRIPT: checks that the action declares, passes and reads the same inputs and outputs."""
import pathlib
import re
import sys

import yaml

text = pathlib.Path(sys.argv[1]).read_text()
script = pathlib.Path(sys.argv[2]).read_text()
action = yaml.safe_load(text)
steps = action["runs"]["steps"]
wrong = []
used = set(re.findall(r"\$\{\{ inputs\.([\w-]+) \}\}", text))
wrong += [f"input {name} is declared but not used" for name in action["inputs"].keys() - used]
wrong += [f"input {name} is used but not declared" for name in used - action["inputs"].keys()]
wrong += [f"input {name} has no description" for name, each in action["inputs"].items() if not each.get("description")]
passed = {name for step in steps for name in step.get("env", {})}
read = set(re.findall(r"\b(WARD_[A-Z_]+)\b", script))
wrong += [f"{name} is passed but not read" for name in passed - read] + [f"{name} is read but not passed" for name in read - passed
          if not re.search(rf"-D{name}=", script)]
ids = {step["id"] for step in steps if "id" in step}
for step, output in re.findall(r"steps\.([\w-]+)\.outputs\.([\w-]+)", text):
    if step not in ids:
        wrong.append(f"no step has the id {step}")
    if not re.search(rf"output \"?{output}=", script):
        wrong.append(f"the script outputs no {output}")
for step in steps:
    if "run" in step and (step.get("shell") != "bash" or "inputs." in step["run"]):
        wrong.append(f"{step['name']}: must run in bash and take inputs only from the environment")
print("\n".join(wrong) or "consistent")
sys.exit(bool(wrong))
