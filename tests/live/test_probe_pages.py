"""The programs on the pages of the rules on measurements: run, and judged by the live lens with what it measured."""

from __future__ import annotations

import re
import warnings
from typing import Any

import pytest

from mllint import registry

pytest.importorskip("tensorflow")
pytestmark = pytest.mark.tensorflow

NEEDS_TWO_DEVICES = "devices-disagree"
BLOCK = re.compile(r"^## ([^\n]*)$|^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def programs() -> list[Any]:
    found = []
    for rule in registry.rules():
        if rule.family == "probes":
            section = ""
            for number, (heading, text) in enumerate(BLOCK.findall(rule.page())):
                section = heading or section
                if text:
                    found.append(pytest.param(rule.name, section, text, id=f"{rule.name}-{section}-{number}"))
    return found


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


@pytest.mark.parametrize(("rule", "section", "text"), programs())
def test_a_program_is_reported_as_marked(rule: str, section: str, text: str) -> None:
    import tensorflow as tf

    if rule == NEEDS_TWO_DEVICES and section == "Bad" and not tf.config.list_physical_devices("GPU"):
        pytest.skip("this machine has one device only")
    program: dict[str, Any] = {"__name__": "__main__"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(compile(text, "page.py", "exec"), program)
    marked = re.findall(r"verify_model\(model, x, y\)  # (error|warning|info)$", text, re.MULTILINE)
    assert bool(marked) is (section == "Bad")
    assert judged(program) == [(rule, severity) for severity in marked]
    shown = [(finding.rule, finding.severity.label) for finding in program["findings"]]
    assert shown == [(rule, severity) for severity in marked if severity != "info"]
