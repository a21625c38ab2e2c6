# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""severities.py JSON SARIF: prints the line, severity and confidence of each finding, and fails unless the SARIF agrees."""
import collections
import json
import sys

findings = json.load(open(sys.argv[1]))["findings"]
results = json.load(open(sys.argv[2]))["runs"][0]["results"]
groups = collections.Counter(finding["group"] for finding in findings)
assert len(findings) == len(results)
for finding, result in zip(findings, results):
    assert result["partialFingerprints"]["ward/v1"] == finding["fingerprint"]
    assert result["properties"] == {key: finding[key] for key in ("severity", "confidence", "group")}
    print(finding["line"], finding["severity"], finding["confidence"], result["level"], result["rank"],
          "same group" if groups[finding["group"]] > 1 else "")
