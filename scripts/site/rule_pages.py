"""Pages of the site that follow from the rules: one for each rule and each family."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from links import RULES, page_of

import mllint
from mllint import registry
from mllint.registry import RegisteredRule

SEVERITIES: Final = ("error", "warning", "info")
LEVELS: Final = ("safe", "unsafe", "suggestion")
BLOCK: Final = re.compile(r"^## ([^\n]*)$|^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MARK: Final = re.compile(r"# (error|warning|info)$", re.MULTILINE)


@dataclass(frozen=True)
class Shown:
    """What the programs of a rule's page show of it, in the order of SEVERITIES and LEVELS."""

    severities: tuple[str, ...]
    fixes: tuple[str, ...]


@cache
def shown(name: str) -> Shown:
    """The bad programs of the page are judged; those that need a running model say in comments what comes of it."""
    rule = registry.find(name)
    severities: set[str] = set()
    levels: set[str] = set()
    for program in _bad_programs(rule):
        severities |= set(MARK.findall(program))
        for finding in () if "mllint.verify_model" in program else _findings(program):
            if finding.rule == rule.name:
                severities.add(finding.severity.label)
                levels |= {fix.applicability for fix in finding.fixes}
    return Shown(tuple(one for one in SEVERITIES if one in severities), tuple(one for one in LEVELS if one in levels))


def _bad_programs(rule: RegisteredRule) -> Iterator[str]:
    section = ""
    for heading, program in BLOCK.findall(rule.page()):
        section = heading or section
        if program and section == "Bad":
            yield program


def _findings(program: str) -> Sequence[mllint.Finding]:
    return mllint.lint_source_with_fixes(program, settings=mllint.settings_from({"pedantic": True})).findings


def families() -> list[str]:
    """In the order of the codes."""
    return list(dict.fromkeys(rule.family for rule in RULES))


def rules_of(family: str) -> list[RegisteredRule]:
    return [rule for rule in RULES if rule.family == family]


# ---------------------------------------------------------------- Markdown


def rule_page(rule: RegisteredRule) -> str:
    """The rule's own page, under its name what it is at a glance."""
    heading, _, rest = rule.page().partition("\n")
    assert heading == f"# {rule.name} ({rule.code})"
    facts = shown(rule.name)
    glance = [
        f'<span class="code">{rule.code}</span>',
        f'<a href="index.html">{rule.family}</a>',
        *(f'<span class="severity {one}">{one}</span>' for one in facts.severities),
        f"<span>{_fixes(facts)}</span>",
        f"<span>since {rule.rule.since}</span>",
    ]
    return "\n".join(
        [
            "---",
            f"title: {rule.name}",
            f'description: "{rule.code}: {rule.summary}."',
            "---",
            f"# {rule.name}",
            "",
            f'<p class="glance">{" ".join(glance)}</p>',
            "",
            f"*{rule.summary[:1].upper()}{rule.summary[1:]}.*",
            rest,
        ]
    )


def _fixes(facts: Shown) -> str:
    return f"fix: {', '.join(facts.fixes)}" if facts.fixes else "no fix"


def family_page(family: str) -> str:
    """The rules of a family, with what they are about."""
    rules = rules_of(family)
    about = importlib.import_module(rules[0].module.rpartition(".")[0]).__doc__ or ""
    return "\n".join(
        [
            "---",
            f"title: {family}",
            "---",
            f"# {family}",
            "",
            about.strip().partition("\n")[0],
            "",
            f"`--select {family}` runs these rules alone, `{rules[0].code[:4]}` means the same.",
            "",
            *table(rules),
        ]
    )


def table(rules: Sequence[RegisteredRule]) -> Iterator[str]:
    yield "| code | rule | severity | fix |"
    yield "|---|---|---|---|"
    for rule in rules:
        facts = shown(rule.name)
        severities = " ".join(f'<span class="severity {one}">{one}</span>' for one in facts.severities)
        name = f"[{rule.name}]({page_of(rule).rpartition('/')[2]})"
        yield f"| {rule.code} | {name}<br>{rule.summary} | {severities} | {', '.join(facts.fixes) or 'none'} |"
