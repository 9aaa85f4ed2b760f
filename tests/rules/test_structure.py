"""Heads that squash twice, losses that do not fit the outputs, names Keras does not know, swapped arguments."""

from __future__ import annotations

from typing import Any

import pytest

from mllint.facts import Identifier, Known, LossStructure, Place, Swap, Unknown

PLACE = Place("train.py", "here")
BCE, CCE = "binary_crossentropy", "categorical_crossentropy"


@pytest.mark.parametrize("first", ["softmax", "sigmoid"])
@pytest.mark.parametrize("second", ["softmax", "sigmoid"])
@pytest.mark.parametrize("loss", [BCE, CCE])
def test_an_activation_applied_twice(
    first: str, second: str, loss: str, output: Any, setup_of: Any, stage_of: Any, judgement: Any
) -> None:
    before = stage_of("activation", "keras.layers.Dense", activation=first)
    for between in ([], [stage_of("shape", "keras.layers.Reshape")], [stage_of("identity", "keras.layers.Activation")]):
        for from_logits in (False, True):
            made = output(second, 10, loss, from_logits, before=[before, *between])
            ((name, problem),) = judgement(setup_of(made))
            assert (name, problem.severity.label) == ("activation-applied-twice", "error")
            assert [mark.place.anchor for mark in problem.marks] == ["activation", "keras.layers.Dense"]


def test_an_activation_may_follow_another_computation(output: Any, setup_of: Any, stage_of: Any, verdicts: Any) -> None:
    before = stage_of("activation", "keras.layers.Dense", activation="sigmoid")
    for role in ("arithmetic", "pool", "normalisation", "opaque"):
        made = output("softmax", 10, CCE, before=[before, stage_of(role, "operator.mul")])
        assert verdicts(setup_of(made)) == []


def test_log_softmax_twice_is_log_softmax_once(output: Any, setup_of: Any, stage_of: Any, verdicts: Any) -> None:
    before = stage_of("activation", "tf.nn.log_softmax", activation="log_softmax")
    assert verdicts(setup_of(output("log_softmax", 10, CCE, True, before=[before]))) == []


@pytest.mark.parametrize(
    ("factor", "loss", "expected"),
    [
        (5.0, BCE, "warning"),
        (5.0, CCE, None),
        (-1.0, BCE, "error"),
        (-1.0, CCE, "error"),
        (0.5, BCE, None),
        (1.0, BCE, None),
        (5.0, "mean_squared_error", None),
        (None, BCE, None),
    ],
)
def test_scaled_probabilities(
    factor: float | None, loss: str, expected: str | None, output: Any, setup_of: Any, stage_of: Any, verdicts: Any
) -> None:
    facts = {} if factor is None else {"factor": factor}
    made = output("sigmoid", 10, loss, after=[stage_of("arithmetic", "operator.mul", **facts)], hides_activation=True)
    assert verdicts(setup_of(made)) == ([("scaled-probabilities", expected)] if expected else [])


def test_normalised_probabilities(output: Any, setup_of: Any, stage_of: Any, verdicts: Any) -> None:
    made = output(
        "softmax", 10, CCE, after=[stage_of("normalisation", "keras.layers.BatchNormalization")], hides_activation=True
    )
    assert verdicts(setup_of(made)) == [("scaled-probabilities", "error")]


@pytest.mark.parametrize(
    ("kind", "text", "framework", "expected"),
    [
        ("loss", "categorical_cross_entropy", None, "error"),
        ("loss", "sparse_categorical_entropy", None, "error"),
        ("activation", "Relu", None, "error"),
        ("activation", "soft_max", None, "error"),
        ("metric", "acuracy", None, "error"),
        ("loss", "categorical_crossentropy", "keras3", None),
        ("loss", "MSE", "keras2", None),
        ("loss", "log_cosh", "keras3", None),
        ("loss", "logcosh", "keras3", "warning"),
        ("loss", "logcosh", None, None),
        ("loss", "logcosh", "keras2", None),
        ("loss", "crossentropy", None, None),
        ("metric", "ACC", None, None),
        ("metric", "Accuracy", None, None),
        ("metric", "mse", "keras3", None),
        ("metric", "mean_absolute_error", "keras2", None),
        ("metric", "AUC", "keras2", None),
        ("activation", "LeakyReLU", "keras2", None),
        ("activation", "LeakyReLU", "keras3", "warning"),
        ("activation", "swish", "keras3", None),
        ("activation", "our_own_activation", None, None),
        ("loss", "focal_tversky_dice", None, None),
    ],
)
def test_identifiers(
    kind: Any, text: str, framework: str | None, expected: str | None, setup_of: Any, verdicts: Any
) -> None:
    setup = setup_of(identifiers=(Identifier(kind, text, PLACE),), framework=framework)
    assert verdicts(setup) == ([("unknown-identifier", expected)] if expected else [])


def test_the_nearest_identifier_is_named(setup_of: Any, judgement: Any) -> None:
    ((_, problem),) = judgement(setup_of(identifiers=(Identifier("loss", "categorical_cross_entropy", PLACE),)))
    assert "'categorical_crossentropy'" in problem.help[0]


def structure(
    form: Any, size: int, outputs: int | None, keys: tuple[str, ...] = (), names: tuple[str, ...] | None = None
) -> LossStructure:
    count = Unknown("not seen") if outputs is None else Known(outputs)
    return LossStructure(form, size, keys, count, Unknown("not seen") if names is None else Known(names), PLACE)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (structure("list", 2, 1), [("loss-list-on-one-output", "error")]),
        (structure("list", 1, 1), []),
        (structure("list", 2, None), []),
        (structure("list", 2, 2), []),
        (structure("list", 2, 3), [("losses-do-not-fit-outputs", "error")]),
        (structure("single", 1, 3), []),
        (structure("dict", 2, 2, ("a", "b"), ("a", "b")), []),
        (structure("dict", 2, 2, ("a", "c"), ("a", "b")), [("losses-do-not-fit-outputs", "error")]),
        (structure("dict", 1, 2, ("a",), ("a", "b")), [("losses-do-not-fit-outputs", "warning")]),
        (structure("dict", 1, 2, ("a",)), []),
    ],
    ids=str,
)
def test_losses_and_outputs(given: LossStructure, expected: list[Any], setup_of: Any, verdicts: Any) -> None:
    assert verdicts(setup_of(structure=given)) == expected


@pytest.mark.parametrize(
    ("loss", "reported"),
    [
        (BCE, True),
        (CCE, True),
        ("kl_divergence", True),
        ("poisson", True),
        ("mean_absolute_percentage_error", True),
        ("hinge", True),
        ("mean_squared_error", False),
        ("mean_absolute_error", False),
        ("huber", False),
        ("log_cosh", False),
        ("cosine_similarity", False),
        ("someone_elses_loss", False),
    ],
)
def test_swapped_arguments(loss: str, reported: bool, setup_of: Any, verdicts: Any) -> None:
    setup = setup_of(swap=Swap(loss, labels=PLACE, prediction=PLACE), via="loss-call")
    assert verdicts(setup) == ([("swapped-loss-arguments", "error")] if reported else [])
