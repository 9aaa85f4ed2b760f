"""The examples are what users see first."""

from __future__ import annotations

from pathlib import Path

import pytest

from mllint.engine import lint_source
from mllint.findings import Severity

EXAMPLES = Path(__file__).parents[2] / "examples"
CONVERSION = EXAMPLES / "softmax_to_logistic.py"
MISTAKE = "#incorrect_model.compile("


def errors(source: str) -> list[tuple[str, int]]:
    report = lint_source(source.encode(), "softmax_to_logistic.py")
    assert not report.errors
    judged = ("MLL1", "MLL2", "MLL3")
    return [
        (finding.rule, finding.primary.line)
        for finding in report.findings
        if finding.severity == Severity.ERROR and finding.code.startswith(judged)
    ]


def test_the_right_conversions_are_judged_and_right():
    source = CONVERSION.read_text(encoding="utf-8")
    assert errors(source) == []
    assert lint_source(source.encode(), "x.py").judged == 5


def test_the_mistake_that_is_commented_out_is_an_error_once_it_is_not():
    source = CONVERSION.read_text(encoding="utf-8")
    assert source.count(MISTAKE) == 1
    line = source[: source.index(MISTAKE)].count("\n") + 1
    uncommented = source.replace(MISTAKE, MISTAKE.removeprefix("#"))
    assert errors(uncommented) == [("sigmoid-with-categorical-crossentropy", line)]


@pytest.mark.parametrize("name", ["churn.py", "digits.py", "flowers.ipynb", "tags.py"])
def test_every_other_example_holds_one_error(name, mllint):
    run = mllint("--output-format", "concise", "--show-not-judged", str(EXAMPLES / name))
    assert run.exit_code == 1
    assert len(run.stdout.splitlines()) == 1
