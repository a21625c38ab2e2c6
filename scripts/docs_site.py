# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""MkDocs hook for Ward's site: the navigation, the pages outside docs/, and links between files of the repository.

The pages link to files relative to their place in the repository, such as ../README.md or ../profiles/. On the site, a link to a file that is
a page points to that page. A link to another file points to `repo_url`; if none is configured, it becomes plain text. A link to a missing
file stays unchanged, and fails `mkdocs build --strict`.
"""
import os
import pathlib
import posixpath
import re
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOP / "scripts"))  # MkDocs loads a hook as a file, not as one of a folder's modules
import manifest  # noqa: E402

# Pages outside docs/: their file in the repository and their name on the site.
OUTSIDE = {"README.md": "about.md", "CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md"}

# The fixed part of the navigation; other pages are listed by folder.
FIRST = ["README.md", "about.md", "running.md", "editors.md", "guide.md", "performance.md", "calibration.md", "rules.md"]
LAST = ["contributing.md", "changelog.md"]

LINK = re.compile(r"(?<!!)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^()\s]+)\)")


def site_name(path):
    """The name of a repository file on the site; None if it is not a page."""
    if path in OUTSIDE:
        return OUTSIDE[path]
    if path.startswith("docs/") and (TOP / path).is_file():
        return path.removeprefix("docs/")
    if path in ("docs", "docs/checks", "docs/integrations"):
        return f"{path}/README.md".removeprefix("docs/")
    return None


def rewrite(markdown, source, page, repository):
    """MARKDOWN, from the repository file SOURCE and for PAGE of the site, with its links rewritten for the site."""

    def link(match):
        text, target = match.groups()
        path, _, anchor = target.partition("#")
        if not path or re.match(r"[a-z]+:", target):
            return match[0]
        path = posixpath.normpath(posixpath.join(posixpath.dirname(source), path))
        name = site_name(path)
        if name:
            there = posixpath.relpath(name, posixpath.dirname(page) or ".")
            return f"[{text}]({there}{'#' + anchor if anchor else ''})"
        if path.startswith("..") or not (TOP / path).exists():
            return match[0]
        return f"[{text}]({repository.rstrip('/')}/blob/main/{path})" if repository else text

    # Links in fenced and indented code stay unchanged.
    parts = re.split(r"(^```[^\n]*\n.*?^```[ ]*$|^(?: {4}[^\n]*\n)+)", markdown, flags=re.MULTILINE | re.DOTALL)
    return "".join(part if i % 2 else LINK.sub(link, part) for i, part in enumerate(parts))


def navigation(pages):
    """The navigation over all PAGES."""
    left = set(pages)

    def take(names):
        result = [name for name in names if name in left]
        left.difference_update(result)
        return result

    first, last = take(FIRST), take(LAST)
    checks = manifest.read(TOP)
    sections = [{"The checks": take(["checks/README.md", "messages.md"])}]
    for group, title in manifest.GROUPS.items():
        of_group = take(c.page.relative_to("docs").as_posix() for c in checks if c.group == group)
        if of_group:
            sections.append({title: of_group})
    for folder in sorted({posixpath.dirname(page) for page in left}):
        members = sorted(page for page in left if posixpath.dirname(page) == folder)
        members.sort(key=lambda page: posixpath.basename(page) != "README.md")
        title = {"": "More", "integrations": "With other tools", "checks": "More checks"}.get(folder, folder.replace("/", ", ").capitalize())
        sections.append({title: members})
    return [*first, *sections, *last]


def on_config(config):
    pages = [p.relative_to(config["docs_dir"]).as_posix() for p in pathlib.Path(config["docs_dir"]).rglob("*.md")]
    config["nav"] = navigation([*pages, *OUTSIDE.values()])
    return config


def on_files(files, config):
    from mkdocs.structure.files import File

    for source, name in OUTSIDE.items():
        page = File(name, str(TOP), config["site_dir"], config["use_directory_urls"])
        page.abs_src_path = str(TOP / source)
        files.append(page)
    return files


def on_page_markdown(markdown, page, config, files):
    source = pathlib.Path(os.path.realpath(page.file.abs_src_path)).relative_to(TOP).as_posix()
    return rewrite(markdown, source, page.file.src_uri, config["repo_url"] or "")
