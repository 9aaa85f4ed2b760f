"""Every rule has a page, every page has the same headings, and its programs show what the rule reports."""

from __future__ import annotations

import ast
import re

import pytest

from mllint import registry
from mllint.engine import lint_source
from mllint.rule_tests.programs import Expected, Program, programs_of
from mllint.settings import Settings

HEADINGS = [
    "What it does",
    "Why is this bad?",
    "Bad",
    "Good",
    "Fix safety",
    "When not to use it",
    "References",
]
FAMILIES = ("head-loss", "logits", "structure", "labels", "metrics", "decoding", "probes")
RULES = [rule for rule in registry.rules() if rule.family in FAMILIES]
MEASURED = [rule.name for rule in RULES if rule.family == "probes"]
"""Rules that need a running model: tests/live/test_probe_pages.py runs their programs."""


PROGRAMS = [program for rule in RULES for program in programs_of(rule)]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_headings(rule: registry.RegisteredRule) -> None:
    lines = rule.page().splitlines()
    assert lines[0] == f"# {rule.name} ({rule.code})"
    assert "TODO" not in rule.page()
    assert [line.removeprefix("## ") for line in lines if line.startswith("## ")] == HEADINGS


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_both_sides_are_shown(rule: registry.RegisteredRule) -> None:
    sections = {program.section for program in programs_of(rule)}
    assert sections == {"Bad", "Good"}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_links_lead_somewhere(rule: registry.RegisteredRule) -> None:
    pages = {f"../{other.family.replace('-', '_')}/{other.name.replace('-', '_')}.md" for other in registry.rules()}
    links = re.findall(r"\]\(([^)]*)\)", rule.page())
    assert links or "`keras/src" in rule.page()
    assert all(link.startswith("https://") or link in pages for link in links), links


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.label)
def test_a_program_is_complete(program: Program) -> None:
    tree = ast.parse(program.text)
    assert any(isinstance(node, ast.Import | ast.ImportFrom) for node in tree.body)
    assert bool(program.expected) is (program.section == "Bad")


@pytest.mark.parametrize(
    "program", [one for one in PROGRAMS if one.rule not in MEASURED], ids=lambda program: program.label
)
def test_a_program_is_reported_as_marked(program: Program) -> None:
    report = lint_source(program.text.encode(), "page.py", Settings(pedantic=True))
    assert report.errors == ()
    found = [Expected(finding.rule, finding.primary.line, finding.severity.label) for finding in report.findings]
    assert found == program.expected
