"""The rules, mllint's own and those of plugins, and the rules that a selector means.

Importing the rules takes time, so nothing here happens before it is needed.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import cache

from mllint.registry.packages import RegisteredRule, clash, walk
from mllint.registry.plugins import installed, packages
from mllint.results import Diagnostic

__all__ = [
    "ALL", "BrokenRegistry", "RegisteredRule", "Registry", "UnknownSelector",
    "broken_plugins", "find", "is_beginning_of_codes", "matching", "registry", "rules", "selected",
]  # fmt: skip

ALL = "all"
_LETTERS = re.compile(r"\d")
"""Splits a code after the letters that it begins with."""


class UnknownSelector(ValueError):
    """A selector that means no rule; the message says which one was probably meant."""


class BrokenRegistry(RuntimeError):
    """Two rules share a name or a code."""


@dataclass(frozen=True, slots=True)
class Registry:
    """Every rule, and what is wrong with plugins."""

    rules: tuple[RegisteredRule, ...]
    broken_plugins: tuple[Diagnostic, ...]


@cache
def registry() -> Registry:
    """Raises BrokenRegistry where two rules of mllint's own share a name or a code."""
    own = sorted(walk("mllint.rules"), key=lambda rule: rule.code)
    same = clash(own)
    if same is not None:
        raise BrokenRegistry(same)
    others = installed(own)
    return Registry((*own, *others.rules), others.broken)


def rules() -> tuple[RegisteredRule, ...]:
    """Every rule: mllint's own by code, then those of each plugin."""
    return registry().rules


def broken_plugins() -> tuple[Diagnostic, ...]:
    """Why plugins that are installed were left out, one for each."""
    return registry().broken_plugins if packages() else ()


def is_beginning_of_codes(selector: str) -> bool:
    """Whether a selector is meant as a code or the beginning of codes, not as a name."""
    return _LETTERS.split(selector.upper())[0] in _prefixes()


@cache
def _prefixes() -> frozenset[str]:
    return frozenset(rule.prefix for rule in rules())


def find(name_or_code: str) -> RegisteredRule:
    """The one rule of this name or full code. Raises UnknownSelector."""
    wanted = name_or_code.lower().replace("_", "-")
    for rule in rules():
        if wanted in (rule.name, rule.code.lower()):
            return rule
    raise UnknownSelector(_unknown(name_or_code, [*_names(), *_codes()]))


def _means(selector: str, rule: RegisteredRule) -> bool:
    return rule.is_meant_by_beginning(selector) or selector.lower().replace("_", "-") in (rule.name, rule.family, ALL)


@cache
def matching(selector: str) -> frozenset[str]:
    """Names of the rules that a name, code, beginning of a code, family or "all" means. Raises UnknownSelector."""
    names = frozenset(rule.name for rule in rules() if _means(selector, rule))
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
    wanted = selector.lower().replace("_", "-")
    if wanted == ALL:
        return 0
    if any(wanted in (rule.name, rule.code.lower()) for rule in rules()):
        return 1000
    return 1 + len(selector) if is_beginning_of_codes(selector) else 1


def _names() -> list[str]:
    return [rule.name for rule in rules()]


def _codes() -> list[str]:
    return [rule.code for rule in rules()]


def _unknown(selector: str, valid: list[str]) -> str:
    if is_beginning_of_codes(selector):
        spelling = selector.upper()
        family = re.match(r"[A-Z]+\d?", spelling)
        valid = [code for code in valid if family is not None and code.startswith(family[0])]
    else:
        spelling = selector.lower().replace("_", "-")
    nearest = next(iter(difflib.get_close_matches(spelling, valid, n=1, cutoff=0.5)), "")
    advice = f"did you mean `{nearest}`?" if nearest else "`mllint rule --all` lists them"
    return f"unknown rule `{selector}`; {advice}"
