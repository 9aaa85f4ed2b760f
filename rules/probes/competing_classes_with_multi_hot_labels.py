"""Labels that several classes share, measured to compete."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import Output, TrainingSetup
from mllint.findings import Problem, Severity
from mllint.measured import Measured
from mllint.rules import Rule
from mllint.rules.causes import unexplained
from mllint.rules.described import figure, pair_of, right_pairing
from mllint.rules.marks import head_first

ONE = 1e-3
"""How far the sum of a row may be from 1 by rounding, in 16 bits too."""


def find(setup: TrainingSetup, output: Output, measured: Measured) -> Iterator[Problem]:
    if measured.labels is not None and measured.labels.several > 0 and (_sum_to_one(measured) or _compete(measured)):
        share = f"{measured.labels.several:.0%} of the rows"
        yield Problem(
            severity=Severity.ERROR,
            message=f"{pair_of(output)}: several classes apply in {share}, {_consequence(measured)}",
            marks=head_first(setup, output, "makes the classes compete", "expects one class per sample"),
            help=(right_pairing(output),),
        )


def _sum_to_one(measured: Measured) -> bool:
    sums = [values.row_sums for values in (measured.batch, measured.random) if values is not None]
    return bool(sums) and all(each is not None and max(abs(each[0] - 1), abs(each[1] - 1)) < ONE for each in sums)


def _compete(measured: Measured) -> bool:
    return measured.gradients is not None and measured.gradients.competing


def _consequence(measured: Measured) -> str:
    if _sum_to_one(measured) and measured.batch is not None:
        return f"and the outputs of a sample sum to 1, the largest to {figure(measured.batch.high)}"
    return "and the loss only compares the classes with each other, so several cannot all be likely"


RULE = Rule(
    code="MLL705",
    summary="several classes apply to a sample, and the outputs or the loss make them compete",
    since="0.1.0",
    judge=unexplained(find, "MLL705"),
)
