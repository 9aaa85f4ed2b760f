"""What is done where the loss takes logits for probabilities, or the other way round."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from mllint.facts import Output, TrainingSetup
from mllint.repairs import RemoveStage, SetDtype
from tests.rules.conftest import Judgement, stage
from tests.rules.test_decoding import decoding
from tests.rules.test_labels import BCE, CCE, MSE, SCCE
from tests.rules.test_metrics import metric
from tests.rules.test_repairs_labels import became, found

UNSAFE, SUGGESTION, SAFE = "unsafe", "suggestion", "safe"
RESHAPE = stage("shape", "keras.layers.Reshape")

REPAIRS: list[tuple[str, tuple[Any, ...], dict[str, Any], list[tuple[Any, ...]]]] = [
    ("logits-without-from-logits", ("linear", 10, SCCE, False, "integer"), {},
     [(SAFE, "linear", 10, SCCE, True), (SUGGESTION, "softmax", 10, SCCE, False)]),
    # a threshold of 0.5 that is out of sight would have to move to 0
    ("logits-without-from-logits", ("linear", 1, BCE, False, None), {},
     [(UNSAFE, "linear", 1, BCE, True), (SUGGESTION, "sigmoid", 1, BCE, False)]),
    ("logits-without-from-logits", ("linear", None, BCE, False, None), {},
     [(UNSAFE, "linear", None, BCE, True), (SUGGESTION, "sigmoid", None, BCE, False)]),
    ("logits-without-from-logits", ("linear", 10, CCE, False, "multi-hot"), {},
     [(UNSAFE, "sigmoid", 10, BCE, False), (SUGGESTION, "linear", 10, BCE, True)]),
    # softplus as a logit would never say no; leaky scores were hardly meant as such
    ("logits-without-from-logits", ("softplus", 1, BCE, False, None), {},
     [(UNSAFE, "sigmoid", 1, BCE, False), (SUGGESTION, "linear", 1, BCE, True)]),
    ("logits-without-from-logits", ("leaky_relu", 10, SCCE, False, None), {},
     [(UNSAFE, "softmax", 10, SCCE, False), (SUGGESTION, "leaky_relu", 10, SCCE, True)]),
    ("activation-with-from-logits", ("softmax", 10, SCCE, True, "integer"), {},
     [(SAFE, "softmax", 10, SCCE, False), (SUGGESTION, "linear", 10, SCCE, True)]),
    ("activation-with-from-logits", ("sigmoid", None, BCE, True, None), {},
     [(SAFE, "sigmoid", None, BCE, False), (SUGGESTION, "linear", None, BCE, True)]),
    ("activation-with-from-logits", ("softmax", 10, SCCE, True, None), {"after": [RESHAPE]},
     [(UNSAFE, "softmax", 10, SCCE, False), (SUGGESTION, "linear", 10, SCCE, True)]),
    ("activation-with-from-logits", ("softmax", 10, SCCE, True, None), {"dtype": "float16"},
     [(UNSAFE, "linear", 10, SCCE, True)]),
    ("activation-with-from-logits", ("softmax", 10, CCE, True, "multi-hot"), {},
     [(UNSAFE, "sigmoid", 10, BCE, False), (SUGGESTION, "linear", 10, BCE, True)]),
    ("activation-with-logits-op", ("softmax", 10, CCE, True, "one-hot"), {"spelling": "op"},
     [(UNSAFE, "linear", 10, CCE, True)]),
    ("activation-with-logits-op", ("sigmoid", 1, BCE, True, None), {"spelling": "op"},
     [(UNSAFE, "linear", 1, BCE, True)]),
    ("relu-on-logits", ("relu", 10, SCCE, True, None), {}, [(UNSAFE, "linear", 10, SCCE, True)]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "pair", "facts", "expected"), REPAIRS, ids=lambda part: part if isinstance(part, str) else None
)
def test_head_and_loss_after_each_repair(
    output: Callable[..., Output],
    setup_of: Callable[..., TrainingSetup],
    judgement: Callable[[TrainingSetup], Judgement],
    verdicts_after: Callable[..., list[str]],
    rule: str,
    pair: tuple[Any, ...],
    facts: dict[str, Any],
    expected: list[tuple[Any, ...]],
) -> None:
    setup = setup_of(output(*pair, **facts))
    repairs = found(judgement(setup), rule)
    assert [became(setup, repair)[:5] for repair in repairs] == expected
    for repair in repairs:
        assert verdicts_after(setup, repair) == []


def test_thresholds_for_probabilities_say_that_probabilities_were_meant(
    output: Callable[..., Output],
    setup_of: Callable[..., TrainingSetup],
    judgement: Callable[[TrainingSetup], Judgement],
) -> None:
    one = output("linear", 1, BCE, False, "binary")
    for read in (
        replace(one, metrics=(metric("accuracy"),)),
        replace(one, metrics=(metric("precision"),)),
        replace(one, decodings=(decoding("threshold", threshold=0.5),)),
    ):
        setup = setup_of(read)
        repairs = found(judgement(setup), "logits-without-from-logits")
        assert [became(setup, repair)[:2] for repair in repairs] == [(UNSAFE, "sigmoid"), (SUGGESTION, "linear")]
    (argmax_is_no_threshold, _) = found(
        judgement(setup_of(replace(output("linear", 10, SCCE, False, None), metrics=(metric("accuracy"),)))),
        "logits-without-from-logits",
    )
    assert argmax_is_no_threshold.applicability == SAFE


def test_a_relu_before_the_softmax_is_left_out(
    output: Callable[..., Output],
    setup_of: Callable[..., TrainingSetup],
    judgement: Callable[[TrainingSetup], Judgement],
    verdicts_after: Callable[..., list[str]],
) -> None:
    relu = stage("activation", "keras.activations.relu", "relu", activation="relu")
    setup = setup_of(output("softmax", 10, SCCE, False, before=[relu]))
    (repair,) = found(judgement(setup), "relu-on-logits")
    assert (repair.title, repair.applicability) == ("leave the relu out", UNSAFE)
    assert repair.changes == (RemoveStage(setup.outputs[0].head, relu),)
    assert verdicts_after(setup, repair) == []


@pytest.mark.parametrize("where", ["before", "after"])
def test_dropout_on_the_head_is_only_suggested_to_go(
    output: Callable[..., Output],
    setup_of: Callable[..., TrainingSetup],
    judgement: Callable[[TrainingSetup], Judgement],
    verdicts_after: Callable[..., list[str]],
    where: str,
) -> None:
    dropout = stage("dropout", "keras.layers.Dropout")
    setup = setup_of(output("softmax", 10, SCCE, False, **{where: [dropout]}))
    (repair,) = found(judgement(setup), "dropout-on-logits")
    assert repair.applicability == SUGGESTION and verdicts_after(setup, repair) == []


@pytest.mark.parametrize(
    "pair", [("softmax", 10, SCCE, False, None), ("sigmoid", 1, BCE, False, None), ("linear", 1, MSE, None, None)]
)
def test_the_last_layer_in_float32(
    output: Callable[..., Output],
    setup_of: Callable[..., TrainingSetup],
    judgement: Callable[[TrainingSetup], Judgement],
    verdicts_after: Callable[..., list[str]],
    pair: tuple[Any, ...],
) -> None:
    setup = setup_of(output(*pair, dtype="float16"))
    (repair,) = found(judgement(setup), "half-precision-head")
    assert (repair.applicability, repair.changes) == (UNSAFE, (SetDtype(setup.outputs[0].head, "float32"),))
    assert verdicts_after(setup, repair) == []
