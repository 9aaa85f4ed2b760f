"""Links between files of the repository, as links between pages of the site."""

from __future__ import annotations

import os
import posixpath
import re
from pathlib import Path
from typing import Final

from mllint import registry

ROOT: Final = Path(__file__).parents[2]
BESIDE_DOCS: Final = {
    "README.md": "index.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changes.md",
    "benchmarks/README.md": "benchmarks.md",
}
"""Files that are pages of the site and do not lie in docs/."""
RULES: Final = tuple(rule for rule in registry.rules() if rule.distribution is None)
"""Those of mllint, whatever plugins are installed."""
LINK: Final = re.compile(r"(?<!!)\[(?P<text>[^\]\n]*)\]\((?P<target>[^)\s]+)\)")


def source_of(rule: registry.RegisteredRule) -> str:
    """The page of a rule in the repository: rules/head_loss/one_unit_softmax.md."""
    return "/".join(("rules", *rule.module.split(".")[2:])) + ".md"


def page_of(rule: registry.RegisteredRule) -> str:
    """The page of a rule on the site: rules/head-loss/one-unit-softmax.md."""
    return f"rules/{rule.family}/{rule.name}.md"


def pages() -> dict[str, str]:
    """From files of the repository that do not lie in docs/ to the pages that they are."""
    return BESIDE_DOCS | {source_of(rule): page_of(rule) for rule in RULES}


def rewritten(text: str, source: str, page: str, on_site: dict[str, str]) -> str:
    """The Markdown of a file of the repository with its links as they are on a page of the site.

    What is no page is named, as code, and not linked to.
    """

    def link(found: re.Match[str]) -> str:
        path, hash_, anchor = found["target"].partition("#")
        if re.match(r"[a-z]+:", path) or not path:
            return found[0]
        target = posixpath.normpath(posixpath.join(posixpath.dirname(source), path))
        inside = on_site.get(target) or (target.removeprefix("docs/") if target.startswith("docs/") else None)
        if inside is None:
            assert (ROOT / target).exists(), f"{source}: {target}"
            return f"`{found['text'].strip('`')}`"
        return f"[{found['text']}]({os.path.relpath(inside, posixpath.dirname(page) or '.')}{hash_}{anchor})"

    return LINK.sub(link, text)
