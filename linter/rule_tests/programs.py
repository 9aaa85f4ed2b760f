"""The programs on a page or in a knowledge file, and what they say must be found in them.

A line on which something is to be found ends in a comment: `# error`, or `# error: rule-name` where it is not the rule
of the page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from mllint.registry.packages import RegisteredRule

BAD: Final = "Bad"
GOOD: Final = "Good"

_MARK: Final = re.compile(r"[ \t]*# (?P<severity>error|warning|info)(?:: (?P<rule>[a-z0-9-]+))?$", re.MULTILINE)
_PARTS: Final = re.compile(
    r"^## (?P<section>[^\n]*)$|^```python(?P<fixed> fixed)?\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)


class Expected(NamedTuple):
    """A finding that a program announces; the line is 1-based."""

    rule: str
    line: int
    severity: str


@dataclass(frozen=True, slots=True)
class Program:
    """One program, with the rule that its marks mean."""

    rule: str
    section: str
    number: int
    text: str
    fixed: str | None = None
    """The program after its first fix, where the page shows it."""

    @property
    def label(self) -> str:
        return f"{self.rule}-{self.section.lower()}-{self.number}"

    @property
    def expected(self) -> list[Expected]:
        """In the order of their lines."""
        return [
            Expected(found["rule"] or self.rule, self.text.count("\n", 0, found.start()) + 1, found["severity"])
            for found in _MARK.finditer(self.text)
        ]

    @property
    def unmarked(self) -> str:
        """The program without the comments that announce findings."""
        return _MARK.sub("", self.text)


def programs_of(rule: RegisteredRule) -> list[Program]:
    """The programs on a rule's page, in their order. Raises FileNotFoundError where it has none."""
    found: list[Program] = []
    section = ""
    for part in _PARTS.finditer(rule.page()):
        if part["text"] is None:
            section = part["section"]
        elif part["fixed"] and found:
            last = found.pop()
            found.append(Program(last.rule, last.section, last.number, last.text, part["text"]))
        else:
            found.append(Program(rule.name, section, len(found) + 1, part["text"]))
    return found


def cases_of(cases: Mapping[str, str]) -> list[Program]:
    """The cases of a knowledge file, by their titles."""
    return [Program("", title, number, text) for number, (title, text) in enumerate(cases.items(), 1)]
