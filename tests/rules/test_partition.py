"""One fault, one finding: over a full product of heads and losses no pair is reported twice."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from mllint import registry
from mllint.facts import Decoding, Known, Metric, Place, Unknown
from mllint.rules import knowledge
from mllint.rules.knowledge.rows import MetricRow

HEADS = [row.name for row in knowledge.activations()]
LOSSES = [row.name for row in knowledge.losses()]
UNITS = (None, 1, 2, 10)
ENCODINGS = (None, "integer", "one-hot", "multi-hot", "binary", "signed", "continuous", "distribution", "string")
LABEL_RULES = {rule.name for rule in registry.rules() if rule.family == "labels"}
WHATEVER_THE_HEAD = {
    "continuous-targets-with-crossentropy",
    "integer-labels-with-categorical-crossentropy",
    "label-columns-unlike-units",
    "one-hot-labels-with-sparse-categorical-crossentropy",
    "signed-labels-with-crossentropy",
    "string-labels",
    "units-fewer-than-classes",
}
"""Label rules that hold for every activation: beside a wrong head they report a second fault."""


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
def test_the_labels_are_a_fault_of_their_own_or_none(
    head: str, output: Callable[..., Any], setup_of: Any, judgement: Any
) -> None:
    """Labels that no head could be trained on with this loss are reported beside a wrong head; others are not."""
    for units, loss, from_logits, encoding in itertools.product(UNITS, LOSSES, (False, True), ENCODINGS):
        names = {name for name, _ in judgement(setup_of(output(head, units, loss, from_logits, encoding)))}
        of_labels = names & LABEL_RULES
        case = (head, units, loss, from_logits, encoding, names)
        assert len(of_labels) <= 1 and len(names - of_labels) <= 1, case
        assert len(names) < 2 or of_labels <= WHATEVER_THE_HEAD or "activation-with-from-logits" in names, case


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("encoding", ["image", "self"])
def test_a_reconstruction_has_no_label_faults(
    encoding: str, head: str, output: Callable[..., Any], setup_of: Any, judgement: Any
) -> None:
    for units, loss, from_logits in itertools.product(UNITS, LOSSES, (False, True)):
        names = {name for name, _ in judgement(setup_of(output(head, units, loss, from_logits, encoding)))}
        assert not names & LABEL_RULES, (head, units, loss, from_logits, names)


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


HEADS_READ = ("linear", "sigmoid", "softmax", "tanh", "relu")
LOSSES_READ = [*{row.family: row.name for row in knowledge.losses()}.values()]
"""One loss of each family."""


def of_family(family: str, setup: Any) -> list[str]:
    return [rule.name for rule in registry.rules() if rule.family == family for _ in rule.rule.judge(setup)]


@pytest.mark.parametrize("row", knowledge.metrics(), ids=lambda row: row.name)
def test_no_metric_is_reported_twice(row: MetricRow, output: Callable[..., Any], setup_of: Any) -> None:
    threshold = Unknown("it has no threshold") if row.threshold is None else Known(row.threshold)
    metric = Metric(Known(row.name), threshold, Known(False), "instance", Place("train.py", "metric"))
    for head, units, loss, from_logits, encoding in itertools.product(
        HEADS_READ, UNITS, LOSSES_READ, (False, True), ENCODINGS
    ):
        made = replace(output(head, units, loss, from_logits, encoding), metrics=(metric,))
        names = of_family("metrics", setup_of(made))
        assert len(names) <= 1, (head, units, loss, from_logits, encoding, names)


@pytest.mark.parametrize("kind", ["argmax", "threshold", "round", "predict_classes", "evaluate"])
def test_no_decoding_is_reported_twice(kind: Any, output: Callable[..., Any], setup_of: Any) -> None:
    decoding = Decoding(kind, Known(-1), Known(0.5), Place("train.py", "decoding"), Known(0))
    for head, units, loss, from_logits, encoding in itertools.product(
        HEADS_READ, UNITS, LOSSES_READ, (False, True), ENCODINGS
    ):
        made = replace(output(head, units, loss, from_logits, encoding), decodings=(decoding,))
        names = of_family("decoding", setup_of(made))
        assert len(names) <= 1, (head, units, loss, from_logits, encoding, names)


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
