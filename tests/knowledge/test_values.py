"""What losses and activations compute: ranges, distributions, logits."""

from __future__ import annotations

import math
from typing import Any

import pytest

from mllint.rules import knowledge
from mllint.rules.knowledge.rows import ActivationRow, LossSpelling

pytestmark = pytest.mark.tensorflow

np = pytest.importorskip("numpy")

TOLERANCE = 1e-3
ARGUMENTS: dict[str, dict[str, Any]] = {
    "threshold": {"threshold": -50.0, "default_value": -50.0},
    "keras.layers.PReLU": {"alpha_initializer": "ones"},
}
"""What an activation cannot be called without, or has to be called with to show its full range."""


def grid(tensorflow: Any) -> Any:
    """Rows of four values each; whatever an activation does across a row, its full range shows."""
    fine = np.linspace(-12, 12, 24_001)
    wide = np.linspace(-80, 80, 41)
    rows = np.stack(
        [np.concatenate([fine, wide])] + [np.concatenate([np.roll(fine, 7 * i), np.roll(wide, i)]) for i in (1, 2, 3)]
    )
    return tensorflow.constant(rows.T, dtype="float32")


def evaluate(row: ActivationRow, symbol: str, thing: Any, values: Any) -> Any:
    arguments = ARGUMENTS.get(symbol, ARGUMENTS.get(row.name, {}))
    if isinstance(thing, type):
        return thing(**arguments)(values)
    return thing(values, **arguments)


def symbols_of(row: ActivationRow, installed: Any) -> list[tuple[str, Any]]:
    found = [(symbol, installed.find(symbol)) for symbol in row.symbols]
    return [(symbol, thing) for symbol, thing in found if thing is not None]


@pytest.mark.parametrize("row", list(knowledge.activations()), ids=lambda row: row.name)
def test_activations_have_the_range_stated(row: ActivationRow, installed: Any) -> None:
    tensorflow = pytest.importorskip("tensorflow")
    values = grid(tensorflow)
    for symbol, thing in symbols_of(row, installed):
        result = np.asarray(evaluate(row, symbol, thing, values), dtype="float64")
        low, high = float(result.min()), float(result.max())
        if row.low is None:
            assert low < -10, symbol
        else:
            assert math.isclose(low, row.low, abs_tol=0.02), symbol
            assert low >= row.low - TOLERANCE, symbol
        if row.high is None:
            assert high > 10, symbol
        else:
            assert math.isclose(high, row.high, abs_tol=0.02), symbol
            assert high <= row.high + TOLERANCE, symbol


@pytest.mark.parametrize("row", list(knowledge.activations()), ids=lambda row: row.name)
def test_distributions_are_those_whose_rows_sum_to_one(row: ActivationRow, installed: Any) -> None:
    tensorflow = pytest.importorskip("tensorflow")
    for symbol, thing in symbols_of(row, installed):
        sums = np.asarray(evaluate(row, symbol, thing, grid(tensorflow)), dtype="float64").sum(axis=-1)
        assert bool(np.allclose(sums, 1, atol=TOLERANCE)) == row.distribution, symbol


@pytest.mark.parametrize("row", list(knowledge.activations()), ids=lambda row: row.name)
def test_logits_are_attached_by_the_symbols_stated(row: ActivationRow, installed: Any) -> None:
    tensorflow = pytest.importorskip("tensorflow")
    attaching = set()
    for symbol, thing in symbols_of(row, installed):
        if hasattr(evaluate(row, symbol, thing, tensorflow.constant([[1.0, 2.0, 3.0, 4.0]])), "_keras_logits"):
            attaching.add(symbol)
    assert attaching == {symbol for symbol, versions in row.attaches_logits.items() if installed.version in versions}


LABELS = {
    "binary": [[1.0, 0.0, 1.0], [0.0, 0.0, 1.0]],
    "categorical": [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]],
    "sparse": [0, 2],
}
EXTRA = {"pos_weight": 1.0}


def crossentropy_spellings() -> list[tuple[str, str, LossSpelling]]:
    return [
        (row.name, row.family, spelling)
        for row in knowledge.losses()
        if row.family in LABELS
        for spelling in row.spellings
        if spelling.from_logits is not None
    ]


@pytest.mark.parametrize(
    ("name", "family", "spelling"), crossentropy_spellings(), ids=lambda value: getattr(value, "symbol", None)
)
def test_spellings_of_a_crossentropy_agree(name: str, family: str, spelling: LossSpelling, installed: Any) -> None:
    """Called by the parameters of the table, a spelling gives what the Keras function gives with that from_logits."""
    tensorflow = pytest.importorskip("tensorflow")
    thing = installed.find(spelling.symbol)
    if thing is None:
        pytest.skip(f"no {spelling.symbol} in Keras {installed.version}")
    labels = tensorflow.constant(LABELS[family])
    scores = tensorflow.constant([[0.7, 0.1, 0.2], [0.3, 0.3, 0.4]])
    called = thing() if spelling.kind == "class" else thing
    extra = {key: value for key, value in EXTRA.items() if key in spelling.signature.parameters}
    result = called(**{spelling.labels_parameter: labels, spelling.predictions_parameter: scores}, **extra)
    expected = installed.find(f"keras.losses.{name}")(labels, scores, from_logits=spelling.from_logits)
    assert np.mean(result) == pytest.approx(np.mean(expected), rel=1e-4)
