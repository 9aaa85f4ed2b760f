"""The rules that the packages hold, and what names them."""

from __future__ import annotations

import re
import sys
from importlib import import_module, invalidate_caches
from pathlib import Path

import pytest

import mllint.rules
from mllint import registry

RULE = (
    "from mllint.rules import Rule\nRULE = Rule(code={code!r}, summary='', since='0', judge=lambda setup: iter(()))\n"
)


@pytest.fixture
def more_rules(tmp_path, monkeypatch):
    """Adds rule modules to the family `extra`, for this test only."""

    def add(**codes: str) -> None:
        family = tmp_path / "extra"
        family.mkdir()
        (family / "__init__.py").touch()
        for module, code in codes.items():
            (family / f"{module}.py").write_text(RULE.format(code=code))
        monkeypatch.setattr(mllint.rules, "__path__", [*mllint.rules.__path__, str(tmp_path)])
        invalidate_caches()
        forget()

    def forget() -> None:
        registry.registry.cache_clear()
        registry.matching.cache_clear()
        registry.selected.cache_clear()

    yield add
    for name in [name for name in sys.modules if name.startswith("mllint.rules.extra")]:
        del sys.modules[name]
    forget()


def test_a_rule_needs_no_entry_in_any_list(more_rules):
    more_rules(some_new_rule="MLL977")
    rule = registry.find("some-new-rule")
    assert (rule.code, rule.family) == ("MLL977", "extra")
    assert registry.matching("extra") == {"some-new-rule"}


def test_two_rules_may_not_share_a_code(more_rules):
    more_rules(one="MLL977", two="MLL977")
    with pytest.raises(
        registry.BrokenRegistry, match=r"extra\.two and mllint\.rules\.extra\.one have the same code: MLL977"
    ):
        registry.rules()


def test_two_rules_may_not_share_a_name(more_rules):
    more_rules(one_unit_softmax="MLL977")
    with pytest.raises(registry.BrokenRegistry, match="have the same name: one-unit-softmax"):
        registry.rules()


@pytest.mark.parametrize("rule", registry.rules(), ids=lambda rule: rule.name)
def test_every_rule_has_a_name_a_code_a_summary_and_a_page(rule):
    assert re.fullmatch(r"[a-z]+(-[a-z]+)+", rule.name)
    assert re.fullmatch(r"MLL\d{3}", rule.code)
    assert rule.summary[0].islower() or rule.summary.split()[0].isupper()
    assert not rule.summary.endswith(".")
    assert rule.page().strip()


def test_the_hundreds_of_a_code_are_its_family():
    families = {}
    for rule in registry.rules():
        assert families.setdefault(rule.code[:4], rule.family) == rule.family
    assert len(set(families.values())) == len(families)


def test_every_page_in_a_family_belongs_to_a_rule():
    modules = {rule.module for rule in registry.rules()}
    packages = {module.rpartition(".")[0] for module in modules}
    for package in packages:
        for page in import_module(package).__path__:
            assert {f"{package}.{path.stem}" for path in Path(page).glob("*.md")} <= modules


@pytest.mark.parametrize(
    ("selector", "nearest"),
    [
        ("logit", "logits"),
        ("MLL10l", "MLL1"),
        ("one_unit_softmaxx", "one-unit-softmax"),
        ("One-Unit-Softmx", "one-unit-softmax"),
    ],
)
def test_an_unknown_selector_is_met_with_the_nearest_valid_one(selector, nearest):
    with pytest.raises(registry.UnknownSelector, match=f"unknown rule `{selector}`; did you mean `{nearest}"):
        registry.matching(selector)
