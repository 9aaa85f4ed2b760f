"""Packages of rules: a module with `RULE` in a family package, its page beside it.

The rule's name is the module's, its family the package's. There is no list to keep.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass

from mllint.rules import Rule


@dataclass(frozen=True, slots=True)
class RegisteredRule:
    """A rule with what follows from where its module lies."""

    name: str
    family: str
    module: str
    rule: Rule
    distribution: str | None = None
    """Where a plugin's rule comes from, as packages are named: acme-mllint 1.2; None for mllint's own."""

    @property
    def code(self) -> str:
        return self.rule.code

    @property
    def prefix(self) -> str:
        """The letters that the code begins with."""
        return re.split(r"\d", self.code)[0]

    @property
    def summary(self) -> str:
        return self.rule.summary

    def page(self) -> str:
        """The rule's page, in Markdown. Raises FileNotFoundError where a rule has none."""
        from importlib.resources import files

        package, _, stem = self.module.rpartition(".")
        return files(package).joinpath(f"{stem}.md").read_text(encoding="utf-8")

    def is_meant_by_beginning(self, selector: str) -> bool:
        """Whether the selector is the beginning of the code, at least its letters."""
        return selector.upper().startswith(self.prefix) and self.code.startswith(selector.upper())


def walk(package: str, distribution: str | None = None) -> Iterator[RegisteredRule]:
    """The rules of a package. Raises whatever importing its modules raises."""
    path = importlib.import_module(package).__path__
    for family in pkgutil.iter_modules(path, f"{package}."):
        if not family.ispkg:
            continue
        for module in pkgutil.iter_modules(importlib.import_module(family.name).__path__, f"{family.name}."):
            rule = getattr(importlib.import_module(module.name), "RULE", None)
            if isinstance(rule, Rule):
                yield RegisteredRule(
                    _hyphenated(module.name), _hyphenated(family.name), module.name, rule, distribution
                )


def clash(rules: list[RegisteredRule]) -> str | None:
    """Says which two rules have the same name or code; None where none have."""
    for attribute in ("name", "code"):
        seen: dict[str, RegisteredRule] = {}
        for rule in rules:
            other = seen.setdefault(getattr(rule, attribute), rule)
            if other is not rule:
                return f"{rule.module} and {other.module} have the same {attribute}: {getattr(rule, attribute)}"
    return None


def _hyphenated(module: str) -> str:
    return module.rpartition(".")[2].replace("_", "-")
