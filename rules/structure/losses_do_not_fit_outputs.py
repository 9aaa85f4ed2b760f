"""A list or dict of losses that does not match the model's outputs."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import Known, LossStructure, TrainingSetup
from mllint.findings import Mark, Problem, Severity
from mllint.rules import Rule


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    structure = setup.structure
    if structure is None:
        return
    if structure.form == "list":
        yield from _list(structure)
    elif structure.form == "dict" and isinstance(structure.output_names, Known):
        yield from _dict(structure, structure.output_names.value)


def _list(structure: LossStructure) -> Iterator[Problem]:
    outputs = structure.outputs
    if isinstance(outputs, Known) and outputs.value > 1 and structure.size != outputs.value:
        yield Problem(
            severity=Severity.ERROR,
            message=f"{structure.size} losses for {outputs.value} outputs: Keras raises ValueError",
            marks=(Mark("loss", structure.place, f"{structure.size} losses"),),
            help=("one loss per output, in the order of the outputs", "None for an output that is not trained"),
        )


def _dict(structure: LossStructure, names: tuple[str, ...]) -> Iterator[Problem]:
    unknown = [key for key in structure.keys if key not in names]
    missing = [name for name in names if name not in structure.keys]
    if unknown:
        yield Problem(
            severity=Severity.ERROR,
            message=f"no output is named {_listed(unknown)}: Keras raises ValueError",
            marks=(Mark("loss", structure.place, f"the outputs are {_listed(names)}"),),
            help=("the key is the name of the layer that makes the output",),
        )
    elif missing:
        yield Problem(
            severity=Severity.WARNING,
            message=f"no loss for {_listed(missing)}: Keras 2 leaves the output untrained, Keras 3 warns or raises",
            marks=(Mark("loss", structure.place, f"{_listed(missing)} is missing"),),
            help=(f"a loss for {_listed(missing)}", "None for an output that is not trained"),
        )


def _listed(names: list[str] | tuple[str, ...]) -> str:
    return ", ".join(repr(name) for name in names)


RULE = Rule(
    code="MLL305",
    summary="the list or dict of losses does not match the outputs of the model",
    since="0.1.0",
    judge=judge,
)
