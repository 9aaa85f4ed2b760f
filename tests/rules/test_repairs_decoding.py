"""What is done about decodings: a threshold where units answer yes or no, argmax where they compete."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from mllint.facts import Decoding, Output
from mllint.repairs import Repair, SetArgmax, SetItem, SetThreshold
from tests.rules.changed import changed
from tests.rules.test_decoding import BCE, CCE, LOGITS, SCCE, SIGMOID, SOFTMAX, WRONG, decoding
from tests.rules.test_metrics import metric

MSE = "mean_squared_error"
ARGMAX = decoding("argmax", -1)


def decoded(output: Output, *given: Decoding) -> Output:
    return replace(output, decodings=given)


def ways(found: tuple[Repair, ...]) -> list[tuple[str, object]]:
    """Level and threshold of each repair; "argmax" for one."""
    changes = [(repair.applicability, change) for repair in found for change in repair.changes]
    return [
        (level, one.threshold if isinstance(one, SetThreshold) else "argmax")
        for level, one in changes
        if isinstance(one, SetThreshold) or (isinstance(one, SetArgmax) and one.axis == -1)
    ]


@pytest.mark.parametrize(
    ("pair", "given", "expected"),
    [
        (("sigmoid", 1, BCE, False, "binary"), ARGMAX, [("safe", 0.5)]),
        (("linear", 1, BCE, True, "binary"), ARGMAX, [("safe", 0)]),
        (("tanh", 1, "hinge", None, "binary"), ARGMAX, [("safe", 0)]),
        (SIGMOID, ARGMAX, [("unsafe", 0.5)]),
        (("linear", 1, MSE, None, None), ARGMAX, []),
        (("sigmoid", 1, BCE, False, "integer"), ARGMAX, []),
        (("sigmoid", 10, BCE, False, "multi-hot"), ARGMAX, [("unsafe", 0.5)]),
        (("linear", 10, BCE, True, "multi-hot"), ARGMAX, [("unsafe", 0)]),
        (("sigmoid", 10, BCE, False, None), ARGMAX, [("suggestion", 0.5)]),
        (LOGITS, decoding("threshold", threshold=0.5), [("safe", 0)]),
        (LOGITS, decoding("round"), [("safe", 0)]),
        (LOGITS, decoding("threshold", threshold=0.3), [("unsafe", -0.847)]),
        (("linear", 10, SCCE, True, None), decoding("round"), [("suggestion", "argmax")]),
        (SOFTMAX, decoding("round"), [("suggestion", "argmax")]),
        (SOFTMAX, decoding("threshold", threshold=0.3), [("suggestion", "argmax")]),
        (SOFTMAX, decoding("predict_classes"), [("safe", "argmax")]),
        (("linear", 10, SCCE, True, None), decoding("predict_classes"), [("safe", "argmax")]),
        (SIGMOID, decoding("predict_classes"), [("safe", 0.5)]),
        (LOGITS, decoding("predict_classes"), [("safe", 0)]),
        (("softmax", None, CCE, False, None), decoding("predict_classes"), []),
        (("sigmoid", 10, BCE, False, "multi-hot"), decoding("predict_classes"), []),
        (("linear", 1, MSE, None, None), decoding("predict_classes"), []),
    ],
    ids=str,
)
def test_predictions_are_read_as_head_and_loss_mean_them(
    pair: Any, given: Decoding, expected: Any, output: Any, setup_of: Any, judgement: Any
) -> None:
    setup = setup_of(decoded(output(*pair), given))
    (found,) = [problem.repairs for _, problem in judgement(setup) if problem.primary.place == given.place]
    assert ways(found) == expected


@pytest.mark.parametrize(("pair", "given", "rule", "severity"), WRONG, ids=str)
def test_nothing_is_left_of_the_problem_after_a_repair(
    pair: Any, given: Decoding, rule: str, severity: str, output: Any, setup_of: Any, judgement: Any
) -> None:
    setup = setup_of(decoded(output(*pair), given))
    ((_, problem),) = judgement(setup)
    for repair in problem.repairs:
        assert judgement(changed(setup, repair.changes)) == []


@pytest.mark.parametrize(
    ("metrics", "expected"),
    [(("accuracy",), 1), (("auc", "binary_accuracy"), 2), (("auc",), None)],
    ids=str,
)
def test_the_first_accuracy_is_the_item_that_is_called_one(
    metrics: tuple[str, ...], expected: int | None, output: Any, setup_of: Any, judgement: Any
) -> None:
    given = decoding("evaluate", index=0)
    made = replace(output(*SIGMOID), metrics=tuple(metric(name) for name in metrics), decodings=(given,))
    ((_, problem),) = judgement(setup_of(made))
    changes = [(repair.applicability, repair.changes) for repair in problem.repairs]
    assert changes == ([("suggestion", (SetItem(given, expected),))] if expected is not None else [])
    for repair in problem.repairs:
        assert judgement(changed(setup_of(made), repair.changes)) == []
