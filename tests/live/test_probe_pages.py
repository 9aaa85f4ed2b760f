"""The programs on the pages of the rules on measurements: run, and judged by the live lens with what it measured."""

from __future__ import annotations

import warnings
from typing import Any

import pytest

from mllint import registry
from mllint.rule_tests.programs import Program, programs_of

pytest.importorskip("tensorflow")
pytestmark = pytest.mark.tensorflow

NEEDS_TWO_DEVICES = "devices-disagree"
PROGRAMS = [program for rule in registry.rules() if rule.family == "probes" for program in programs_of(rule)]


def judged(program: dict[str, Any]) -> list[tuple[str, str]]:
    """Every finding on the program's model and batch, those that only --pedantic shows too."""
    from mllint.judging import judge
    from mllint.lens import Reading
    from mllint.live.batches import Batch
    from mllint.live.lens import LiveLens
    from mllint.live.running import run
    from mllint.live.study import study

    batch = Batch(program["x"], program["y"], "the page")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        setup = study(run(program["model"], batch.x), batch, "page", {}, seconds=60)
    lens = LiveLens(Reading((setup,)))
    report = judge("page", lens.read(), lens, registry.rules())
    assert report.errors == ()
    return [(finding.rule, finding.severity.label) for finding in report.findings]


@pytest.mark.parametrize("page", PROGRAMS, ids=lambda page: page.label)
def test_a_program_is_reported_as_marked(page: Program) -> None:
    import tensorflow as tf

    if page.rule == NEEDS_TWO_DEVICES and page.section == "Bad" and not tf.config.list_physical_devices("GPU"):
        pytest.skip("this machine has one device only")
    program: dict[str, Any] = {"__name__": "__main__"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(compile(page.text, "page.py", "exec"), program)
    marked = [(expected.rule, expected.severity) for expected in page.expected]
    lines = [page.text.splitlines()[expected.line - 1] for expected in page.expected]
    assert all("verify_model(model, x, y)" in line for line in lines)
    assert bool(marked) is (page.section == "Bad")
    assert judged(program) == marked
    shown = [(finding.rule, finding.severity.label) for finding in program["findings"]]
    assert shown == [one for one in marked if one[1] != "info"]
