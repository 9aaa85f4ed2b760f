"""Measurements, what is said of them, and who speaks where the facts say it already."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from mllint import registry
from mllint.facts import Unknown
from mllint.measured import (
    Bounds,
    Devices,
    Elicitation,
    Gradients,
    LabelFit,
    Losses,
    Measured,
    MetricValue,
    Mistake,
    Values,
)

BCE, CCE, SCCE = "binary_crossentropy", "categorical_crossentropy", "sparse_categorical_crossentropy"
OWN = (None, 10, None, None, None)
"""A head and a loss of the program's own."""

FINE = Values(low=0.1, high=0.9, finite=1.0, spread=0.5, row_sums=(1.2, 3.4))
CONSTANT = Values(low=1.0, high=1.0, finite=1.0, spread=0.0, row_sums=None)
SHARES = Values(low=0.01, high=0.6, finite=1.0, spread=0.4, row_sums=(0.99999, 1.00001))
LOSS = Losses(training=0.7, of_predictions=0.7, guessing=None, untrained=True)
LEARNS = Gradients(finite=True, largest=0.1, competing=False)
LABELS = LabelFit(low=0.0, high=1.0, without_unit=0, row_sums=(0.0, 5.0), several=0.4, spread_over_units=False)
REACHED = Elicitation("calibrated", clean=1.0, noisy=1.0, gap=0.0, dead=0.0, scale_free=False, curve=(1.0, 0.1))
SOUND = Measured(batch=FINE, random=FINE, bounds=Bounds(0.0, 1.0), losses=LOSS, gradients=LEARNS, elicitation=REACHED)

WRONG = [
    (OWN, replace(SOUND, raised="ValueError: no"), "loss-cannot-be-computed", "error"),
    (OWN, replace(SOUND, losses=replace(LOSS, training=float("nan"))), "impossible-loss", "error"),
    (OWN, replace(SOUND, losses=replace(LOSS, training=float("inf"))), "impossible-loss", "error"),
    (
        (None, 1, BCE, False, None),
        replace(SOUND, losses=replace(LOSS, training=-0.5, of_predictions=-0.5)),
        "impossible-loss",
        "error",
    ),
    (
        (None, 1, None, None, None),
        replace(SOUND, batch=CONSTANT, random=CONSTANT, bounds=Bounds(1.0, 1.0)),
        "constant-output",
        "error",
    ),
    (
        (None, 1, None, None, None),
        replace(SOUND, batch=CONSTANT, random=CONSTANT, bounds=None, elicitation=None),
        "constant-output",
        "warning",
    ),
    (OWN, replace(SOUND, gradients=replace(LEARNS, largest=0.0)), "no-gradient", "error"),
    (OWN, replace(SOUND, gradients=replace(LEARNS, finite=False)), "no-gradient", "error"),
    (
        OWN,
        replace(SOUND, labels=LABELS, batch=SHARES, random=SHARES),
        "competing-classes-with-multi-hot-labels",
        "error",
    ),
    (
        OWN,
        replace(SOUND, labels=LABELS, gradients=replace(LEARNS, competing=True)),
        "competing-classes-with-multi-hot-labels",
        "error",
    ),
    (
        (None, 10, None, None, "integer"),
        replace(SOUND, labels=replace(LABELS, several=0.0, spread_over_units=True)),
        "class-number-on-every-unit",
        "error",
    ),
    (
        (None, 10, SCCE, False, None),
        replace(SOUND, labels=replace(LABELS, several=0.0, without_unit=3)),
        "labels-outside-loss",
        "error",
    ),
    (
        (None, 10, BCE, False, None),
        replace(SOUND, labels=replace(LABELS, several=0.0, low=-1.0)),
        "labels-outside-loss",
        "error",
    ),
    ((None, 1, BCE, False, None), replace(SOUND, batch=replace(FINE, high=2.0)), "outputs-outside-loss", "warning"),
    (OWN, replace(SOUND, batch=replace(FINE, finite=0.5)), "outputs-outside-loss", "error"),
    (OWN, replace(SOUND, elicitation=replace(REACHED, reached="inconsistent")), "unreachable-labels", "error"),
    (OWN, replace(SOUND, elicitation=replace(REACHED, reached="fragile", clean=0.5)), "unreachable-labels", "info"),
    (OWN, replace(SOUND, elicitation=replace(REACHED, reached="noise-inconsistent")), "unreachable-labels", "info"),
    (
        OWN,
        replace(SOUND, elicitation=replace(REACHED, reached="decision-only", gap=0.3)),
        "unreachable-labels",
        "info",
    ),
    (
        (None, 10, CCE, False, None),
        replace(SOUND, mistake=Mistake("float16", 17.0, 16.1, 0.0)),
        "mistake-without-gradient",
        "warning",
    ),
    (
        (None, 10, CCE, False, None),
        replace(SOUND, mistake=Mistake("float16", 12.0, 12.0, float("nan"))),
        "mistake-without-gradient",
        "warning",
    ),
    (OWN, replace(SOUND, losses=replace(LOSS, training=4.0, of_predictions=4.0, guessing=2.3)),
     "loss-worse-than-guessing", "info"),
    (OWN, replace(SOUND, losses=replace(LOSS, of_predictions=0.9)), "loss-unlike-predictions", "info"),
    (OWN, replace(SOUND, metrics=(MetricValue("accuracy", 0.3, 0.9),)), "accuracy-unlike-count", "warning"),
    (OWN, replace(SOUND, devices=Devices("gpu:0", "cpu:0", 0.2, 0.3, 9, 64)), "devices-disagree", "warning"),
]  # fmt: skip

RIGHT = [
    (OWN, SOUND),
    (OWN, Measured()),
    (OWN, replace(SOUND, batch=CONSTANT, random=CONSTANT, bounds=Bounds(0.0, 1.0))),
    (OWN, replace(SOUND, losses=replace(LOSS, training=-3.0, of_predictions=-3.0))),
    (
        OWN,
        replace(SOUND, gradients=replace(LEARNS, largest=0.0), losses=replace(LOSS, training=0.0, of_predictions=0.0)),
    ),
    (OWN, replace(SOUND, batch=SHARES, random=SHARES, labels=replace(LABELS, several=0.0))),
    ((None, 10, None, None, "continuous"), replace(SOUND, labels=replace(LABELS, several=0.0, spread_over_units=True))),
    ((None, 1, BCE, True, None), replace(SOUND, batch=replace(FINE, low=-4.0, high=5.0))),
    (OWN, replace(SOUND, elicitation=replace(REACHED, reached="decision-only", gap=None))),
    (OWN, replace(SOUND, mistake=Mistake("float16", 17.0, 17.0, 1.0))),
    (OWN, replace(SOUND, losses=replace(LOSS, training=4.0, of_predictions=4.0, guessing=2.3, untrained=False))),
    (OWN, replace(SOUND, losses=replace(LOSS, of_predictions=0.70001))),
    (OWN, replace(SOUND, losses=replace(LOSS, of_predictions=None))),
    (OWN, replace(SOUND, metrics=(MetricValue("accuracy", 0.9, 0.9),))),
    (OWN, replace(SOUND, devices=Devices("gpu:0", "cpu:0", 0.001, 0.001, 0, 64))),
]


@pytest.mark.parametrize(("facts", "measured", "rule", "severity"), WRONG, ids=lambda value: str(value)[:40])
def test_a_measurement_is_reported_once(
    facts: Any, measured: Measured, rule: str, severity: str, output: Any, setup_of: Any, judgement: Any
) -> None:
    ((name, problem),) = judgement(setup_of(replace(output(*facts), measured=measured)))
    assert (name, problem.severity.label) == (rule, severity)
    assert ": " in problem.message and "None" not in problem.message
    assert len(problem.message) <= 200 and problem.help


@pytest.mark.parametrize(("facts", "measured"), RIGHT, ids=lambda value: str(value)[:40])
def test_a_sound_measurement_is_silent(
    facts: Any, measured: Measured, output: Any, setup_of: Any, verdicts: Any
) -> None:
    assert verdicts(setup_of(replace(output(*facts), measured=measured))) == []


EVERYTHING = Measured(
    batch=CONSTANT,
    random=CONSTANT,
    bounds=Bounds(1.0, 1.0),
    losses=replace(LOSS, training=9.0, guessing=2.3),
    gradients=replace(LEARNS, largest=0.0),
    elicitation=replace(REACHED, reached="inconsistent"),
    labels=replace(LABELS, without_unit=2, spread_over_units=True),
    mistake=Mistake("float16", 17.0, 16.1, 0.0),
)
"""One fault shows in many ways."""


def test_of_many_measurements_the_first_cause_speaks(output: Any, setup_of: Any, verdicts: Any) -> None:
    setup = setup_of(replace(output(*OWN), measured=EVERYTHING))
    assert verdicts(setup) == [("constant-output", "error")]
    refused = setup_of(replace(output(*OWN), measured=replace(EVERYTHING, raised="ValueError: no")))
    assert verdicts(refused) == [("loss-cannot-be-computed", "error")]


@pytest.mark.parametrize(
    ("pair", "rule"),
    [
        (("softmax", 10, CCE, False, "multi-hot"), "softmax-with-multi-hot-labels"),
        (("linear", 10, SCCE, False, "integer"), "logits-without-from-logits"),
        (("softmax", 10, "mean_squared_error", None, "integer"), "regression-loss-on-class-labels"),
    ],
    ids=str,
)
def test_a_measurement_is_silent_where_the_facts_say_it(
    pair: Any, rule: str, output: Any, setup_of: Any, verdicts: Any
) -> None:
    assert verdicts(setup_of(replace(output(*pair), measured=EVERYTHING))) == [(rule, "error")]


def test_a_milder_verdict_on_the_facts_does_not_hide_what_is_certain(output: Any, setup_of: Any, verdicts: Any) -> None:
    made = replace(output("softmax", 2, BCE, False, "one-hot"), measured=EVERYTHING)
    assert verdicts(setup_of(made)) == [
        ("softmax-with-binary-crossentropy", "info"),
        ("constant-output", "error"),
    ]


def test_one_output_does_not_explain_another(output: Any, setup_of: Any, verdicts: Any) -> None:
    wrong = output("linear", 10, SCCE, False, "integer")
    measured = replace(output(*OWN), measured=replace(SOUND, gradients=replace(LEARNS, largest=0.0)))
    found = verdicts(setup_of(wrong, measured))
    assert found == [("logits-without-from-logits", "error"), ("no-gradient", "error")]


def test_what_was_measured_tells_whether_logits_are_taken_back(output: Any, setup_of: Any, verdicts: Any) -> None:
    """Facts leave it a warning; a run shows it harmless here, or an error on a backend that takes nothing back."""
    made = output("softmax", 10, SCCE, True, "integer")
    rule = "activation-with-from-logits"
    assert verdicts(setup_of(made)) == [(rule, "warning")]
    assert verdicts(setup_of(replace(made, measured=replace(SOUND, recovers=True)))) == [(rule, "info")]
    assert verdicts(setup_of(replace(made, measured=replace(SOUND, recovers=False)))) == [(rule, "error")]
    unknown = replace(made, loss=replace(made.loss, from_logits=Unknown("not a constant")))
    assert verdicts(setup_of(replace(unknown, measured=replace(SOUND, recovers=False)))) == []


def test_rules_on_measurements_need_measurements(output: Any, setup_of: Any) -> None:
    for rule in registry.rules():
        if rule.family == "probes":
            assert list(rule.rule.judge(setup_of(output(*OWN)))) == [], rule.name
