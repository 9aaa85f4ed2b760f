"""What is done about labels that do not fit: they decide what head and loss become, unless they are what is wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from mllint.facts import Fit, Known, TrainingSetup
from mllint.findings import Problem
from mllint.repairs import Repair
from tests.rules.changed import changed
from tests.rules.test_decoding import decoding
from tests.rules.test_labels import BCE, CCE, MAE, MSE, PLACE, SCCE, WRONG, labelled
from tests.rules.test_metrics import metric

FOCAL = "categorical_focal_crossentropy"


def became(setup: TrainingSetup, repair: Repair) -> tuple[str, Any, Any, Any, Any, Any]:
    """Level, activation, units, loss, whether it takes logits, and label encoding after a repair."""
    (after,) = changed(setup, repair.changes).outputs
    facts = (after.head.activation, after.head.units, after.loss.name, after.loss.from_logits, after.labels.encoding)
    return repair.applicability, *(fact.value if isinstance(fact, Known) else None for fact in facts)  # type: ignore[return-value]


def found(judgement: list[tuple[str, Problem]], rule: str) -> tuple[Repair, ...]:
    (repairs,) = [problem.repairs for name, problem in judgement if name == rule]
    return repairs


@pytest.mark.parametrize(
    ("pair", "facts", "expected"),
    [
        # softmax-with-multi-hot-labels
        (("softmax", 10, CCE, False, "multi-hot"), {}, [("unsafe", "sigmoid", 10, BCE, False, "multi-hot")]),
        (("softmax", 10, MSE, None, "multi-hot"), {}, [("unsafe", "sigmoid", 10, BCE, False, "multi-hot")]),
        (("linear", 10, CCE, True, "multi-hot"), {}, [("unsafe", "linear", 10, BCE, True, "multi-hot")]),
        # integer-labels-with-categorical-crossentropy
        (
            ("softmax", 10, CCE, False, "integer"),
            {},
            [
                ("safe", "softmax", 10, SCCE, False, "integer"),
                ("suggestion", "softmax", 10, CCE, False, "one-hot"),
            ],
        ),
        (
            ("linear", 10, CCE, True, "integer"),
            {},
            [("safe", "linear", 10, SCCE, True, "integer"), ("suggestion", "linear", 10, CCE, True, "one-hot")],
        ),
        (("softmax", 10, FOCAL, False, "integer"), {}, [("unsafe", "softmax", 10, FOCAL, False, "one-hot")]),
        (("softmax", 5, CCE, False, "integer"), {"classes": 10}, []),
        # one-hot-labels-with-sparse-categorical-crossentropy
        (("softmax", 10, SCCE, False, "one-hot"), {}, [("safe", "softmax", 10, CCE, False, "one-hot")]),
        (("softmax", 10, SCCE, False, "distribution"), {}, [("safe", "softmax", 10, CCE, False, "distribution")]),
        (("linear", 10, SCCE, True, "multi-hot"), {}, [("unsafe", "linear", 10, BCE, True, "multi-hot")]),
        # units-fewer-than-classes
        (
            ("softmax", 10, SCCE, False, "integer"),
            {"classes": 11},
            [("suggestion", "softmax", 11, SCCE, False, "integer")],
        ),
        (
            ("softmax", 2, SCCE, False, "integer"),
            {"classes": 10},
            [("unsafe", "softmax", 10, SCCE, False, "integer")],
        ),
        (
            ("softmax", 3, CCE, False, "one-hot"),
            {"rank": 2, "last_axis": 5},
            [("unsafe", "softmax", 5, CCE, False, "one-hot")],
        ),
        (
            ("sigmoid", 1, BCE, False, "one-hot"),
            {"rank": 2, "last_axis": 5},
            [("unsafe", "softmax", 5, CCE, False, "one-hot")],
        ),
        (
            ("sigmoid", 1, BCE, False, "one-hot"),
            {"rank": 2, "last_axis": 2},
            [("suggestion", "softmax", 2, CCE, False, "one-hot")],
        ),
        (
            ("sigmoid", 1, BCE, False, "multi-hot"),
            {"rank": 2, "last_axis": 5},
            [("unsafe", "sigmoid", 5, BCE, False, "multi-hot")],
        ),
        (("sigmoid", 1, BCE, False, "one-hot"), {}, []),
        # units-more-than-classes
        (
            ("softmax", 10, SCCE, False, "integer"),
            {"classes": 2},
            [("suggestion", "softmax", 2, SCCE, False, "integer")],
        ),
        (
            ("sigmoid", 10, BCE, False, "multi-hot"),
            {"last_axis": 5},
            [("unsafe", "sigmoid", 5, BCE, False, "multi-hot")],
        ),
        # label-columns-unlike-units
        (
            ("sigmoid", 2, BCE, False, "binary"),
            {},
            [
                ("suggestion", "sigmoid", 1, BCE, False, "binary"),
                ("suggestion", "softmax", 2, SCCE, False, "binary"),
            ],
        ),
        (
            ("sigmoid", 10, BCE, False, "integer"),
            {"rank": 1, "classes": 10},
            [("unsafe", "softmax", 10, SCCE, False, "integer")],
        ),
        (
            ("linear", 10, MSE, None, "continuous"),
            {"rank": 2, "last_axis": 3},
            [("unsafe", "linear", 3, MSE, None, "continuous")],
        ),
        (
            ("linear", 10, MSE, None, "continuous"),
            {"rank": 2, "last_axis": 1},
            [("suggestion", "linear", 1, MSE, None, "continuous")],
        ),
        # class-ids-on-one-unit
        (
            ("sigmoid", 1, BCE, False, "integer"),
            {"classes": 3},
            [("unsafe", "softmax", 3, SCCE, False, "integer")],
        ),
        (("linear", 1, BCE, True, "integer"), {"classes": 3}, [("unsafe", "linear", 3, SCCE, True, "integer")]),
        (("sigmoid", 1, BCE, False, "integer"), {"classes": 2, "low": 1, "high": 2}, []),
        # signed-labels-with-crossentropy
        (("sigmoid", 1, BCE, False, "signed"), {}, [("unsafe", "sigmoid", 1, BCE, False, "binary")]),
        (("softmax", 2, SCCE, False, "signed"), {}, [("unsafe", "softmax", 2, SCCE, False, "binary")]),
        (("softmax", 10, CCE, False, "signed"), {}, []),
        # scaled-class-ids
        (
            ("softmax", 10, SCCE, False, "integer"),
            {"divided_by": 255.0},
            [("unsafe", "softmax", 10, SCCE, False, "integer")],
        ),
        (("softmax", 10, CCE, False, "integer"), {"divided_by": 255.0}, []),
        # continuous-targets-with-crossentropy
        (
            ("sigmoid", 1, BCE, False, "continuous"),
            {"high": 1000.0, "rank": 1},
            [("suggestion", "linear", 1, "mean_squared_error", False, "continuous")],
        ),
        (
            ("softmax", 10, SCCE, False, "continuous"),
            {"rank": 1},
            [("suggestion", "linear", 1, "mean_squared_error", False, "continuous")],
        ),
        (("softmax", 10, SCCE, False, "continuous"), {}, []),
        # bounded-head-with-unbounded-targets, negative-targets-on-relu
        (
            ("sigmoid", 1, MSE, None, "continuous"),
            {"high": 50.0},
            [("unsafe", "linear", 1, MSE, None, "continuous")],
        ),
        (("relu", 1, MAE, None, "continuous"), {"low": -1.0}, [("unsafe", "linear", 1, MAE, None, "continuous")]),
        (("sigmoid", 1, "poisson", None, "continuous"), {"high": 50.0}, []),
        (("sigmoid", 1, "mean_squared_logarithmic_error", None, "continuous"), {"high": 50.0}, []),
        # one-hot-labels-on-independent-sigmoids
        (("sigmoid", 10, BCE, False, "one-hot"), {}, [("unsafe", "softmax", 10, CCE, False, "one-hot")]),
        (("linear", 10, BCE, True, "one-hot"), {}, [("unsafe", "linear", 10, CCE, True, "one-hot")]),
        # string-labels
        (("softmax", 3, SCCE, False, "string"), {}, []),
    ],
    ids=str,
)
def test_the_labels_decide(
    pair: Any, facts: dict[str, Any], expected: Any, output: Any, setup_of: Any, judgement: Any
) -> None:
    setup = setup_of(labelled(output(*pair), **facts))
    ((_, problem),) = judgement(setup)
    assert [became(setup, repair) for repair in problem.repairs] == expected


@pytest.mark.parametrize(("pair", "facts", "rule", "severity"), WRONG, ids=str)
def test_nothing_is_left_of_the_problem_after_a_repair(
    pair: Any, facts: dict[str, Any], rule: str, severity: str, output: Any, setup_of: Any, judgement: Any
) -> None:
    setup = setup_of(labelled(output(*pair), **facts))
    for repair in found(judgement(setup), rule):
        assert judgement(changed(setup, repair.changes)) == [], repair


def test_metrics_and_decodings_follow_the_labels(output: Any, setup_of: Any, judgement: Any) -> None:
    made = labelled(output("softmax", 10, CCE, False, "multi-hot"))
    made = replace(made, metrics=(metric("accuracy"), metric("auc")), decodings=(decoding("argmax", -1),))
    setup = setup_of(made)
    (repair,) = found(judgement(setup), "softmax-with-multi-hot-labels")
    after = changed(setup, repair.changes)
    assert judgement(after) == []
    assert [one.name for one in after.outputs[0].metrics] == [Known("binary_accuracy"), Known("auc")]
    assert after.outputs[0].decodings[0].kind == "threshold"


def test_a_metric_that_wants_columns_becomes_one_for_class_numbers(output: Any, setup_of: Any, judgement: Any) -> None:
    made = labelled(output("softmax", 10, CCE, False, "integer"))
    setup = setup_of(replace(made, metrics=(metric("categorical_accuracy"),)))
    (sparse, _) = found(judgement(setup), "integer-labels-with-categorical-crossentropy")
    after = changed(setup, sparse.changes)
    assert judgement(after) == []
    assert [one.name for one in after.outputs[0].metrics] == [Known("sparse_categorical_accuracy")]


def test_smoothing_is_not_given_up_by_itself(output: Any, setup_of: Any, judgement: Any) -> None:
    made = labelled(output("softmax", 10, CCE, False, "integer"))
    setup = setup_of(replace(made, loss=replace(made.loss, label_smoothing=Known(0.1))))
    ways = found(judgement(setup), "integer-labels-with-categorical-crossentropy")
    assert [became(setup, one) for one in ways] == [
        ("unsafe", "softmax", 10, CCE, False, "one-hot"),
        ("suggestion", "softmax", 10, SCCE, False, "integer"),
    ]


@pytest.mark.parametrize("encoding", [None, "integer"])
def test_smoothing_of_class_numbers_goes_or_the_labels_become_columns(
    encoding: str | None, output: Any, setup_of: Any, judgement: Any
) -> None:
    made = labelled(output("softmax", 10, SCCE, False, encoding))
    setup = setup_of(replace(made, loss=replace(made.loss, label_smoothing=Known(0.1))))
    ways = found(judgement(setup), "label-smoothing-with-sparse-crossentropy")
    without = ("suggestion", "softmax", 10, SCCE, False, encoding)
    columns = ("suggestion", "softmax", 10, CCE, False, "one-hot")
    assert [became(setup, one) for one in ways] == ([columns, without] if encoding else [without])
    for repair in ways:
        assert judgement(changed(setup, repair.changes)) == []


def test_numbers_are_predicted_with_an_error_in_the_place_of_an_accuracy(
    output: Any, setup_of: Any, judgement: Any
) -> None:
    made = labelled(output("sigmoid", 1, BCE, False, "continuous"), high=50.0, rank=1)
    setup = setup_of(replace(made, metrics=(metric("accuracy"),)))
    (repair,) = found(judgement(setup), "continuous-targets-with-crossentropy")
    after = changed(setup, repair.changes)
    assert judgement(after) == []
    assert [one.name for one in after.outputs[0].metrics] == [Known("mean_absolute_error")]
    other = setup_of(replace(made, metrics=(metric("precision"),)))
    assert found(judgement(other), "continuous-targets-with-crossentropy") == ()


@pytest.mark.parametrize(
    ("pair", "keys", "rule"),
    [
        (("sigmoid", 3, BCE, False, "multi-hot"), (0, 1, 2), "class-weight-with-multi-hot-labels"),
        (("sigmoid", 1, BCE, False, "binary"), (1,), "class-weight-missing-class"),
    ],
    ids=str,
)
def test_no_weight_is_invented(pair: Any, keys: Any, rule: str, output: Any, setup_of: Any, judgement: Any) -> None:
    fit = Fit(PLACE, Known(False), (), Known(keys, PLACE))
    assert found(judgement(setup_of(labelled(output(*pair)), fits=(fit,))), rule) == ()
