"""Finds the rules, and the rules that a selector means.

A rule is a module with `RULE` in a family package under mllint.rules: its name is the module's, its family the
package's. There is no list to keep. Importing the rules takes time, so nothing here happens before it is needed.
"""

from __future__ import annotations

import difflib
import importlib
import importlib.resources
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from mllint.rules import Rule

ALL = "all"


class UnknownSelector(ValueError):
    """A selector that means no rule; the message says which one was probably meant."""


class BrokenRegistry(RuntimeError):
    """Two rules share a name or a code."""


@dataclass(frozen=True, slots=True)
class RegisteredRule:
    """A rule with what follows from where its module lies."""

    name: str
    family: str
    module: str
    rule: Rule

    @property
    def code(self) -> str:
        return self.rule.code

    @property
    def summary(self) -> str:
        return self.rule.summary

    def page(self) -> str:
        """The rule's page, in Markdown. Raises FileNotFoundError where a rule has none."""
        package, _, stem = self.module.rpartition(".")
        return importlib.resources.files(package).joinpath(f"{stem}.md").read_text(encoding="utf-8")

    def answers_to(self, selector: str) -> bool:
        """Whether the selector is this rule's name, family, code or the beginning of its code; or "all"."""
        wanted = selector.lower().replace("_", "-")
        is_code_prefix = wanted.startswith("mll") and self.code.lower().startswith(wanted)
        return is_code_prefix or wanted in (self.name, self.family, ALL)


@cache
def rules() -> tuple[RegisteredRule, ...]:
    """Every rule, sorted by code. Raises BrokenRegistry where two share a name or a code."""
    found = sorted(_walk(), key=lambda rule: rule.code)
    for attribute in ("name", "code"):
        seen: dict[str, RegisteredRule] = {}
        for rule in found:
            key = getattr(rule, attribute)
            if key in seen:
                raise BrokenRegistry(f"{rule.module} and {seen[key].module} have the same {attribute}: {key}")
            seen[key] = rule
    return tuple(found)


def _walk() -> Iterator[RegisteredRule]:
    package = importlib.import_module("mllint.rules")
    for family in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        if not family.ispkg:
            continue
        for module in pkgutil.iter_modules(importlib.import_module(family.name).__path__, f"{family.name}."):
            rule = getattr(importlib.import_module(module.name), "RULE", None)
            if isinstance(rule, Rule):
                yield RegisteredRule(_hyphenated(module.name), _hyphenated(family.name), module.name, rule)


def _hyphenated(module: str) -> str:
    return module.rpartition(".")[2].replace("_", "-")


def find(name_or_code: str) -> RegisteredRule:
    """The one rule of this name or full code. Raises UnknownSelector."""
    wanted = name_or_code.lower().replace("_", "-")
    for rule in rules():
        if wanted in (rule.name, rule.code.lower()):
            return rule
    raise UnknownSelector(_unknown(name_or_code, [*_names(), *_codes()]))


@cache
def matching(selector: str) -> frozenset[str]:
    """Names of the rules that a name, code, beginning of a code, family or "all" means. Raises UnknownSelector."""
    names = frozenset(rule.name for rule in rules() if rule.answers_to(selector))
    if not names:
        families = sorted({rule.family for rule in rules()})
        raise UnknownSelector(_unknown(selector, [*_names(), *_codes(), *families, ALL]))
    return names


@cache
def selected(select: tuple[str, ...], extend_select: tuple[str, ...], ignore: tuple[str, ...]) -> frozenset[str]:
    """Names of the rules to run. As in other linters, the more specific selector wins: a name or full code over
    the beginning of a code, that over a family, that over "all"; at the same level `ignore` wins."""
    chosen: dict[str, int] = {}
    for selector in (*select, *extend_select):
        for name in matching(selector):
            chosen[name] = max(chosen.get(name, 0), _specificity(selector))
    for selector in ignore:
        for name in matching(selector):
            if chosen.get(name, 0) <= _specificity(selector):
                chosen.pop(name, None)
    return frozenset(chosen)


def _specificity(selector: str) -> int:
    names = matching(selector)
    if selector.lower() == ALL:
        return 0
    if len(names) == 1:
        return 1000
    return 1 + len(selector) if selector.lower().startswith("mll") else 1


def _names() -> list[str]:
    return [rule.name for rule in rules()]


def _codes() -> list[str]:
    return [rule.code for rule in rules()]


def _unknown(selector: str, valid: list[str]) -> str:
    if selector.lower().startswith("mll"):
        spelling = selector.upper()
        valid = [code for code in valid if code.startswith(spelling[: len("MLL1")])]
    else:
        spelling = selector.lower().replace("_", "-")
    nearest = next(iter(difflib.get_close_matches(spelling, valid, n=1, cutoff=0.5)), "")
    advice = f"did you mean `{nearest}`?" if nearest else "`mllint rule --all` lists them"
    return f"unknown rule `{selector}`; {advice}"
