"""After a repair of head or loss nothing of the setup is wrong that was right before, whatever reads it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from mllint import registry
from mllint.facts import Decoding, Known, Output, TrainingSetup
from mllint.findings import Severity
from tests.rules.changed import changed
from tests.rules.conftest import judge, make_output, make_setup
from tests.rules.test_decoding import decoding
from tests.rules.test_metrics import metric

FAMILIES = {"head-loss", "logits", "structure"}
OURS = {rule.name for rule in registry.rules() if rule.family in FAMILIES}
UNITS = (1, 2, 10, None)
ACTIVATIONS = ("linear", "relu", "tanh", "sigmoid", "softmax", "log_softmax", "softplus", "hard_sigmoid")
CROSSENTROPIES = (
    "binary_crossentropy", "categorical_crossentropy", "sparse_categorical_crossentropy", "binary_focal_crossentropy",
    "categorical_focal_crossentropy",
)  # fmt: skip
OTHERS = (
    "mean_squared_error", "mean_absolute_error", "kl_divergence", "hinge", "squared_hinge", "categorical_hinge",
    "poisson",
)  # fmt: skip
ENCODINGS = (None, "multi-hot", "one-hot", "integer", "binary", "distribution", "continuous", "signed")
METRICS = (
    "accuracy", "binary_accuracy", "categorical_accuracy", "sparse_categorical_accuracy", "precision", "auc",
    "f1_score", "top_k_categorical_accuracy", "binary_crossentropy", "mean_absolute_error", None,
)  # fmt: skip
DECODINGS: tuple[Decoding | None, ...] = (
    decoding("argmax", -1), decoding("threshold", threshold=0.5), decoding("round"), None,
)  # fmt: skip
EVERY = 7
"""Of all combinations one out of so many is tried; the numbers of the choices have no factor in common with it, so
that no choice is left out."""


def combinations() -> Iterator[Output]:
    losses = [(loss, on) for loss in CROSSENTROPIES for on in (False, True)] + [(loss, None) for loss in OTHERS]
    readers = [(name, None) for name in METRICS] + [("accuracy", one) for one in DECODINGS]
    every = product(ACTIVATIONS, UNITS, losses, ENCODINGS, readers)
    for number, (activation, units, (loss, on), encoding, (name, decoded)) in enumerate(every):
        if number % EVERY == 0:
            yield read(make_output(activation, units, loss, on, encoding), name, decoded)


def read(output: Output, name: str | None, decoded: Decoding | None) -> Output:
    """The output with its labels in full, a metric and a decoding."""
    encoding, units = output.labels.encoding, output.head.units
    facts: dict[str, Any] = {}
    if encoding == Known("integer", getattr(encoding, "place", None)):
        facts = {"classes": Known(10)}
    elif isinstance(encoding, Known) and encoding.value in {"one-hot", "multi-hot", "distribution"}:
        columns = units.value if isinstance(units, Known) and units.value > 1 else 10
        facts = {"rank": Known(2), "last_axis": Known(columns)}
    return replace(
        output,
        labels=replace(output.labels, **facts),
        metrics=(metric(name),) if name else (),
        decodings=(decoded,) if decoded else (),
    )


def reported(setup: TrainingSetup) -> Counter[str]:
    """The rules that say more than what is debatable."""
    return Counter(name for name, problem in judge(setup) if problem.severity >= Severity.WARNING)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_nothing_new_is_wrong_after_a_repair(activation: str) -> None:
    repaired: Counter[str] = Counter()
    for output in combinations():
        if output.head.activation != Known(activation, getattr(output.head.activation, "place", None)):
            continue
        setup = make_setup(output)
        before = reported(setup)
        for name, problem in judge(setup):
            for repair in problem.repairs if name in OURS else ():
                after = changed(setup, repair.changes)
                assert name not in {rule for rule, _ in judge(after)}, (repair.title, output)
                assert not reported(after) - before, (name, repair.title, output)
                repaired[name] += 1
    assert sum(repaired.values()) > 100, repaired
