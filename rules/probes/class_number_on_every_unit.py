"""Every unit trained towards the class number."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import Output, TrainingSetup
from mllint.findings import Problem, Severity
from mllint.measured import Measured
from mllint.rules import Rule
from mllint.rules.causes import unexplained
from mllint.rules.described import pair_of, right_pairing
from mllint.rules.marks import loss_first
from mllint.rules.views.pairs import value


def find(setup: TrainingSetup, output: Output, measured: Measured) -> Iterator[Problem]:
    # Numbers may be meant for every unit: the quantiles of one target are.
    if measured.labels is not None and measured.labels.spread_over_units and value(output.labels.encoding) == "integer":
        yield Problem(
            severity=Severity.ERROR,
            message=f"{pair_of(output)}: every unit is compared with the class number, repeating it changes no loss",
            marks=loss_first(setup, output, "compares unit by unit", "one unit per class"),
            help=(right_pairing(output), "labels as keras.utils.to_categorical(y)"),
        )


RULE = Rule(
    code="MLL706",
    summary="a class number is compared with every unit of the head",
    since="0.1.0",
    judge=unexplained(find, "MLL706"),
)
