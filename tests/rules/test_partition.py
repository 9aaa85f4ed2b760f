"""One fault, one finding: over a full product of heads and losses no pair is reported twice."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from typing import Any

import pytest

from mllint.rules import knowledge

HEADS = [row.name for row in knowledge.activations()]
LOSSES = [row.name for row in knowledge.losses()]
UNITS = (None, 1, 2, 10)
ENCODINGS = (None, "integer", "one-hot", "multi-hot", "binary", "signed", "continuous", "distribution", "self")


def settings() -> list[Any]:
    """How the loss is written and what surrounds it: everything that may change who reports a pair."""
    return [
        *itertools.product(
            (False, True, None), ("string", "class", "function", "wrapped"), ("float32", "float16"), (None,)
        ),
        *itertools.product((True,), ("op",), ("float32", "float16", "bfloat16"), (None, "keras2", "keras3")),
    ]


@pytest.mark.parametrize("head", HEADS)
def test_no_pair_is_reported_twice(head: str, output: Callable[..., Any], setup_of: Any, judgement: Any) -> None:
    for units, loss, (from_logits, spelling, dtype, framework) in itertools.product(UNITS, LOSSES, settings()):
        made = output(head, units, loss, from_logits, spelling=spelling, dtype=dtype)
        names = [name for name, _ in judgement(setup_of(made, framework=framework))]
        assert len(names) <= 1, (head, units, loss, from_logits, spelling, dtype, names)


@pytest.mark.parametrize("head", HEADS)
def test_labels_change_the_verdict_not_the_number_of_findings(
    head: str, output: Callable[..., Any], setup_of: Any, judgement: Any
) -> None:
    for units, loss, from_logits, encoding in itertools.product(UNITS, LOSSES, (False, True), ENCODINGS):
        found = judgement(setup_of(output(head, units, loss, from_logits, encoding)))
        assert len(found) <= 1, (head, units, loss, from_logits, encoding, [name for name, _ in found])


@pytest.mark.parametrize("head", HEADS)
def test_every_message_states_a_consequence(
    head: str, output: Callable[..., Any], setup_of: Any, judgement: Any
) -> None:
    for units, loss, from_logits, encoding in itertools.product(
        UNITS, LOSSES, (False, True), (None, "multi-hot", "integer")
    ):
        for _, problem in judgement(setup_of(output(head, units, loss, from_logits, encoding))):
            assert re.match(r"[a-z]", problem.message) and not problem.message.endswith("."), problem.message
            assert ": " in problem.message, problem.message
            assert "None" not in problem.message, problem.message
            assert problem.help, problem.message
            roles = [mark.role for mark in problem.marks]
            assert roles[0] in ("head", "loss") and {"head", "loss"} <= set(roles), problem.message
            assert all(mark.message and not mark.message.endswith(".") for mark in problem.marks)


@pytest.mark.parametrize("hidden", ["activation", "loss"])
def test_an_unknown_side_is_not_judged(hidden: str, output: Callable[..., Any], setup_of: Any, judgement: Any) -> None:
    for head, loss, units in itertools.product(HEADS, LOSSES, UNITS):
        sides = {"activation": head, "loss": loss, hidden: None}
        found = {name for name, _ in judgement(setup_of(output(units=units, **sides)))}
        assert found <= {"one-unit-softmax"}, (sides, found)


def test_unknown_from_logits_is_never_taken_for_a_value(output: Any, setup_of: Any, judgement: Any) -> None:
    depends = {
        "logits-without-from-logits",
        "activation-with-from-logits",
        "relu-on-logits",
        "activation-with-logits-op",
    }
    for head, loss, units in itertools.product(HEADS, LOSSES, UNITS):
        found = {name for name, _ in judgement(setup_of(output(head, units, loss, None)))}
        assert not found & depends, (head, loss, units, found)
