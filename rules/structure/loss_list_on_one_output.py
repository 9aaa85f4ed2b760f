"""Several losses for a model with a single output."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import Known, TrainingSetup
from mllint.findings import Mark, Problem, Severity
from mllint.rules import Rule


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    structure = setup.structure
    if (
        structure is not None
        and structure.form == "list"
        and structure.size > 1
        and isinstance(structure.outputs, Known)
        and structure.outputs.value == 1
    ):
        yield Problem(
            severity=Severity.ERROR,
            message=f"{structure.size} losses for one output: Keras trains the first and ignores the others",
            marks=(Mark("loss", structure.place, "only the first counts"),),
            help=("keep one loss", "to add losses up: one function that returns their sum"),
        )


RULE = Rule(
    code="MLL304",
    summary="a list of losses is given to a model with one output",
    since="0.1.0",
    judge=judge,
)
