"""The rules as a set: names, codes, summaries."""

from __future__ import annotations

import importlib
import re

import pytest

from mllint import registry

CODES = {
    "head-loss": "MLL1",
    "logits": "MLL2",
    "structure": "MLL3",
    "labels": "MLL4",
    "metrics": "MLL5",
    "decoding": "MLL6",
    "probes": "MLL7",
}
RULES = [rule for rule in registry.rules() if rule.family in CODES]


def test_every_family_has_rules() -> None:
    assert {rule.family for rule in RULES} == set(CODES)


def test_codes_are_unique_and_belong_to_their_family() -> None:
    codes = [rule.code for rule in registry.rules()]
    assert len(codes) == len(set(codes))
    for rule in RULES:
        assert re.fullmatch(CODES[rule.family] + r"\d\d", rule.code), rule.name


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_reads_well(rule: registry.RegisteredRule) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)+", rule.name)
    assert re.match(r"(a|an|the|several|dropout) ", rule.summary), rule.summary
    assert not rule.summary.endswith(".") and len(rule.summary) <= 120
    assert re.fullmatch(r"\d+\.\d+\.\d+", rule.rule.since)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_module_says_in_one_line_what_it_is_about(rule: registry.RegisteredRule) -> None:
    document = importlib.import_module(rule.module).__doc__ or ""
    assert document.endswith(".") and "\n" not in document


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_is_found_by_name_and_by_code(rule: registry.RegisteredRule) -> None:
    assert registry.find(rule.name) == registry.find(rule.code) == rule
