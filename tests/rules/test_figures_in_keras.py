"""A figure that follows its head from probabilities to logits is the same figure: Keras computes both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from mllint.facts import Known, Metric, Output, TrainingSetup
from mllint.rules import knowledge
from mllint.rules.repairing.pairings import Pairing, as_pairing
from mllint.rules.repairing.terms import Kind
from tests.rules.changed import changed
from tests.rules.test_labels import BCE, CCE, SCCE
from tests.rules.test_metrics import metric

keras = pytest.importorskip("keras")
pytestmark = pytest.mark.tensorflow

SAMPLES, UNITS = 400, 5
SCORES = np.random.default_rng(0).normal(0.3, 2, (SAMPLES, UNITS)).astype("float32")


def sigmoid(scores: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-scores))


def softmax(scores: np.ndarray) -> np.ndarray:
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def computed(one: Metric, labels: np.ndarray, predictions: np.ndarray) -> float:
    """What Keras says of this metric."""
    assert isinstance(one.name, Known)
    row = knowledge.metrics().get(one.name.value)
    assert row is not None
    symbol = next(spelling.symbol for spelling in row.spellings if spelling.kind == "class")
    given = {name: fact.value for name, fact in one.arguments if isinstance(fact, Known)}
    made = getattr(keras.metrics, symbol.rpartition(".")[2])(**given)
    made.update_state(labels, predictions)
    return float(made.result())


INDEPENDENT = [
    metric("binary_accuracy"), metric("binary_accuracy", threshold=0.3), metric("precision"), metric("recall"),
    metric("precision", class_id=2), metric("true_positives"), metric("false_negatives", thresholds=0.5),
    metric("binary_iou"), metric("auc"), metric("auc", multi_label=True), metric("binary_crossentropy"),
]  # fmt: skip
"""All that read units which answer for themselves, with and without arguments."""


def on_logits(setup: TrainingSetup, kind: Kind) -> Metric:
    (output,) = setup.outputs
    (after,) = changed(setup, as_pairing(setup, output, Pairing(kind, "logits"))).outputs
    (figure,) = after.metrics
    return figure


@pytest.mark.parametrize("figure", INDEPENDENT, ids=lambda one: f"{one.name.value}-{len(one.arguments)}")
def test_of_labels_that_do_not_exclude_each_other(
    output: Callable[..., Output], setup_of: Callable[..., TrainingSetup], figure: Metric
) -> None:
    labels = (np.random.default_rng(1).random(SCORES.shape) < sigmoid(SCORES)).astype("float32")
    setup = setup_of(replace(output("sigmoid", UNITS, BCE, False, "multi-hot"), metrics=(figure,)))
    follows = on_logits(setup, "multi-label")
    assert follows.arguments != figure.arguments
    before, after = computed(figure, labels, sigmoid(SCORES)), computed(follows, labels, SCORES)
    assert after == pytest.approx(before, abs=2e-3)
    assert computed(figure, labels, SCORES) != pytest.approx(before, abs=2e-3), "it need not have followed"


@pytest.mark.parametrize(
    ("loss", "name"),
    [
        (CCE, "categorical_crossentropy"),
        (SCCE, "sparse_categorical_crossentropy"),
        (CCE, "categorical_accuracy"),
        (SCCE, "sparse_categorical_accuracy"),
        (CCE, "top_k_categorical_accuracy"),
    ],
)
def test_of_classes_that_do(
    output: Callable[..., Output], setup_of: Callable[..., TrainingSetup], loss: str, name: str
) -> None:
    numbers = np.array([np.random.default_rng(2).choice(UNITS, p=row / row.sum()) for row in softmax(SCORES)])
    labels: Any = numbers if loss == SCCE else np.eye(UNITS, dtype="float32")[numbers]
    figure = metric(name, k=2) if name.startswith("top_k") else metric(name)
    setup = setup_of(replace(output("softmax", UNITS, loss, False, None), metrics=(figure,)))
    before = computed(figure, labels, softmax(SCORES))
    assert computed(on_logits(setup, "multi-class"), labels, SCORES) == pytest.approx(before, abs=1e-4)


def test_an_f_score_takes_no_threshold_for_logits() -> None:
    """Why a pairing with an F score stays on probabilities."""
    with pytest.raises(ValueError, match="threshold"):
        keras.metrics.F1Score(threshold=0.0)
    with pytest.raises(ValueError, match=r"\[0, 1\]"):
        keras.metrics.Precision(thresholds=-0.847)
