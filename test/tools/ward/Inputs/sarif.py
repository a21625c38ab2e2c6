# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""sarif.py [--failed FILE...] [--results N] [--fixes N]: fails unless stdin is valid SARIF 2.1.0.

It checks the objects that Ward writes: the allowed properties of each, their types, and the required ones. Any other property is an error.
With --schema FILE, it also validates against the standard's schema (needs jsonschema).
"""
import argparse
import collections
import json
import re
import sys

URI = re.compile(r"^[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]*$")


def text(value, where):
    require(isinstance(value, str), where, "is not a string")


def uri(value, where):
    text(value, where)
    require(URI.match(value) and not re.search(r"%(?![0-9A-Fa-f]{2})", value), where, f"{value!r} is not a URI reference")


def boolean(value, where):
    require(isinstance(value, bool), where, "is not a boolean")


def number(value, where):
    require(isinstance(value, (int, float)) and not isinstance(value, bool), where, "is not a number")


def at_least(least):
    def check(value, where):
        require(type(value) is int and value >= least, where, f"is not an integer of at least {least}")
    return check


def one_of(*words):
    return lambda value, where: require(value in words, where, f"is not one of {words}")


def many(check, least=0):
    def all_of(value, where):
        require(isinstance(value, list) and len(value) >= least, where, f"is not an array of at least {least} items")
        for i, item in enumerate(value):
            check(item, f"{where}[{i}]")
    return all_of


def table(check):
    def all_of(value, where):
        require(isinstance(value, dict), where, "is not an object")
        for key, item in value.items():
            check(item, f"{where}.{key}")
    return all_of


def thing(name):
    return lambda value, where: check_object(name, value, where)


MESSAGE = {"text": text, "markdown": text}
OBJECTS = {  # the allowed properties, and the required ones
    "sarifLog": ({"$schema": uri, "version": one_of("2.1.0"), "runs": many(thing("run"))}, {"version", "runs"}),
    "run": ({"tool": thing("tool"), "results": many(thing("result")), "artifacts": many(thing("artifact")),
             "columnKind": one_of("utf16CodeUnits", "unicodeCodePoints"), "invocations": many(thing("invocation")),
             "originalUriBaseIds": table(thing("artifactLocation"))}, {"tool"}),
    "tool": ({"driver": thing("toolComponent")}, {"driver"}),
    "toolComponent": ({"name": text, "fullName": text, "version": text, "language": text, "informationUri": uri,
                       "rules": many(thing("reportingDescriptor"))}, {"name"}),
    "reportingDescriptor": ({"id": text, "name": text, "shortDescription": thing("multiformatMessageString"),
                             "fullDescription": thing("multiformatMessageString"), "help": thing("multiformatMessageString"),
                             "properties": table(text), "helpUri": uri, "defaultConfiguration": thing("reportingConfiguration")}, {"id"}),
    "reportingConfiguration": ({"enabled": boolean, "level": one_of("none", "note", "warning", "error"), "rank": number}, set()),
    "multiformatMessageString": (MESSAGE, {"text"}),
    "message": (MESSAGE, {"text"}),
    "artifact": ({"location": thing("artifactLocation"), "length": at_least(-1), "mimeType": text, "roles": many(text)}, set()),
    "artifactLocation": ({"uri": uri, "uriBaseId": text, "index": at_least(-1), "description": thing("message")}, set()),
    "result": ({"ruleId": text, "ruleIndex": at_least(-1), "level": one_of("none", "note", "warning", "error"),
                "message": thing("message"), "locations": many(thing("location")), "relatedLocations": many(thing("location")),
                "partialFingerprints": table(text), "fixes": many(thing("fix")), "rank": number, "properties": table(text),
                "suppressions": many(thing("suppression")), "baselineState": one_of("new", "unchanged", "updated", "absent")}, {"message"}),
    "suppression": ({"kind": one_of("inSource", "external"), "justification": text, "status": one_of("accepted", "underReview", "rejected")}, {"kind"}),
    "location": ({"physicalLocation": thing("physicalLocation"), "message": thing("message")}, set()),
    "physicalLocation": ({"artifactLocation": thing("artifactLocation"), "region": thing("region")}, {"artifactLocation"}),
    "region": ({"startLine": at_least(1), "startColumn": at_least(1), "endLine": at_least(1), "endColumn": at_least(1)}, {"startLine"}),
    "fix": ({"description": thing("message"), "artifactChanges": many(thing("artifactChange"), 1)}, {"artifactChanges"}),
    "artifactChange": ({"artifactLocation": thing("artifactLocation"), "replacements": many(thing("replacement"), 1)},
                       {"artifactLocation", "replacements"}),
    "replacement": ({"deletedRegion": thing("region"), "insertedContent": thing("artifactContent")}, {"deletedRegion"}),
    "artifactContent": ({"text": text}, set()),
    "invocation": ({"executionSuccessful": boolean, "toolExecutionNotifications": many(thing("notification"))}, {"executionSuccessful"}),
    "notification": ({"message": thing("message"), "level": one_of("none", "note", "warning", "error"),
                      "locations": many(thing("location"))}, {"message"}),
}


def require(holds, where, what):
    if not holds:
        sys.exit(f"{where} {what}")


def check_object(name, value, where):
    properties, needed = OBJECTS[name]
    require(isinstance(value, dict), where, "is not an object")
    require(needed <= value.keys(), where, f"lacks {needed - value.keys()}")
    for key, item in value.items():
        require(key in properties, where, f"has {key}, which is not a property of {name}")
        properties[key](item, f"{where}.{key}")


def check_references(run):
    """Checks what a schema cannot express: indices and regions."""
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    artifacts = [artifact["location"]["uri"] for artifact in run.get("artifacts", [])]
    for i, result in enumerate(run["results"]):
        require(rules[result["ruleIndex"]] == result["ruleId"], f"results[{i}]", "has a ruleIndex of another rule")
        require(len(result["locations"]) == 1, f"results[{i}]", "does not have exactly one location")
        for location in [*result["locations"], *result.get("relatedLocations", [])]:
            place = location["physicalLocation"]["artifactLocation"]
            require(artifacts[place["index"]] == place["uri"], f"results[{i}]", "has the index of another artifact")
            require(place.get("uriBaseId") in run["originalUriBaseIds"] or place["uri"].startswith("file:"), f"results[{i}]", "has a relative URI without a base")
        regions = [location["physicalLocation"]["region"] for location in result["locations"]]
        regions += [r["deletedRegion"] for f in result.get("fixes", []) for c in f["artifactChanges"] for r in c["replacements"]]
        for region in regions:
            end = (region.get("endLine", region["startLine"]), region["endColumn"])
            require((region["startLine"], region["startColumn"]) <= end, f"results[{i}]", "has a region that ends before it begins")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--failed", nargs="*", default=[], metavar="FILE", help="the files that the run could not check")
    parser.add_argument("--results", type=int)
    parser.add_argument("--fixes", type=int)
    parser.add_argument("--suppressed", type=int)
    parser.add_argument("--states", help="the baseline states of the results, with their numbers, for example 'new 2, unchanged 3'")
    parser.add_argument("--schema")
    args = parser.parse_args()
    log = json.load(sys.stdin)
    check_object("sarifLog", log, "$")
    run, = log["runs"]
    check_references(run)
    if args.schema:
        import jsonschema
        with open(args.schema, encoding="utf-8") as schema:
            jsonschema.validate(log, json.load(schema))
    invocation, = run["invocations"]
    failed = [n["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for n in invocation["toolExecutionNotifications"]]
    require(failed == args.failed, "invocations", f"list {failed} as not checked")
    require(invocation["executionSuccessful"] == (not failed), "invocations", "have the wrong executionSuccessful")
    if args.results is not None:
        require(len(run["results"]) == args.results, "results", f"has {len(run['results'])} items")
    for i, result in enumerate(run["results"]):
        require("suppressions" in result, f"results[{i}]", "does not say whether it is suppressed")
    if args.suppressed is not None:
        suppressed = sum(bool(result["suppressions"]) for result in run["results"])
        require(suppressed == args.suppressed, "results", f"have {suppressed} suppressed ones")
    if args.states is not None:
        states = collections.Counter(result.get("baselineState", "none") for result in run["results"])
        found = ", ".join(f"{state} {number}" for state, number in sorted(states.items()))
        require(found == args.states, "results", f"have the baseline states {found}")
    if args.fixes is not None:
        fixes = sum("fixes" in result for result in run["results"])
        require(fixes == args.fixes, "results", f"have {fixes} fixes")


if __name__ == "__main__":
    main()
