"""Renews what the documentation quotes from the program: the output of commands, and the table of rules.

A quotation stands between `<!-- generated: mllint … -->`, or `<!-- generated: table of rules -->`, and `<!-- end -->`.
With --check nothing is written; the exit code is 1 if a file is stale.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

from mllint import registry

ROOT = Path(__file__).parents[1]
DOCUMENTS = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md")))
QUOTATION = re.compile(r"(?P<begin><!-- generated: (?P<what>[^\n]+) -->\n)(?P<old>.*?)(?P<end><!-- end -->)", re.DOTALL)
TABLE_OF_RULES = "table of rules"


def main() -> int:
    check = sys.argv[1:] == ["--check"]
    stale = [path for path in DOCUMENTS if path.is_file() and renewed(path) != path.read_text(encoding="utf-8")]
    for path in stale:
        print(f"{'stale' if check else 'renewed'}: {path.relative_to(ROOT)}")
        if not check:
            path.write_text(renewed(path), encoding="utf-8")
    return int(check and bool(stale))


def renewed(path: Path) -> str:
    """The document with every quotation as the program gives it now."""
    text = path.read_text(encoding="utf-8")
    return QUOTATION.sub(lambda found: found["begin"] + quotation(found["what"], path) + found["end"], text)


def quotation(what: str, document: Path) -> str:
    return table_of_rules(document) if what == TABLE_OF_RULES else f"```text\n$ {what}\n{output(what)}```\n"


def output(command: str) -> str:
    """What a command prints, findings and talk, as on a terminal of 100 columns without colour."""
    name, *arguments = shlex.split(command)
    done = subprocess.run(
        [sys.executable, "-m", name, *arguments],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "100", "NO_COLOR": "1", "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    return done.stdout


def table_of_rules(document: Path) -> str:
    """One table for each family; every rule leads to its page, where it lies beside its module."""
    lines: list[str] = []
    family = ""
    for rule in registry.rules():
        if rule.family != family:
            family = rule.family
            lines += ["", f"## {family}", "", "| code | rule | reports that |", "|---|---|---|"]
        page = ROOT / "rules" / Path(*rule.module.split(".")[2:]).with_suffix(".md")
        link = os.path.relpath(page, document.parent).replace(os.sep, "/")
        lines.append(f"| {rule.code} | [{rule.name}]({link}) | {rule.summary} |")
    return "\n".join([*lines, "", ""])


if __name__ == "__main__":
    sys.exit(main())
