"""Text, file and live model of one cell of the matrix: the three lenses say the same, but for what is explained."""

from __future__ import annotations

import importlib.util
import itertools
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("tensorflow")
pytestmark = [pytest.mark.tensorflow, pytest.mark.filterwarnings("ignore")]

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "agreement.py"


def benchmark() -> Any:
    """benchmarks/agreement.py as a module; the folder is no package."""
    specification = importlib.util.spec_from_file_location("agreement_benchmark", SCRIPT)
    assert specification is not None and specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules[specification.name] = module
    specification.loader.exec_module(module)
    return module


AGREEMENT = benchmark()
MATRIX = AGREEMENT.matrix()
SAMPLE = Path(__file__).with_name("matrix_sample.csv")
HEADS = ("linear", "sigmoid", "softmax", "log_softmax", "tanh", "relu")


def spread() -> list[Any]:
    """Every kind of labels on every head, with losses and numbers of units in turn."""
    losses = sorted({(cell.loss, cell.from_logits) for cell in MATRIX.read_cells(SAMPLE)})
    pairs = itertools.product(AGREEMENT.LABELS, HEADS)
    turns = zip(pairs, itertools.cycle((1, 2, 10)), itertools.cycle(losses), strict=False)
    return [MATRIX.Cell(head, units, *loss, labels, outcome="") for (labels, head), units, loss in turns]


@pytest.mark.parametrize("cell", spread(), ids=lambda cell: cell.key)
def test_the_lenses_agree(cell: Any, tmp_path: Path) -> None:
    said = AGREEMENT.ask(cell, tmp_path)
    assert [one for one in said.differences if one.reason is None] == []


def test_a_difference_is_seen(tmp_path: Path) -> None:
    """Of labels without bounds in the text the batch shows some below 0, which the loss of a focal head cannot take."""
    (one,) = AGREEMENT.ask(MATRIX.Cell("sigmoid", 1, "binary_focal", "False", "floats", ""), tmp_path).differences
    assert (one.speaker, one.silent, one.rule) == ("live", "source", "continuous-targets-with-crossentropy")
