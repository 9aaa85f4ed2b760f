"""Lists of rules: as a table, and as JSON with their pages."""

from __future__ import annotations

import json
from collections.abc import Sequence

import click

from mllint.registry.packages import RegisteredRule


def as_table(rules: Sequence[RegisteredRule]) -> str:
    """One line for each rule, under a line for each family."""
    lines: list[str] = []
    longest = max(len(rule.name) for rule in rules)
    for index, rule in enumerate(rules):
        if index == 0 or _heading(rules[index - 1]) != _heading(rule):
            lines += ["", click.style(_heading(rule), bold=True)]
        lines.append(f"  {rule.code}  {rule.name:<{longest}}  {rule.summary}")
    return "\n".join(lines[1:])


def _heading(rule: RegisteredRule) -> str:
    return rule.family if rule.distribution is None else f"{rule.family}, from {rule.distribution}"


def as_json(rules: Sequence[RegisteredRule]) -> str:
    """A list with one object for each rule."""
    return json.dumps(
        [
            {
                "name": rule.name,
                "code": rule.code,
                "family": rule.family,
                "summary": rule.summary,
                "since": rule.rule.since,
                "distribution": rule.distribution,
                "page": rule.page(),
            }
            for rule in rules
        ],
        indent=2,
    )
