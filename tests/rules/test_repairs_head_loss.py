"""What is done about a head and a loss that do not belong together: the labels say which of the two is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from mllint.facts import Output, TrainingSetup
from tests.rules.conftest import Judgement
from tests.rules.test_decoding import decoding
from tests.rules.test_labels import BCE, CCE, MSE, SCCE, labelled
from tests.rules.test_metrics import metric
from tests.rules.test_repairs_labels import became, found

FOCAL_C, KLD = "categorical_focal_crossentropy", "kl_divergence"
UNSAFE, SUGGESTION, SAFE = "unsafe", "suggestion", "safe"

# activation, units, loss, from_logits, encoding → per repair: level, activation, units, loss, from_logits
REPAIRS: list[tuple[str, tuple[Any, ...], dict[str, Any], list[tuple[Any, ...]]]] = [
    ("sigmoid-with-categorical-crossentropy", ("sigmoid", 10, CCE, False, "multi-hot"), {},
     [(UNSAFE, "sigmoid", 10, BCE, False)]),
    ("sigmoid-with-categorical-crossentropy", ("sigmoid", 10, CCE, True, "one-hot"), {},
     [(UNSAFE, "softmax", 10, CCE, False)]),
    ("sigmoid-with-categorical-crossentropy", ("sigmoid", 10, CCE, False, "integer"), {},
     [(UNSAFE, "softmax", 10, SCCE, False)]),
    ("sigmoid-with-categorical-crossentropy", ("sigmoid", 10, CCE, False, None), {},
     [(SUGGESTION, "softmax", 10, CCE, False), (SUGGESTION, "sigmoid", 10, BCE, False)]),
    ("sigmoid-with-categorical-crossentropy", ("sigmoid", 10, FOCAL_C, False, "multi-hot"), {},
     [(UNSAFE, "sigmoid", 10, "binary_focal_crossentropy", False)]),
    ("sigmoid-with-categorical-crossentropy", ("sigmoid", 10, CCE, False, "continuous"), {}, []),
    ("sigmoid-with-sparse-categorical-crossentropy", ("sigmoid", 10, SCCE, False, "integer"), {},
     [(UNSAFE, "softmax", 10, SCCE, False)]),
    ("sigmoid-with-sparse-categorical-crossentropy", ("sigmoid", 10, SCCE, True, None), {},
     [(UNSAFE, "softmax", 10, SCCE, False)]),
    ("sigmoid-with-sparse-categorical-crossentropy", ("sigmoid", 10, SCCE, False, "multi-hot"), {},
     [(UNSAFE, "sigmoid", 10, BCE, False)]),
    ("softmax-with-binary-crossentropy", ("softmax", 10, BCE, False, "multi-hot"), {},
     [(UNSAFE, "sigmoid", 10, BCE, False)]),
    ("softmax-with-binary-crossentropy", ("softmax", 10, BCE, False, "one-hot"), {},
     [(UNSAFE, "softmax", 10, CCE, False)]),
    ("softmax-with-binary-crossentropy", ("softmax", 10, BCE, False, "integer"), {},
     [(UNSAFE, "softmax", 10, SCCE, False)]),
    ("softmax-with-binary-crossentropy", ("softmax", 10, BCE, False, None), {},
     [(SUGGESTION, "softmax", 10, CCE, False), (SUGGESTION, "sigmoid", 10, BCE, False)]),
    ("one-unit-softmax", ("softmax", 1, BCE, False, "binary"), {}, [(UNSAFE, "sigmoid", 1, BCE, False)]),
    ("one-unit-softmax", ("softmax", 1, BCE, False, None), {}, [(SUGGESTION, "sigmoid", 1, BCE, False)]),
    ("one-unit-softmax", ("softmax", 1, SCCE, False, "integer"), {"classes": 5},
     [(UNSAFE, "softmax", 5, SCCE, False)]),
    ("one-unit-softmax", ("softmax", 1, MSE, None, "continuous"), {}, [(UNSAFE, "linear", 1, MSE, None)]),
    ("one-unit-softmax", ("softmax", 1, MSE, None, None), {}, [(SUGGESTION, "linear", 1, MSE, None)]),
    ("one-unit-softmax", ("softmax", 1, MSE, None, "binary"), {}, [(UNSAFE, "sigmoid", 1, BCE, False)]),
    ("one-unit-head-with-categorical-loss", ("sigmoid", 1, CCE, False, "binary"), {},
     [(UNSAFE, "sigmoid", 1, BCE, False)]),
    ("one-unit-head-with-categorical-loss", ("linear", 1, SCCE, True, "binary"), {},
     [(UNSAFE, "linear", 1, BCE, True)]),
    ("one-unit-head-with-categorical-loss", ("sigmoid", 1, SCCE, False, "integer"), {"classes": 3},
     [(UNSAFE, "softmax", 3, SCCE, False)]),
    ("one-unit-head-with-categorical-loss", ("sigmoid", 1, CCE, False, None), {},
     [(SUGGESTION, "sigmoid", 1, BCE, False)]),
    ("relu-with-crossentropy", ("relu", 10, SCCE, False, "integer"), {},
     [(UNSAFE, "softmax", 10, SCCE, False), (SUGGESTION, "linear", 10, SCCE, True)]),
    ("relu-with-crossentropy", ("relu", 1, BCE, False, None), {},
     [(UNSAFE, "sigmoid", 1, BCE, False), (SUGGESTION, "linear", 1, BCE, True)]),
    ("relu-with-crossentropy", ("relu", 10, BCE, False, "one-hot"), {},
     [(UNSAFE, "softmax", 10, CCE, False), (SUGGESTION, "linear", 10, CCE, True)]),
    ("tanh-with-crossentropy", ("tanh", 1, BCE, True, "binary"), {},
     [(UNSAFE, "sigmoid", 1, BCE, False), (SUGGESTION, "linear", 1, BCE, True)]),
    ("tanh-with-crossentropy", ("tanh", 10, CCE, False, "multi-hot"), {},
     [(UNSAFE, "sigmoid", 10, BCE, False), (SUGGESTION, "linear", 10, BCE, True)]),
    ("log-softmax-with-crossentropy", ("log_softmax", 10, SCCE, False, "integer"), {},
     [(SAFE, "log_softmax", 10, SCCE, True), (SUGGESTION, "softmax", 10, SCCE, False)]),
    ("log-softmax-with-crossentropy", ("log_softmax", 10, CCE, False, None), {},
     [(SAFE, "log_softmax", 10, CCE, True), (SUGGESTION, "softmax", 10, CCE, False)]),
    ("log-softmax-with-crossentropy", ("log_softmax", 10, CCE, False, "multi-hot"), {},
     [(UNSAFE, "linear", 10, BCE, True), (SUGGESTION, "sigmoid", 10, BCE, False)]),
    ("log-softmax-with-crossentropy", ("log_softmax", 10, BCE, True, "multi-hot"), {},
     [(UNSAFE, "linear", 10, BCE, True)]),
    ("log-softmax-with-crossentropy", ("log_softmax", 10, BCE, True, None), {},
     [(SUGGESTION, "log_softmax", 10, CCE, True), (SUGGESTION, "linear", 10, BCE, True)]),
    ("unnormalised-head-with-kl-divergence", ("sigmoid", 5, KLD, None, "distribution"), {},
     [(UNSAFE, "softmax", 5, KLD, None)]),
    ("unnormalised-head-with-kl-divergence", ("linear", 5, KLD, None, "multi-hot"), {},
     [(UNSAFE, "sigmoid", 5, BCE, False)]),
    ("unnormalised-head-with-kl-divergence", ("linear", 5, KLD, None, None), {},
     [(SUGGESTION, "softmax", 5, KLD, None), (SUGGESTION, "sigmoid", 5, BCE, False)]),
    ("negative-head-with-poisson", ("linear", 1, "poisson", None, None), {},
     [(UNSAFE, "softplus", 1, "poisson", None), (SUGGESTION, "exponential", 1, "poisson", None)]),
    ("hinge-with-one-sided-head", ("relu", 10, "hinge", None, "one-hot"), {},
     [(SUGGESTION, "linear", 10, "hinge", None), (SUGGESTION, "softmax", 10, CCE, False)]),
    ("hinge-with-one-sided-head", ("relu", 10, "hinge", None, None), {}, []),
    ("regression-loss-on-class-labels", ("linear", 10, MSE, None, "integer"), {},
     [(UNSAFE, "softmax", 10, SCCE, False)]),
    ("regression-loss-on-class-labels", ("sigmoid", 10, "mean_absolute_error", None, "one-hot"), {},
     [(UNSAFE, "softmax", 10, CCE, False)]),
    ("regression-loss-on-class-labels", ("linear", 1, MSE, None, "binary"), {},
     [(UNSAFE, "sigmoid", 1, BCE, False)]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "pair", "facts", "expected"), REPAIRS, ids=lambda part: part if isinstance(part, str) else None
)
def test_head_and_loss_after_each_repair(
    output: Callable[..., Output],
    setup_of: Callable[..., TrainingSetup],
    judgement: Callable[[TrainingSetup], Judgement],
    rule: str,
    pair: tuple[Any, ...],
    facts: dict[str, Any],
    expected: list[tuple[Any, ...]],
) -> None:
    setup = setup_of(labelled(output(*pair), **facts))
    repairs = found(judgement(setup), rule)
    assert [became(setup, repair)[:5] for repair in repairs] == expected


def test_metrics_and_decodings_are_part_of_it(
    output: Callable[..., Output],
    setup_of: Callable[..., TrainingSetup],
    judgement: Callable[[TrainingSetup], Judgement],
    verdicts_after: Callable[..., list[str]],
) -> None:
    one = replace(
        output("softmax", 10, BCE, False, "multi-hot"),
        metrics=(metric("accuracy"), metric("f1_score")),
        decodings=(decoding("argmax", -1),),
    )
    setup = setup_of(one)
    (repair,) = found(judgement(setup), "softmax-with-binary-crossentropy")
    assert [type(change).__name__ for change in repair.changes] == [
        "SetActivation", "SetMetric", "SetMetric", "SetThreshold",
    ]  # fmt: skip
    assert repair.title == "train a sigmoid head with binary_crossentropy"
    assert verdicts_after(setup, repair) == []


def test_a_number_is_not_returned_where_an_accuracy_is_asked_for(
    output: Callable[..., Output],
    setup_of: Callable[..., TrainingSetup],
    judgement: Callable[[TrainingSetup], Judgement],
) -> None:
    one = replace(output("softmax", 1, MSE, None, "continuous"), metrics=(metric("accuracy"),))
    assert found(judgement(setup_of(one)), "one-unit-softmax") == ()
