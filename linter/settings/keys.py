"""Every key of [tool.mllint], with its kind and what it is for.

A key that is added here is read, written by --show-settings, and described in the JSON Schema; it needs a field of the
same name in Settings and a section in docs/configuration.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from mllint.settings import values
from mllint.settings.values import Kind


@dataclass(frozen=True, slots=True)
class Key:
    kind: Kind
    help: str
    """One sentence, with which the section of the key in docs/configuration.md begins."""


KEYS: Final[Mapping[str, Key]] = {
    "select": Key(values.RULES, 'The rules to run: names, codes, beginnings of codes, families, "all".'),
    "extend-select": Key(values.RULES, "Rules to run as well."),
    "ignore": Key(values.RULES, "Rules not to run."),
    "per-file-ignores": Key(
        values.RULES_BY_PATTERN, "A table from patterns to rules that are not run on the files they match."
    ),
    "per-file-tasks": Key(
        values.TASKS_BY_PATTERN, "What models are for, by pattern, for files in which no label is in sight."
    ),
    "fix": Key(values.BOOLEAN, "Whether files are fixed, as --fix does."),
    "unsafe-fixes": Key(values.BOOLEAN, "Whether --fix and --diff carry out unsafe fixes too."),
    "fixable": Key(values.RULES, "The rules whose findings may be fixed."),
    "unfixable": Key(values.RULES, "Rules whose findings are not fixed."),
    "extend-safe-fixes": Key(values.RULES, "Rules whose unsafe fixes are taken for safe."),
    "extend-unsafe-fixes": Key(values.RULES, "Rules whose safe fixes are taken for unsafe."),
    "baseline": Key(values.FILE, "A file that records findings to leave out, relative to the file that names it."),
    "follow-imports": Key(
        values.BOOLEAN,
        "Whether the other files of a program are read: those it imports, and JSON and YAML that it loads.",
    ),
    "exclude": Key(values.PATTERNS, "Patterns, as in .gitignore, of paths to skip, in place of the default list."),
    "extend-exclude": Key(values.MORE_PATTERNS, "Patterns of paths to skip as well."),
    "force-exclude": Key(values.BOOLEAN, "Whether excluded files are skipped even if they are named."),
    "knowledge": Key(
        values.KNOWLEDGE,
        "Files that say what your own losses, layers, metrics and data mean, relative to the file that names them.",
    ),
    "pedantic": Key(values.BOOLEAN, "Whether findings of severity info are shown."),
    "fail-level": Key(values.SEVERITY, "The severity from which on findings make the exit code 1."),
    "output-format": Key(values.OUTPUT_FORMAT, "How findings are printed."),
    "show-not-judged": Key(values.BOOLEAN, "Whether to say what could not be judged, and why."),
    "show-refused": Key(values.BOOLEAN, "Whether to say which fixes were not carried out, and why."),
    "cache-dir": Key(values.FILE, "The directory in which reports are kept, relative to the file that names it."),
}
"""In the order in which --show-settings prints them."""
