"""The programs on the pages run: what is called bad is no syntax error, and what is called good works."""

from __future__ import annotations

from typing import Any

import pytest

from mllint import registry
from mllint.rule_tests.programs import programs_of

pytest.importorskip("tensorflow")
pytestmark = pytest.mark.tensorflow


def programs() -> list[Any]:
    found = []
    for rule in registry.rules():
        if rule.family not in ("head-loss", "logits", "structure", "labels", "metrics", "decoding"):
            continue
        found += [pytest.param(program.text, id=program.label) for program in programs_of(rule)]
    return found


@pytest.mark.parametrize("text", programs())
@pytest.mark.filterwarnings("ignore")
def test_a_program_runs(text: str) -> None:
    raises = text.startswith("# raises")
    try:
        exec(compile(text, "page.py", "exec"), {"__name__": "__main__"})
    except Exception as error:
        # Under XLA and on a GPU a missing label does not raise, so "# raises" allows an error and does not demand one.
        if not raises:
            raise AssertionError(f"{type(error).__name__}: {error}") from error
    else:
        assert not raises or "GPU" in str(_devices()), "documented to raise, and did not"


def _devices() -> list[Any]:
    import tensorflow as tf

    return tf.config.list_physical_devices("GPU")
