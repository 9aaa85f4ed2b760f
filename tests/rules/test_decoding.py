"""What programs make of predictions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from mllint.facts import Decoding, Known, Metric, Place, Unknown

BCE, CCE, SCCE = "binary_crossentropy", "categorical_crossentropy", "sparse_categorical_crossentropy"
PLACE = Place("train.py", "decoding")
SIGMOID = ("sigmoid", 1, BCE, False, None)
LOGITS = ("linear", 1, BCE, True, None)
SOFTMAX = ("softmax", 10, SCCE, False, None)


def decoding(kind: Any, axis: int | None = None, threshold: float | None = None, index: int | None = None) -> Decoding:
    unknown = Unknown("not given")
    return Decoding(
        kind,
        unknown if axis is None else Known(axis),
        unknown if threshold is None else Known(threshold),
        PLACE,
        None if index is None else Known(index),
    )


WRONG = [
    (SIGMOID, decoding("argmax", -1), "argmax-of-one-unit", "error"),
    (SIGMOID, decoding("argmax", 1), "argmax-of-one-unit", "error"),
    (LOGITS, decoding("argmax", -1), "argmax-of-one-unit", "error"),
    (("sigmoid", 10, BCE, False, "multi-hot"), decoding("argmax", 1), "argmax-on-multi-label", "warning"),
    (("linear", 10, BCE, True, "multi-hot"), decoding("argmax", -1), "argmax-on-multi-label", "warning"),
    (("sigmoid", 10, BCE, False, None), decoding("argmax", -1), "argmax-on-multi-label", "info"),
    (LOGITS, decoding("threshold", threshold=0.5), "threshold-on-logits", "warning"),
    (LOGITS, decoding("round"), "threshold-on-logits", "warning"),
    (("linear", 10, SCCE, True, None), decoding("round"), "threshold-on-logits", "warning"),
    (SOFTMAX, decoding("round"), "threshold-on-softmax", "warning"),
    (SOFTMAX, decoding("threshold", threshold=0.5), "threshold-on-softmax", "warning"),
    (SOFTMAX, decoding("predict_classes"), "removed-predict-classes", "info"),
]

RIGHT = [
    (SIGMOID, decoding("threshold", threshold=0.5)),
    (SIGMOID, decoding("round")),
    (SIGMOID, decoding("argmax")),
    (SIGMOID, decoding("argmax", 0)),
    (("sigmoid", None, BCE, False, None), decoding("argmax", -1)),
    (("sigmoid", 10, BCE, False, "one-hot"), decoding("threshold", threshold=0.5)),
    (("sigmoid", 2, BCE, False, None), decoding("argmax", -1)),
    (SOFTMAX, decoding("argmax", -1)),
    (LOGITS, decoding("threshold", threshold=0.0)),
    (LOGITS, decoding("threshold")),
    (("linear", 1, "mean_squared_error", None, "continuous"), decoding("round")),
    (("softmax", 2, CCE, False, None), decoding("round")),
    (("softmax", 2, CCE, False, None), decoding("threshold", threshold=0.5)),
    (("sigmoid", 784, BCE, False, "self"), decoding("round")),
]


@pytest.mark.parametrize(("pair", "given", "rule", "severity"), WRONG, ids=str)
def test_a_decoding_that_loses_the_answer_is_reported_once(
    pair: Any, given: Decoding, rule: str, severity: str, output: Any, setup_of: Any, judgement: Any
) -> None:
    ((name, problem),) = judgement(setup_of(replace(output(*pair), decodings=(given,))))
    assert (name, problem.severity.label) == (rule, severity)
    assert problem.primary.place == PLACE and {"decoding", "head"} <= {mark.role for mark in problem.marks}
    assert ": " in problem.message and "None" not in problem.message and problem.help


@pytest.mark.parametrize(("pair", "given"), RIGHT, ids=str)
def test_a_decoding_that_fits_is_silent(pair: Any, given: Decoding, output: Any, setup_of: Any, verdicts: Any) -> None:
    names = {name for name, _ in verdicts(setup_of(replace(output(*pair), decodings=(given,))))}
    assert names <= {"one-hot-labels-on-independent-sigmoids"}


def test_time_steps_are_not_units(output: Any, setup_of: Any, verdicts: Any) -> None:
    made = replace(output(*SIGMOID), decodings=(decoding("argmax", 1),))
    assert verdicts(setup_of(replace(made, head=replace(made.head, rank=Known(3))))) == []


def test_predict_classes_is_gone_from_keras_3(output: Any, setup_of: Any, verdicts: Any) -> None:
    made = replace(output(*SOFTMAX), decodings=(decoding("predict_classes"),))
    assert verdicts(setup_of(made, framework="keras3")) == [("removed-predict-classes", "error")]


def test_evaluate_returns_the_loss_first(output: Any, setup_of: Any, verdicts: Any) -> None:
    accuracy = Metric(Known("accuracy"), Unknown("none"), Known(False), "string", Place("train.py", "metric"))
    made = replace(output(*SIGMOID), metrics=(accuracy,))
    first = replace(made, decodings=(decoding("evaluate", index=0),))
    assert verdicts(setup_of(first)) == [("loss-read-as-accuracy", "warning")]
    assert verdicts(setup_of(replace(made, decodings=(decoding("evaluate", index=1),)))) == []


def test_a_softmax_on_multi_hot_labels_is_one_fault(output: Any, setup_of: Any, verdicts: Any) -> None:
    made = output("softmax", 10, CCE, False, "multi-hot")
    for given in (decoding("argmax", -1), decoding("round")):
        found = verdicts(setup_of(replace(made, decodings=(given,))))
        assert found == [("softmax-with-multi-hot-labels", "error")]
