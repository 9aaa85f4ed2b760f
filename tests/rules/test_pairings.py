"""Who is reported and how badly, pair by pair; and the pairs that are right, which nobody may report."""

from __future__ import annotations

from typing import Any

import pytest

BCE, CCE, SCCE = "binary_crossentropy", "categorical_crossentropy", "sparse_categorical_crossentropy"

RIGHT = [
    ("sigmoid", 1, BCE, False, None),
    ("sigmoid", 10, BCE, False, "multi-hot"),
    ("sigmoid", 2, BCE, False, "one-hot"),
    ("sigmoid", None, BCE, False, None),
    ("hard_sigmoid", 1, BCE, False, None),
    ("linear", 1, BCE, True, "binary"),
    ("softmax", 10, CCE, False, "one-hot"),
    ("softmax", 2, SCCE, False, "integer"),
    ("linear", 10, SCCE, True, "integer"),
    ("linear", 2, SCCE, True, "binary"),
    ("linear", 10, CCE, True, None),
    ("log_softmax", 10, CCE, True, "one-hot"),
    ("log_softmax", 10, SCCE, True, "integer"),
    ("exponential", 10, CCE, False, None),
    ("softplus", 10, SCCE, False, None),
    ("softmax", 10, "kl_divergence", None, "distribution"),
    ("softplus", 1, "poisson", None, None),
    ("exponential", 1, "poisson", None, None),
    ("relu", 1, "poisson", None, None),
    ("linear", 1, "hinge", None, "signed"),
    ("tanh", 1, "hinge", None, "signed"),
    ("sigmoid", 1, "hinge", None, "binary"),
    ("linear", 10, "categorical_hinge", None, "one-hot"),
    ("softmax", 10, "categorical_hinge", None, "one-hot"),
    ("linear", 1, "mean_squared_error", None, "continuous"),
    ("relu", 1, "mean_squared_error", None, "continuous"),
    ("sigmoid", 784, "mean_squared_error", None, "image"),
    ("sigmoid", 784, BCE, False, "self"),
    ("sigmoid", 1, "mean_squared_error", None, "binary"),
    ("sigmoid", 10, "mean_squared_error", None, "multi-hot"),
    ("tanh", 64, "mean_absolute_error", None, "image"),
    ("softmax", 10, "mean_squared_error", None, "distribution"),
    ("linear", 128, "cosine_similarity", None, None),
]

WRONG = [
    ("sigmoid", 10, CCE, False, None, "sigmoid-with-categorical-crossentropy", "error"),
    ("sigmoid", None, CCE, False, "multi-hot", "sigmoid-with-categorical-crossentropy", "error"),
    ("sigmoid", 10, CCE, True, None, "sigmoid-with-categorical-crossentropy", "error"),
    ("sigmoid", 2, CCE, False, "one-hot", "sigmoid-with-categorical-crossentropy", "warning"),
    ("sigmoid", 10, "categorical_focal_crossentropy", False, None, "sigmoid-with-categorical-crossentropy", "warning"),
    ("sigmoid", 10, SCCE, False, None, "sigmoid-with-sparse-categorical-crossentropy", "warning"),
    ("sigmoid", 2, SCCE, True, "integer", "sigmoid-with-sparse-categorical-crossentropy", "warning"),
    ("softmax", 10, BCE, False, None, "softmax-with-binary-crossentropy", "warning"),
    ("softmax", 10, BCE, False, "multi-hot", "softmax-with-binary-crossentropy", "error"),
    ("softmax", 2, BCE, False, "one-hot", "softmax-with-binary-crossentropy", "info"),
    ("softmax", None, BCE, False, None, "softmax-with-binary-crossentropy", "info"),
    ("softmax", 10, "binary_focal_crossentropy", False, None, "softmax-with-binary-crossentropy", "warning"),
    ("softmax", 1, BCE, False, None, "one-unit-softmax", "error"),
    ("softmax", 1, CCE, True, None, "one-unit-softmax", "error"),
    ("softmax", 1, "mean_squared_error", None, "continuous", "one-unit-softmax", "error"),
    ("log_softmax", 1, SCCE, True, None, "one-unit-softmax", "error"),
    ("sigmoid", 1, CCE, False, "binary", "one-unit-head-with-categorical-loss", "error"),
    ("linear", 1, SCCE, True, None, "one-unit-head-with-categorical-loss", "error"),
    ("relu", 1, "categorical_focal_crossentropy", False, None, "one-unit-head-with-categorical-loss", "error"),
    ("relu", 10, CCE, False, None, "relu-with-crossentropy", "error"),
    ("relu6", None, SCCE, False, None, "relu-with-crossentropy", "error"),
    ("relu", 1, BCE, False, None, "relu-with-crossentropy", "warning"),
    ("tanh", 10, CCE, False, None, "tanh-with-crossentropy", "error"),
    ("tanh", 1, BCE, False, "binary", "tanh-with-crossentropy", "warning"),
    ("tanh", 10, SCCE, True, None, "tanh-with-crossentropy", "warning"),
    ("softsign", 10, SCCE, False, None, "tanh-with-crossentropy", "error"),
    ("log_softmax", 10, CCE, False, None, "log-softmax-with-crossentropy", "error"),
    ("log_softmax", 10, SCCE, False, None, "log-softmax-with-crossentropy", "error"),
    ("log_softmax", 10, BCE, True, "multi-hot", "log-softmax-with-crossentropy", "error"),
    ("linear", 10, "kl_divergence", None, None, "unnormalised-head-with-kl-divergence", "error"),
    ("sigmoid", 10, "kl_divergence", None, "multi-hot", "unnormalised-head-with-kl-divergence", "error"),
    ("linear", 1, "poisson", None, None, "negative-head-with-poisson", "error"),
    ("tanh", 1, "poisson", None, None, "negative-head-with-poisson", "error"),
    ("relu", 10, "squared_hinge", None, None, "hinge-with-one-sided-head", "warning"),
    ("sigmoid", 10, "hinge", None, "one-hot", "hinge-with-one-sided-head", "warning"),
    ("softmax", 10, "mean_squared_error", None, "integer", "regression-loss-on-class-labels", "error"),
    ("sigmoid", 10, "mean_absolute_error", None, "one-hot", "regression-loss-on-class-labels", "warning"),
    ("softmax", 10, "mean_squared_error", None, "one-hot", "regression-loss-on-class-labels", "info"),
    ("linear", 1, "mean_squared_error", None, "binary", "regression-loss-on-class-labels", "info"),
    ("linear", 10, CCE, False, None, "logits-without-from-logits", "error"),
    ("linear", None, SCCE, False, "integer", "logits-without-from-logits", "error"),
    ("linear", 1, BCE, False, "binary", "logits-without-from-logits", "warning"),
    ("silu", 10, SCCE, False, None, "logits-without-from-logits", "error"),
    ("softplus", 1, BCE, False, None, "logits-without-from-logits", "warning"),
    ("softmax", 10, SCCE, True, None, "activation-with-from-logits", "warning"),
    ("sigmoid", 1, BCE, True, None, "activation-with-from-logits", "warning"),
    ("hard_sigmoid", 1, BCE, True, None, "activation-with-from-logits", "error"),
    ("relu", 10, SCCE, True, None, "relu-on-logits", "warning"),
]


@pytest.mark.parametrize("pair", RIGHT, ids=str)
def test_a_right_pairing_is_silent(pair: tuple[Any, ...], output: Any, setup_of: Any, verdicts: Any) -> None:
    assert verdicts(setup_of(output(*pair))) == []


@pytest.mark.parametrize(("pair", "rule", "severity"), [(row[:5], *row[5:]) for row in WRONG], ids=str)
def test_a_wrong_pairing_is_reported_once(
    pair: tuple[Any, ...], rule: str, severity: str, output: Any, setup_of: Any, verdicts: Any
) -> None:
    assert verdicts(setup_of(output(*pair))) == [(rule, severity)]


@pytest.mark.parametrize(
    ("head", "loss"),
    [("softmax", CCE), ("softmax", BCE), ("sigmoid", BCE), ("sigmoid", CCE), ("softmax", SCCE), ("sigmoid", SCCE)],
)
def test_a_logits_op_never_takes_the_logits_back(
    head: str, loss: str, output: Any, setup_of: Any, verdicts: Any
) -> None:
    setup = setup_of(output(head, 10, loss, True, spelling="op"), framework="keras2")
    assert verdicts(setup) == [("activation-with-logits-op", "error")]


def test_an_op_on_probabilities_is_a_loss_like_any_other(output: Any, setup_of: Any, verdicts: Any) -> None:
    assert verdicts(setup_of(output("sigmoid", 1, BCE, False, spelling="op"))) == []
    setup = setup_of(output("softmax", 10, BCE, False, spelling="op"))
    assert verdicts(setup) == [("softmax-with-binary-crossentropy", "warning")]


def test_each_output_is_judged_by_itself(output: Any, setup_of: Any, verdicts: Any) -> None:
    setup = setup_of(output("softmax", 10, CCE), output("sigmoid", 10, CCE), output("linear", 1, BCE))
    assert verdicts(setup) == [
        ("sigmoid-with-categorical-crossentropy", "error"),
        ("logits-without-from-logits", "warning"),
    ]


@pytest.mark.parametrize("facts", [{"axis": 1}, {"softmax_axis": 1}])
def test_classes_on_another_axis_are_not_judged(
    facts: dict[str, Any], output: Any, setup_of: Any, verdicts: Any
) -> None:
    for activation, units, loss in (("softmax", 1, CCE), ("sigmoid", 10, CCE), ("softmax", 10, BCE)):
        found = verdicts(setup_of(output(activation, units, loss, **facts)))
        assert found in ([], [("one-unit-softmax", "error")])
        assert not found or "axis" in facts


def test_a_model_without_loss_is_judged_for_its_head_alone(output: Any, setup_of: Any, verdicts: Any) -> None:
    assert verdicts(setup_of(output("sigmoid", 10, CCE, spelling="missing"))) == []
    assert verdicts(setup_of(output("softmax", 1, None))) == [("one-unit-softmax", "error")]
