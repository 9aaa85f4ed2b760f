"""Labels against the loss and the head: what is reported, how badly, and what is right and stays silent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from mllint.facts import Fit, Known, Output, Place, Unknown

BCE, CCE, SCCE = "binary_crossentropy", "categorical_crossentropy", "sparse_categorical_crossentropy"
MSE, MAE = "mean_squared_error", "mean_absolute_error"


def labelled(output: Output, *, head_rank: int | None = None, **facts: Any) -> Output:
    """The output with these facts about its labels known."""
    labels = replace(output.labels, **{name: Known(value) for name, value in facts.items()})
    head = replace(output.head, rank=None if head_rank is None else Known(head_rank))
    return replace(output, labels=labels, head=head)


WRONG = [
    (("softmax", 10, CCE, False, "multi-hot"), {}, "softmax-with-multi-hot-labels", "error"),
    (("softmax", None, MSE, None, "multi-hot"), {}, "softmax-with-multi-hot-labels", "error"),
    (("softmax", 2, "kl_divergence", None, "multi-hot"), {}, "softmax-with-multi-hot-labels", "error"),
    (("linear", 10, CCE, True, "multi-hot"), {}, "softmax-with-multi-hot-labels", "error"),
    (("softmax", 10, BCE, False, "multi-hot"), {}, "softmax-with-binary-crossentropy", "error"),
    (("sigmoid", 10, CCE, False, "multi-hot"), {}, "sigmoid-with-categorical-crossentropy", "error"),
    (("softmax", 10, CCE, False, "integer"), {}, "integer-labels-with-categorical-crossentropy", "error"),
    (("softmax", 2, CCE, False, "binary"), {}, "integer-labels-with-categorical-crossentropy", "error"),
    (
        ("softmax", 10, "categorical_focal_crossentropy", False, "integer"),
        {"rank": 2, "last_axis": 1},
        "integer-labels-with-categorical-crossentropy",
        "error",
    ),
    (("softmax", 10, SCCE, False, "one-hot"), {}, "one-hot-labels-with-sparse-categorical-crossentropy", "error"),
    (("linear", 10, SCCE, True, "multi-hot"), {}, "one-hot-labels-with-sparse-categorical-crossentropy", "error"),
    (("softmax", 10, SCCE, False, "integer"), {"classes": 11}, "units-fewer-than-classes", "error"),
    (
        ("softmax", 10, SCCE, False, "integer"),
        {"classes": 10, "low": 1, "high": 10},
        "units-fewer-than-classes",
        "error",
    ),
    (("softmax", 3, CCE, False, "one-hot"), {"rank": 2, "last_axis": 5}, "units-fewer-than-classes", "error"),
    (("sigmoid", 1, BCE, False, "one-hot"), {}, "units-fewer-than-classes", "error"),
    (("sigmoid", 1, MSE, None, "one-hot"), {"last_axis": 2}, "units-fewer-than-classes", "error"),
    (("softmax", 10, SCCE, False, "integer"), {"classes": 2}, "units-more-than-classes", "info"),
    (("softmax", 10, CCE, False, "one-hot"), {"last_axis": 5}, "units-more-than-classes", "error"),
    (("sigmoid", 10, BCE, False, "multi-hot"), {"last_axis": 5}, "units-more-than-classes", "error"),
    (("sigmoid", 2, BCE, False, "binary"), {}, "label-columns-unlike-units", "error"),
    (("sigmoid", 10, BCE, False, "integer"), {"rank": 1}, "label-columns-unlike-units", "error"),
    (("linear", 10, "hinge", None, "integer"), {"rank": 2, "last_axis": 1}, "label-columns-unlike-units", "error"),
    (("linear", 10, MSE, None, "continuous"), {"rank": 2, "last_axis": 3}, "label-columns-unlike-units", "error"),
    (("linear", 10, MSE, None, "continuous"), {"rank": 1}, "label-columns-unlike-units", "error"),
    (("linear", 10, MSE, None, "continuous"), {"rank": 2, "last_axis": 1}, "label-columns-unlike-units", "info"),
    (
        ("linear", 1, MSE, None, "continuous"),
        {"rank": 2, "last_axis": 10, "head_rank": 2},
        "label-columns-unlike-units",
        "error",
    ),
    (("sigmoid", 1, BCE, False, "integer"), {"classes": 3}, "class-ids-on-one-unit", "error"),
    (("linear", 1, BCE, True, "integer"), {"high": 255}, "class-ids-on-one-unit", "error"),
    (("sigmoid", 1, BCE, False, "integer"), {"classes": 2, "low": 1, "high": 2}, "class-ids-on-one-unit", "error"),
    (("linear", 1, "hinge", None, "integer"), {"classes": 10}, "class-ids-on-one-unit", "error"),
    (("sigmoid", 784, BCE, False, "self"), {"high": 255.0}, "continuous-targets-with-crossentropy", "error"),
    (("sigmoid", 784, BCE, False, "image"), {"low": -1.0}, "continuous-targets-with-crossentropy", "error"),
    (("tanh", 784, MSE, None, "image"), {"low": 0.0, "high": 255.0}, "bounded-head-with-unbounded-targets", "error"),
    (("relu", 784, MSE, None, "self"), {"low": -1.0, "high": 1.0}, "negative-targets-on-relu", "warning"),
    (("sigmoid", 1, BCE, False, "signed"), {}, "signed-labels-with-crossentropy", "error"),
    (("softmax", 2, SCCE, False, "signed"), {}, "signed-labels-with-crossentropy", "error"),
    (("softmax", 10, CCE, False, "signed"), {}, "signed-labels-with-crossentropy", "error"),
    (("softmax", 10, SCCE, False, "integer"), {"divided_by": 255.0}, "scaled-class-ids", "error"),
    (("softmax", 10, SCCE, False, "continuous"), {"divided_by": 255.0}, "scaled-class-ids", "error"),
    (("softmax", 10, CCE, False, "integer"), {"divided_by": 255.0}, "scaled-class-ids", "error"),
    (("sigmoid", 1, BCE, False, "binary"), {"divided_by": 255.0, "classes": 2}, "scaled-class-ids", "error"),
    (("sigmoid", 1, BCE, False, "continuous"), {"high": 1000.0}, "continuous-targets-with-crossentropy", "error"),
    (("linear", 1, BCE, True, "continuous"), {"low": -0.5}, "continuous-targets-with-crossentropy", "error"),
    (("softmax", 10, SCCE, False, "continuous"), {}, "continuous-targets-with-crossentropy", "error"),
    (("sigmoid", 1, MSE, None, "continuous"), {"high": 50.0}, "bounded-head-with-unbounded-targets", "error"),
    (("tanh", 1, MAE, None, "continuous"), {"low": -5.0}, "bounded-head-with-unbounded-targets", "error"),
    (("softmax", 10, MSE, None, "continuous"), {"low": -1.0}, "bounded-head-with-unbounded-targets", "error"),
    (("sigmoid", 1, MSE, None, "integer"), {"high": 4}, "bounded-head-with-unbounded-targets", "error"),
    (("relu", 1, MSE, None, "continuous"), {"low": -1.0}, "negative-targets-on-relu", "warning"),
    (("softplus", 3, MAE, None, "continuous"), {"low": -1.0}, "negative-targets-on-relu", "warning"),
    (("sigmoid", 10, BCE, False, "one-hot"), {}, "one-hot-labels-on-independent-sigmoids", "info"),
    (("linear", 10, BCE, True, "one-hot"), {}, "one-hot-labels-on-independent-sigmoids", "info"),
    (("sigmoid", 1, BCE, False, "string"), {}, "string-labels", "error"),
    (("softmax", 3, SCCE, False, "string"), {}, "string-labels", "error"),
    (("linear", 1, MSE, None, "string"), {}, "string-labels", "error"),
]

RIGHT = [
    (("sigmoid", 10, BCE, False, "multi-hot"), {"last_axis": 10}),
    (("linear", 10, "hinge", None, "multi-hot"), {}),
    (("linear", 10, MSE, None, "multi-hot"), {}),
    (("softmax", 10, CCE, False, "one-hot"), {"last_axis": 10, "classes": 10}),
    (("softmax", 10, CCE, False, "distribution"), {}),
    (("softmax", 10, SCCE, False, "integer"), {"classes": 10, "low": 0, "high": 9}),
    (("linear", 2, SCCE, True, "binary"), {"classes": 2}),
    (("softmax", 5, SCCE, False, "integer"), {"classes": 5, "rank": 2, "last_axis": 7}),
    (("sigmoid", 1, BCE, False, "integer"), {"classes": 2}),
    (("sigmoid", 1, BCE, False, "binary"), {"rank": 1}),
    (("sigmoid", 1, BCE, False, "binary"), {"rank": 2, "last_axis": 1}),
    (("sigmoid", 1, BCE, False, "continuous"), {"low": 0.0, "high": 1.0}),
    (("sigmoid", 1, BCE, False, "continuous"), {}),
    (("sigmoid", 1, BCE, False, "integer"), {"divided_by": 4.0, "classes": 5, "high": 1.0}),
    (("linear", 1, MSE, None, "integer"), {"divided_by": 100.0}),
    (("linear", 1, "hinge", None, "signed"), {}),
    (("tanh", 1, MSE, None, "signed"), {}),
    (("linear", 1, "hinge", None, "binary"), {}),
    (("linear", 1, MSE, None, "continuous"), {"low": -5.0, "high": 5.0, "rank": 1}),
    (("linear", 1, MSE, None, "continuous"), {"rank": 2, "last_axis": 7}),
    (("linear", 3, MSE, None, "continuous"), {"rank": 2, "last_axis": 3}),
    (("sigmoid", 1, MSE, None, "continuous"), {"low": 0.0, "high": 1.0}),
    (("sigmoid", 1, MSE, None, "continuous"), {}),
    (("tanh", 784, MSE, None, "continuous"), {"low": -1.0, "high": 1.0}),
    (("tanh", 784, MSE, None, "image"), {"low": -1.0, "high": 1.0}),
    (("tanh", 784, MSE, None, "image"), {}),
    (("sigmoid", 784, BCE, False, "self"), {"low": 0.0, "high": 1.0}),
    (("sigmoid", 784, BCE, False, "self"), {}),
    (("relu", 784, MSE, None, "self"), {"low": 0.0, "high": 255.0}),
    (("linear", 784, MSE, None, "self"), {"low": 0.0, "high": 255.0}),
    (("relu", 1, MSE, None, "continuous"), {"low": 0.0, "high": 500.0}),
    (("leaky_relu", 1, MSE, None, "continuous"), {"low": -1.0}),
    (("sigmoid", 2, BCE, False, "one-hot"), {}),
    (("linear", 1, MSE, None, "integer"), {"high": 4}),
]


@pytest.mark.parametrize(("pair", "facts", "rule", "severity"), WRONG, ids=str)
def test_labels_that_do_not_fit_are_reported_once(
    pair: Any, facts: dict[str, Any], rule: str, severity: str, output: Any, setup_of: Any, verdicts: Any
) -> None:
    assert verdicts(setup_of(labelled(output(*pair), **facts))) == [(rule, severity)]


@pytest.mark.parametrize(("pair", "facts"), RIGHT, ids=str)
def test_labels_that_fit_are_silent(
    pair: Any, facts: dict[str, Any], output: Any, setup_of: Any, verdicts: Any
) -> None:
    assert verdicts(setup_of(labelled(output(*pair), **facts))) == []


@pytest.mark.parametrize(("pair", "facts"), [(pair, facts) for pair, facts, *_ in WRONG], ids=str)
def test_nothing_is_said_of_labels_out_of_sight(
    pair: Any, facts: dict[str, Any], output: Any, setup_of: Any, verdicts: Any
) -> None:
    unseen = labelled(output(*pair[:4]), **{name: value for name, value in facts.items() if name == "head_rank"})
    silent = {name for name, _ in verdicts(setup_of(unseen))}
    assert silent <= {"softmax-with-binary-crossentropy", "sigmoid-with-categorical-crossentropy"}


def test_every_finding_shows_labels_loss_and_head(output: Any, setup_of: Any, judgement: Any) -> None:
    for pair, facts, rule, _ in WRONG:
        ((name, problem),) = judgement(setup_of(labelled(output(*pair), **facts)))
        assert name == rule
        assert {"labels", "loss", "head"} == {mark.role for mark in problem.marks}, name
        assert ": " in problem.message and "None" not in problem.message
        assert problem.help and not any("None" in line for line in problem.help)


def test_what_keras_does_with_one_column_for_many_units(output: Any, setup_of: Any, judgement: Any) -> None:
    for loss, columns, said in (
        (BCE, 1, "Keras 2 does or"),
        (MSE, 1, "or Keras 3 raises"),
        (MSE, 3, "and Keras raises"),
    ):
        labels = labelled(output("linear", 10, loss, None), encoding="continuous", rank=2, last_axis=columns)
        problems = [problem for name, problem in judgement(setup_of(labels)) if name == "label-columns-unlike-units"]
        assert [said in problem.message for problem in problems] == [True]


def test_a_head_that_is_wrong_whatever_the_labels_hides_what_depends_on_it(
    output: Any, setup_of: Any, verdicts: Any
) -> None:
    setup = setup_of(labelled(output("softmax", 1, MSE, None, "continuous"), high=50.0))
    assert verdicts(setup) == [("one-unit-softmax", "error")]
    setup = setup_of(labelled(output("sigmoid", 1, CCE, False, "integer"), classes=3))
    assert verdicts(setup) == [("one-unit-head-with-categorical-loss", "error")]


def test_label_smoothing_of_class_numbers(output: Any, setup_of: Any, verdicts: Any) -> None:
    for loss, expected in ((SCCE, [("label-smoothing-with-sparse-crossentropy", "error")]), (CCE, [])):
        made = output("softmax", 10, loss)
        setup = setup_of(replace(made, loss=replace(made.loss, label_smoothing=Known(0.1))))
        assert verdicts(setup) == expected


PLACE = Place("train.py", "fit")


@pytest.mark.parametrize(
    ("pair", "facts", "keys", "expected"),
    [
        (("sigmoid", 3, BCE, False, "multi-hot"), {}, (0, 1, 2), [("class-weight-with-multi-hot-labels", "warning")]),
        (("softmax", 3, SCCE, False, "integer"), {"classes": 3}, (0, 1, 2), []),
        (("softmax", 3, SCCE, False, "integer"), {"classes": 3}, (1, 2), [("class-weight-missing-class", "warning")]),
        (("softmax", 3, SCCE, False, "integer"), {}, (1, 2), []),
        (
            ("softmax", 3, CCE, False, "one-hot"),
            {"last_axis": 3},
            ("a", "b"),
            [("class-weight-missing-class", "warning")],
        ),
        (("sigmoid", 1, BCE, False, "binary"), {}, (1,), [("class-weight-missing-class", "warning")]),
        (("sigmoid", 1, BCE, False, "binary"), {}, (False, True), []),
        (("linear", 1, "hinge", None, "signed"), {}, (-1, 1), []),
    ],
    ids=str,
)
def test_class_weights(
    pair: Any, facts: dict[str, Any], keys: Any, expected: Any, output: Any, setup_of: Any, verdicts: Any
) -> None:
    fit = Fit(PLACE, Known(False), (), Known(keys, PLACE))
    assert verdicts(setup_of(labelled(output(*pair), **facts), fits=(fit,))) == expected
    unknown = Fit(PLACE, Known(False), (), Unknown("not read"))
    assert verdicts(setup_of(labelled(output(*pair), **facts), fits=(unknown,))) == []
