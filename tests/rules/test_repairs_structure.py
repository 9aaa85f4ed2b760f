"""What is done about activations in a row, swapped arguments and misspelt names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mllint.facts import Identifier, Known, LossStructure, Output, Swap, TrainingSetup
from mllint.repairs import Repair, SetText, SwapArguments
from tests.rules.conftest import Judgement, place, stage
from tests.rules.test_labels import BCE, CCE, SCCE
from tests.rules.test_repairs_labels import became, found

UNSAFE, SUGGESTION, SAFE = "unsafe", "suggestion", "safe"


def earlier(activation: str) -> Any:
    return stage("activation", f"keras.activations.{activation}", "earlier", activation=activation)


@pytest.mark.parametrize(
    ("first", "pair", "expected"),
    [
        ("softmax", ("softmax", 10, SCCE, False, "integer"), [(UNSAFE, "softmax", 10, SCCE, False)]),
        ("sigmoid", ("sigmoid", 1, BCE, False, "binary"), [(UNSAFE, "sigmoid", 1, BCE, False)]),
        ("sigmoid", ("sigmoid", 1, BCE, True, "binary"), [(UNSAFE, "sigmoid", 1, BCE, False)]),
        ("softmax", ("sigmoid", 10, BCE, False, "multi-hot"), [(UNSAFE, "sigmoid", 10, BCE, False)]),
        ("softmax", ("sigmoid", 10, CCE, False, "one-hot"), [(UNSAFE, "softmax", 10, CCE, False)]),
        ("sigmoid", ("softmax", 10, CCE, False, "multi-hot"), [(UNSAFE, "sigmoid", 10, BCE, False)]),
        ("sigmoid", ("sigmoid", 10, CCE, False, "one-hot"), []),  # neither of the two is right
        ("sigmoid", ("sigmoid", 1, None, None, None), [(UNSAFE, "sigmoid", 1, None, None)]),
        ("softmax", ("sigmoid", 10, None, None, None), []),
    ],
)
def test_one_activation_of_two_stays(
    output: Callable[..., Output],
    setup_of: Callable[..., TrainingSetup],
    judgement: Callable[[TrainingSetup], Judgement],
    verdicts_after: Callable[..., list[str]],
    first: str,
    pair: tuple[Any, ...],
    expected: list[tuple[Any, ...]],
) -> None:
    setup = setup_of(output(*pair, before=[earlier(first)]))
    repairs = found(judgement(setup), "activation-applied-twice")
    assert [became(setup, repair)[:5] for repair in repairs] == expected
    for repair in repairs:
        assert verdicts_after(setup, repair) == []


@pytest.mark.parametrize(
    ("pair", "after"),
    [
        (("sigmoid", 1, BCE, False, "binary"), stage("arithmetic", "operator.mul", factor=5.0)),
        (("softmax", 10, SCCE, False, "integer"), stage("normalisation", "keras.layers.BatchNormalization")),
        (("softmax", 10, "kl_divergence", None, "distribution"), stage("arithmetic", "operator.mul", factor=-1.0)),
    ],
)
def test_what_scales_probabilities_is_only_suggested_to_go(
    output: Callable[..., Output],
    setup_of: Callable[..., TrainingSetup],
    judgement: Callable[[TrainingSetup], Judgement],
    verdicts_after: Callable[..., list[str]],
    pair: tuple[Any, ...],
    after: Any,
) -> None:
    setup = setup_of(output(*pair, after=[after], hides_activation=True))
    (repair,) = found(judgement(setup), "scaled-probabilities")
    assert repair.applicability == SUGGESTION and verdicts_after(setup, repair) == []


def test_scaling_stays_where_the_head_would_be_wrong_without_it(
    output: Callable[..., Output],
    setup_of: Callable[..., TrainingSetup],
    judgement: Callable[[TrainingSetup], Judgement],
) -> None:
    scaled = [stage("arithmetic", "operator.mul", factor=5.0)]
    setup = setup_of(output("softmax", 10, BCE, False, "multi-hot", after=scaled, hides_activation=True))
    assert found(judgement(setup), "scaled-probabilities") == ()


@pytest.mark.parametrize(("loss", "level"), [(BCE, SAFE), (SCCE, SAFE), ("kl_divergence", SUGGESTION)])
def test_swapped_arguments(
    output: Callable[..., Output],
    setup_of: Callable[..., TrainingSetup],
    judgement: Callable[[TrainingSetup], Judgement],
    loss: str,
    level: str,
) -> None:
    swap = Swap(loss, place("labels"), place("prediction"))
    setup = setup_of(output("softmax", 10, loss), swap=swap, via="loss-call")
    (repair,) = found(judgement(setup), "swapped-loss-arguments")
    assert (repair.applicability, repair.changes) == (level, (SwapArguments(swap),))


def corrections(kind: Any, text: str, framework: str | None, setup_of: Any, judgement: Any) -> list[tuple[str, str]]:
    setup = setup_of(identifiers=(Identifier(kind, text, place("string")),), framework=framework)
    repairs: tuple[Repair, ...] = found(judgement(setup), "unknown-identifier")
    changes = [(repair.applicability, change) for repair in repairs for change in repair.changes]
    return [(level, change.text) for level, change in changes if isinstance(change, SetText)]


@pytest.mark.parametrize(
    ("kind", "text", "framework", "expected"),
    [
        ("loss", "categorical_cross_entropy", None, [(SAFE, "categorical_crossentropy")]),
        ("loss", "binary_crossentrophy", "keras3", [(SAFE, "binary_crossentropy")]),
        ("loss", "bce_loss", None, []),  # nearest is huber_loss, which is not near
        ("loss", "cross_entropy", None, []),  # crossentropy is known to Keras 3 only
        ("loss", "cross_entropy", "keras3", [(SAFE, "crossentropy")]),
        ("loss", "logcosh", "keras3", [(SAFE, "log_cosh")]),
        ("activation", "Sigmoid", None, [(SAFE, "sigmoid")]),
        ("activation", "leakyrelu", "keras3", [(SAFE, "leaky_relu")]),
        ("activation", "LeakyReLU", "keras3", []),  # as a layer it has another slope
        ("metric", "acuracy", None, [(SAFE, "accuracy")]),
        ("metric", "precison", None, []),  # precision is known to Keras 3 only
        ("metric", "precison", "keras3", [(SAFE, "precision")]),
    ],
)
def test_a_name_is_corrected_where_one_is_clearly_nearest(
    setup_of: Callable[..., TrainingSetup],
    judgement: Callable[[TrainingSetup], Judgement],
    kind: str,
    text: str,
    framework: str | None,
    expected: list[tuple[str, str]],
) -> None:
    assert corrections(kind, text, framework, setup_of, judgement) == expected


@pytest.mark.parametrize(
    ("form", "size", "keys", "outputs", "rule"),
    [
        ("list", 2, (), ("one",), "loss-list-on-one-output"),
        ("list", 3, (), ("one", "two"), "losses-do-not-fit-outputs"),
        ("dict", 1, ("one",), ("one", "two"), "losses-do-not-fit-outputs"),
    ],
)
def test_which_loss_belongs_where_only_the_author_knows(
    setup_of: Callable[..., TrainingSetup],
    judgement: Callable[[TrainingSetup], Judgement],
    form: Any,
    size: int,
    keys: tuple[str, ...],
    outputs: tuple[str, ...],
    rule: str,
) -> None:
    structure = LossStructure(form, size, keys, Known(len(outputs)), Known(outputs), place("loss"))
    assert found(judgement(setup_of(structure=structure)), rule) == ()
