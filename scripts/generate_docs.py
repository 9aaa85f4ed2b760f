"""Renews what the documentation has from the program: the output of commands, the table of rules, the reference of
public names, and JSON Schemas.

A quotation stands between `<!-- generated: mllint … -->`, `<!-- generated: table of rules -->` or
`<!-- generated: api NAME -->`, and `<!-- end -->`. `<!-- generated: mllint … at /key/0 -->` quotes a part of the JSON
that a command prints.
With --check nothing is written; the exit code is 1 if a file is stale.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from api_reference import reference

from mllint import registry
from mllint.rules.knowledge.schema import schema as schema_of_knowledge
from mllint.settings.schema import schema as schema_of_settings

ROOT = Path(__file__).parents[1]
DOCUMENTS = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md")))
QUOTATION = re.compile(r"(?P<begin><!-- generated: (?P<what>[^\n]+) -->\n)(?P<old>.*?)(?P<end><!-- end -->)", re.DOTALL)
TABLE_OF_RULES = "table of rules"
API = "api "
PART = re.compile(r"(?P<command>mllint .+) at (?P<pointer>(?:/\w+)+)")
SCHEMAS: Final[Mapping[Path, Callable[[], object]]] = {
    ROOT / "docs" / "schemas" / "config.schema.json": schema_of_settings,
    ROOT / "docs" / "schemas" / "knowledge.schema.json": schema_of_knowledge,
}


def main() -> int:
    check = sys.argv[1:] == ["--check"]
    wanted = {path: renewed(path) for path in DOCUMENTS if path.is_file()}
    wanted |= {path: json.dumps(schema(), indent=2) + "\n" for path, schema in SCHEMAS.items()}
    stale = [path for path, text in wanted.items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
    for path in stale:
        print(f"{'stale' if check else 'renewed'}: {path.relative_to(ROOT)}")
        if not check:
            path.write_text(wanted[path], encoding="utf-8")
    return int(check and bool(stale))


def renewed(path: Path) -> str:
    """The document with every quotation as the program gives it now."""
    text = path.read_text(encoding="utf-8")
    return QUOTATION.sub(lambda found: found["begin"] + quotation(found["what"], path) + found["end"], text)


def quotation(what: str, document: Path) -> str:
    if what == TABLE_OF_RULES:
        return table_of_rules(document)
    if what.startswith(API):
        return reference(what.removeprefix(API))
    part = PART.fullmatch(what)
    if part is not None:
        return f"```json\n{part_of_json(part['command'], part['pointer'])}\n```\n"
    return f"```text\n$ {what}\n{output(what)}```\n"


def part_of_json(command: str, pointer: str) -> str:
    """What a command prints at a JSON pointer (https://www.rfc-editor.org/rfc/rfc6901)."""
    value = json.loads(output(command))
    for key in pointer.split("/")[1:]:
        value = value[int(key)] if isinstance(value, list) else value[key]
    return json.dumps(value, indent=2)


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
    for rule in (one for one in registry.rules() if one.distribution is None):
        if rule.family != family:
            family = rule.family
            lines += ["", f"## {family}", "", "| code | rule | reports that |", "|---|---|---|"]
        page = ROOT / "rules" / Path(*rule.module.split(".")[2:]).with_suffix(".md")
        link = os.path.relpath(page, document.parent).replace(os.sep, "/")
        lines.append(f"| {rule.code} | [{rule.name}]({link}) | {rule.summary} |")
    return "\n".join([*lines, "", ""])


if __name__ == "__main__":
    sys.exit(main())
