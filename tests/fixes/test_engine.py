"""Fixing as the command and editors ask for it."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from mllint import registry
from mllint.engine import fix_files, fix_source, lint_file, lint_file_with_fixes, lint_source, lint_source_with_fixes
from mllint.files.discovery import SourceFile
from mllint.fixes.files import write
from mllint.fixes.plan import SAFE, UNSAFE, interactive
from mllint.settings import Settings
from tests.fixes.programs import OPEN_CASE, PREAMBLE, SAFE_CASE, UNSAFE_CASE


@pytest.fixture
def tree(tmp_path):
    """More files than one process works on; every third has nothing to fix, every fifth does not parse."""
    files = []
    for number in range(90):
        text = PREAMBLE + (UNSAFE_CASE, SAFE_CASE, "print('model.compile')\n")[number % 3] + "1 +" * (number % 5 == 4)
        path = tmp_path / f"f{number:02}.py"
        path.write_text(text, encoding="utf-8")
        files.append(SourceFile(str(path), Settings()))
    return files


def test_many_files_in_many_processes_as_in_one(tree):
    together = list(fix_files(tree, UNSAFE))
    assert together == [fix_source(Path(file.path).read_bytes(), file.path, Settings(), UNSAFE) for file in tree]
    assert [report.report.path for report in together] == [file.path for file in tree]
    assert sum(report.rewrite is not None for report in together) == 48


def test_what_only_libcst_cannot_parse_is_judged_and_not_fixed():
    """LibCST refuses to annotate a name in parentheses."""
    source = f"{PREAMBLE}{SAFE_CASE}\n(count): int = 1\n".encode()
    alone, with_fixes = lint_source(source, "a.py"), lint_source_with_fixes(source, "a.py")
    assert alone.findings and alone.findings == with_fixes.findings
    (error,) = fix_source(source, "a.py", Settings(), SAFE).report.errors
    assert error.message.startswith("cannot parse: ")


def test_nothing_is_written_before_it_is_asked_for(tree):
    before = [Path(file.path).read_bytes() for file in tree]
    reports = list(fix_files(tree, SAFE))
    assert [Path(file.path).read_bytes() for file in tree] == before
    for report in reports:
        assert report.rewrite is None or write(report.rewrite) is None
    again = list(fix_files(tree, SAFE))
    assert [report.report for report in again] == [report.report for report in reports]
    assert not any(report.rewrite for report in again)


def test_an_author_is_asked_about_one_file_after_the_other(tree):
    asked = []
    reports = fix_files(tree, interactive(lambda finding, offers: asked.append(finding.primary.path)))
    assert next(reports).report.path == tree[0].path
    assert asked == [tree[0].path]
    list(reports)
    assert asked == [file.path for number, file in enumerate(tree) if number % 3 < 2 and number % 5 < 4]


def test_a_file_that_cannot_be_read(tmp_path):
    [report] = fix_files([SourceFile(str(tmp_path / "gone.py"), Settings())], UNSAFE)
    assert [error.message for error in report.report.errors] == ["cannot read: No such file or directory"]


def test_findings_carry_their_fixes_where_asked_for():
    source = (PREAMBLE + OPEN_CASE + UNSAFE_CASE).encode()
    plain, full = lint_source(source, "a.py"), lint_source_with_fixes(source, "a.py")
    assert [len(finding.fixes) for finding in plain.findings] == [0, 0]
    assert [[fix.applicability for fix in finding.fixes] for finding in full.findings] == [
        ["suggestion", "suggestion"],
        ["unsafe"],
    ]
    promoted = lint_source_with_fixes(source, "a.py", Settings(extend_safe_fixes=("all",)))
    assert [[fix.applicability for fix in finding.fixes] for finding in promoted.findings] == [
        ["suggestion", "suggestion"],
        ["safe"],
    ]
    assert not any(one.fixes for one in lint_source_with_fixes(source, "a.py", Settings(unfixable=("all",))).findings)


def test_a_file_with_its_fixes(tmp_path):
    source = (PREAMBLE + OPEN_CASE + UNSAFE_CASE).encode()
    path = tmp_path / "a.py"
    path.write_bytes(source)
    file = SourceFile(str(path), Settings())
    assert [len(finding.fixes) for finding in lint_file_with_fixes(file).findings] == [2, 1]
    plain = tuple(replace(finding, fixes=()) for finding in lint_file_with_fixes(file).findings)
    assert lint_file(file).findings == plain


RULE = """
from mllint.rules import Rule

def judge(setup):
    {body}
    yield

RULE = Rule(code="MLL999", summary="misbehaves", since="0", judge=judge)
"""


@pytest.fixture
def misbehaving(tmp_path, monkeypatch):
    """Adds a rule with this body for the time of a test."""
    caches = (registry.registry, registry.matching, registry.selected)

    def forget() -> None:
        for cache in caches:
            cache.cache_clear()
        for name in [name for name in sys.modules if name.startswith("mllint.rules.extra")]:
            del sys.modules[name]

    def add(body: str) -> None:
        import mllint.rules

        package = tmp_path / "more" / "extra"
        package.mkdir(parents=True)
        (package / "__init__.py").touch()
        (package / "misbehaving_rule.py").write_text(RULE.format(body=body), encoding="utf-8")
        monkeypatch.setattr(mllint.rules, "__path__", [*mllint.rules.__path__, os.fspath(package.parent)])
        forget()

    yield add
    monkeypatch.undo()
    forget()


def test_a_rule_that_crashes_keeps_no_other_from_being_fixed(misbehaving):
    misbehaving("raise ValueError('no')")
    report = fix_source((PREAMBLE + UNSAFE_CASE).encode(), "a.py", Settings(), UNSAFE)
    assert len(report.applied) == 1
    assert report.rewrite is not None
    assert [error.message for error in report.report.errors] == [
        "rule `misbehaving-rule` crashed: ValueError: no; this is a bug in mllint, please report it"
    ]


def test_a_fix_after_which_a_rule_crashes_is_refused(misbehaving):
    misbehaving("if setup.outputs[0].head.activation.value == 'softmax': raise ValueError('no')")
    report = fix_source((PREAMBLE + UNSAFE_CASE).encode(), "a.py", Settings(), UNSAFE)
    assert report.rewrite is None
    assert [one.reason for one in report.refused] == ["a rule would crash; this is a bug in mllint, please report it"]
