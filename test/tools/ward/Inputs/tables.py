# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""tables.py FILE: checks the tables of the program in Inputs/together, as tools/ward/program/ProgramTables.h describes them."""
import json
import sys

tables = json.load(open(sys.argv[1]))
assert tables["ward_tables"] == 1
guards = {(row["class"], row["name"]): row for row in tables["guarded_by"]}
balance = guards["Account", "balance_"]
assert (balance["guard"], balance["relation"], balance["annotated"]) == ("mu_", "same object", False), balance
assert (balance["held"], balance["not_held"], balance["writes"]) == (2, 1, 2), balance
assert (balance["file"], balance["line"], balance["usr"]) == ("include/bank.h", 23, "c:@S@Account@FI@balance_"), balance
assert [a["held"] for a in balance["accesses"]] == [True, True, False], balance
# The callers of the private function in another file hold the lock.
changes = guards["Account", "changes_"]
assert (changes["held"], changes["not_held"]) == (3, 0), changes
assert {"Account::apply", "Account::report"} <= {a["function"] for a in changes["accesses"]}, changes
assert not any(name in ("name_", "limit_") for _, name in guards), guards

names = [lock["name"] for lock in tables["locks"]]
order = {(names[row["held"]], names[row["acquired"]]): row for row in tables["lock_order"]}
assert order["Journal::mu_", "registryMutex"]["in_cycle"] and order["registryMutex", "Journal::mu_"]["in_cycle"], order
assert not order["Outer::outer", "Inner::inner"]["in_cycle"], order
assert [names[g] for g in order["left", "right"]["gates"]] == ["gate"], order
assert [(s["file"], s["line"]) for s in order["Journal::mu_", "registryMutex"]["chain"]] == [("src/journal.cpp", 14), ("src/registry.cpp", 3)]
