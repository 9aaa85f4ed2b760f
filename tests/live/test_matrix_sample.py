"""A sample of the matrix of head, loss and labels: what is said of a model agrees with what became of training it."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("tensorflow")
pytestmark = pytest.mark.tensorflow

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "matrix.py"
SAMPLE = Path(__file__).with_name("matrix_sample.csv")

KNOWN = {"linear/2/categorical_hinge/-/multihot"}
"""Where the verdict is wrong: with two labels such a model decides as well as the right one, with ten far worse."""


def benchmark() -> Any:
    """benchmarks/matrix.py as a module; the folder is no package."""
    specification = importlib.util.spec_from_file_location("matrix_benchmark", SCRIPT)
    assert specification is not None and specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules[specification.name] = module
    specification.loader.exec_module(module)
    return module


MATRIX = benchmark()
CELLS = MATRIX.read_cells(SAMPLE)


def test_the_sample_holds_every_outcome() -> None:
    assert {cell.outcome for cell in CELLS} == {*MATRIX.HARMFUL, "good", "uncalibrated"}


@pytest.mark.parametrize("cell", [cell for cell in CELLS if cell.outcome != "uncalibrated"], ids=lambda cell: cell.key)
def test_a_verdict_agrees_with_training(cell: Any) -> None:
    found = MATRIX.verdicts(MATRIX.measure(cell))["with elicitation"]
    agrees = MATRIX.called_bad(found) is (cell.outcome in MATRIX.HARMFUL or cell.repeated is not None)
    assert agrees is (cell.key not in KNOWN), found
