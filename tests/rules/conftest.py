"""Training setups built by hand, and every rule's verdict on them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from mllint import registry
from mllint.facts import Fact, Head, Known, Labels, Loss, Output, Place, Stage, TrainingSetup, Unknown
from mllint.findings import Problem
from mllint.repairs import Repair
from tests.rules.changed import changed

PATH = "train.py"
NOT_SEEN = Unknown("not seen")

Judgement = list[tuple[str, Problem]]


def place(name: str) -> Place:
    return Place(PATH, name)


def known(value: Any, name: str) -> Fact[Any]:
    return NOT_SEEN if value is None else Known(value, place(name))


def stage(role: Any, symbol: str, name: str = "", **facts: Any) -> Stage:
    return Stage(role, symbol, place(name or symbol), **{key: Known(value) for key, value in facts.items()})


def make_output(
    activation: str | None = "softmax",
    units: int | None = 10,
    loss: str | None = "categorical_crossentropy",
    from_logits: bool | None = False,
    encoding: str | None = None,
    *,
    spelling: Any = "class",
    dtype: str | None = "float32",
    symbol: str | None = None,
    before: Sequence[Stage] = (),
    after: Sequence[Stage] = (),
    hides_activation: bool = False,
    high: float | None = None,
    axis: int = -1,
    softmax_axis: int | None = None,
) -> Output:
    """An output as a lens states it for Dense(units, activation=…), with stages before and after the activation."""
    stages = [Stage("scores", "keras.layers.Dense", place("scores"), units=known(units, "units")), *before]
    if activation is not None and activation != "linear":
        symbol = symbol or f"keras.activations.{activation}"
        over = None if softmax_axis is None else Known(softmax_axis)
        stages.append(Stage("activation", symbol, place("activation"), activation=Known(activation), axis=over))
    stages += after
    return Output(
        name=None,
        head=Head(
            activation=NOT_SEEN if hides_activation else known(activation, "activation"),
            units=known(units, "units"),
            dtype=known(dtype, "dtype"),
            stages=tuple(stages),
            place=place("scores"),
        ),
        loss=Loss(
            name=known(loss, "loss"),
            from_logits=known(from_logits, "loss"),
            label_smoothing=Known(0.0),
            axis=Known(axis),
            spelling=spelling,
            place=place("loss"),
        ),
        labels=Labels(
            encoding=known(encoding, "labels"),
            classes=NOT_SEEN,
            rank=NOT_SEEN,
            last_axis=NOT_SEEN,
            dtype=NOT_SEEN,
            low=NOT_SEEN,
            high=known(high, "labels"),
            place=place("labels"),
        ),
    )


def make_setup(*outputs: Output, **facts: Any) -> TrainingSetup:
    """A setup of these outputs; framework and run_eagerly are unknown unless given."""
    return TrainingSetup(
        path=PATH,
        place=place("compile"),
        via=facts.pop("via", "compile"),
        outputs=outputs,
        framework=known(facts.pop("framework", None), "import"),
        run_eagerly=known(facts.pop("run_eagerly", None), "compile"),
        **facts,
    )


def judge(setup: TrainingSetup) -> Judgement:
    """What every rule says, as (name, problem)."""
    return [(rule.name, problem) for rule in registry.rules() for problem in rule.rule.judge(setup)]


@pytest.fixture(scope="session")
def output() -> Callable[..., Output]:
    return make_output


@pytest.fixture(scope="session")
def setup_of() -> Callable[..., TrainingSetup]:
    return make_setup


@pytest.fixture(scope="session")
def verdicts() -> Callable[[TrainingSetup], list[tuple[str, str]]]:
    """The verdicts of all rules on a setup, as (rule name, severity)."""
    return lambda setup: [(name, problem.severity.label) for name, problem in judge(setup)]


@pytest.fixture(scope="session")
def judgement() -> Callable[[TrainingSetup], Judgement]:
    return judge


@pytest.fixture(scope="session")
def stage_of() -> Callable[..., Stage]:
    return stage


@pytest.fixture(scope="session")
def verdicts_after() -> Callable[[TrainingSetup, Repair], list[str]]:
    """The rules that still say something once a repair is carried out on the facts."""
    return lambda setup, repair: [name for name, _ in judge(changed(setup, repair.changes))]
