"""A name that Keras does not know."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import Literal

from mllint.facts import Identifier, Known, TrainingSetup
from mllint.findings import Mark, Problem, Role, Severity
from mllint.repairs import Applicability, Repair, SetText
from mllint.rules import Rule, knowledge
from mllint.rules.knowledge.rows import ActivationRow, LossRow, MetricRow, Versions

NUMBER: dict[str, Literal[2, 3]] = {"keras2": 2, "keras3": 3}
BY_SHAPE = frozenset({"accuracy", "acc", "crossentropy", "ce"})
"""Strings that compile() resolves by the shapes, in any case."""
ROLES: dict[str, Role] = {"activation": "head", "loss": "loss", "metric": "metric"}
LAYER = "keras.layers."
LEAST_LIKENESS = 0.75
"""Below this a name is more likely one that the program registered itself than a misspelt one."""

SURE_LIKENESS = 0.85
"""From here on a near name is offered for the one that is written."""
CLEAR_LEAD = 0.07
"""So much nearer than any name of something else it must be to be put in its place."""


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for identifier in setup.identifiers:
        if identifier.text.lower() in BY_SHAPE and identifier.kind != "activation":
            continue
        accepted = _accepted(identifier)
        versions = accepted.get(identifier.text)
        if versions is None:
            yield from _misspelt(identifier, accepted, _wanted(setup))
        elif isinstance(setup.framework, Known) and NUMBER[setup.framework.value] not in versions:
            yield _of_another_version(identifier, NUMBER[setup.framework.value])


def _misspelt(identifier: Identifier, accepted: Mapping[str, Versions], wanted: Versions) -> Iterator[Problem]:
    nearest = difflib.get_close_matches(identifier.text, accepted, n=1, cutoff=LEAST_LIKENESS)
    if nearest:
        yield Problem(
            severity=Severity.ERROR,
            message=f"Keras knows no {identifier.kind} {identifier.text!r} and raises ValueError",
            marks=(Mark(ROLES[identifier.kind], identifier.place, f"no {identifier.kind} of Keras"),),
            help=(f"the nearest one is {nearest[0]!r}",),
            repairs=_corrections(identifier, accepted, wanted),
        )


def _of_another_version(identifier: Identifier, version: int) -> Problem:
    return Problem(
        severity=Severity.WARNING,
        message=f"Keras {version} knows no {identifier.kind} {identifier.text!r}, only Keras {5 - version} does",
        marks=(Mark(ROLES[identifier.kind], identifier.place, f"no {identifier.kind} of Keras {version}"),),
        help=tuple(f"{text!r}" for text in _same_thing(identifier, version)),
        repairs=tuple(_reads(identifier, text, "safe") for text in _same_thing(identifier, version)),
    )


def _corrections(identifier: Identifier, accepted: Mapping[str, Versions], wanted: Versions) -> tuple[Repair, ...]:
    """The name that was meant, where one is much nearer than all that mean something else."""
    usable = [text for text, versions in accepted.items() if wanted <= versions]
    near = difflib.get_close_matches(identifier.text, usable, n=5, cutoff=LEAST_LIKENESS)
    same = [text for text in usable if _folded(text) == _folded(identifier.text)]
    best = next((text for text in near if text in same), next(iter(same or near), None))
    if best is None or (not same and _likeness(identifier, best) < SURE_LIKENESS):
        return ()
    others = [text for text in near if _row(identifier, text) != _row(identifier, best)]
    rival = max((_likeness(identifier, text) for text in others), default=0.0)
    is_clear = bool(same) or _likeness(identifier, best) - rival >= CLEAR_LEAD
    return (_reads(identifier, best, "safe" if is_clear else "suggestion"),)


def _reads(identifier: Identifier, text: str, level: Applicability) -> Repair:
    return Repair(f"write {text!r}", level, (SetText(identifier.place, text),))


def _folded(text: str) -> str:
    return text.replace("_", "").lower()


def _likeness(identifier: Identifier, text: str) -> float:
    return difflib.SequenceMatcher(None, text, identifier.text).ratio()


def _row(identifier: Identifier, text: str) -> str | None:
    return next((row.name for row in _rows(identifier) if text in row.identifiers), None)


def _wanted(setup: TrainingSetup) -> Versions:
    """The versions of Keras in which a correction must be right."""
    framework = setup.framework
    return frozenset({NUMBER[framework.value]}) if isinstance(framework, Known) else frozenset({2, 3})


def _accepted(identifier: Identifier) -> Mapping[str, Versions]:
    """Every string of this kind that some Keras accepts, with the versions that do."""
    rows = _rows(identifier)
    accepted = {text: versions for row in rows for text, versions in row.identifiers.items()}
    if identifier.kind == "activation":
        # Keras 2 also takes the name of an activation layer.
        layers = (
            symbol.rpartition(".")[2] for row in knowledge.activations() for symbol in row.symbols if LAYER in symbol
        )
        accepted.update((layer, frozenset({2})) for layer in layers)
    return accepted


def _same_thing(identifier: Identifier, version: int) -> list[str]:
    """The strings by which this version knows what the identifier names elsewhere."""
    row = next((row for row in _rows(identifier) if identifier.text in row.identifiers), None)
    return [text for text, versions in row.identifiers.items() if version in versions][:1] if row else []


def _rows(identifier: Identifier) -> tuple[LossRow | MetricRow | ActivationRow, ...]:
    if identifier.kind == "activation":
        return tuple(knowledge.activations())
    if identifier.kind == "loss":
        return tuple(knowledge.losses())
    return (*knowledge.metrics(), *knowledge.losses())


RULE = Rule(
    code="MLL303",
    summary="a string names an activation, a loss or a metric that Keras does not know",
    since="0.1.0",
    judge=judge,
)
