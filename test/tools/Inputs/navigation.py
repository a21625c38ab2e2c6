# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""navigation.py TOP: prints the navigation of a few pages, and rewritten links, as the site's hook produces them."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(sys.argv[1], "scripts")))
import docs_site  # noqa: E402

for entry in docs_site.navigation(["changelog.md", "forgotten.md", "checks/ward-discarded-guard.md", "README.md", "checks/README.md"]):
    print(entry if isinstance(entry, str) else "\n".join(f"{title}: {' '.join(pages)}" for title, pages in entry.items()))
print(docs_site.rewrite("[checks](checks/README.md) [profiles] [profiles](../profiles) ![picture](../picture.svg) [gone](../gone.md) "
                        "[there](https://example.org/docs/x.md)", "docs/README.md", "README.md", ""))
print(docs_site.rewrite("[rename](../running.md#bad)", "docs/checks/README.md", "checks/README.md", ""))
print(docs_site.rewrite("```\n[code](../profiles)\n```\n", "docs/README.md", "README.md", ""))
print(docs_site.rewrite("[profiles](../profiles)", "docs/README.md", "README.md", "https://example.org/"))
