"""Whether a repair does what it promises: it is tried on a copy of the file.

The repair stands only if the problem is gone wherever it was, nothing that was right became wrong, and models that did
not have the problem mean what they meant before.
"""

from __future__ import annotations

from dataclasses import dataclass

from mllint.crashes import REPORT_IT, one_line
from mllint.facts import TrainingSetup
from mllint.findings import Finding
from mllint.fixes.refusal import Refused
from mllint.fixes.text import TextEdit
from mllint.fixes.trial import check_nothing_new, facts, trial, where, without_places
from mllint.fixes.uses import check_uses
from mllint.fixes.version import Version
from mllint.knowledge_files import in_use
from mllint.processes.deep_stack import with_deep_stack
from mllint.repairs import Repair, SetLabels, SwapArguments


@dataclass(frozen=True)
class Proof:
    """A repair that stands."""

    repair: Repair
    edits: tuple[TextEdit, ...]
    """In offsets of the text before; in order."""
    after: Version


def prove(repair: Repair, finding: Finding, version: Version) -> Proof:
    """Carries the repair out on a copy. Raises Refused where it does not stand, whatever the reason."""
    try:
        with in_use(version.settings):
            return with_deep_stack(lambda: _prove(repair, finding, version))
    except Refused:
        raise
    except Exception as error:
        raise Refused(f"carrying it out crashed: {one_line(error)}; {REPORT_IT}") from error


def _prove(repair: Repair, finding: Finding, version: Version) -> Proof:
    tried = trial(repair.changes, version)
    affected = _affected(finding, version)
    _check(finding, repair, affected, version, tried.after)
    setups = [version.insight.reading.setups[index] for index, count in affected.items() for _ in range(count)]
    check_uses(repair.changes, tried.edits, setups, version, tried.after)
    return Proof(repair, tried.edits, tried.after)


def _check(finding: Finding, repair: Repair, affected: dict[int, int], before: Version, after: Version) -> None:
    """Raises Refused."""
    sets_labels = any(isinstance(change, SetLabels | SwapArguments) for change in repair.changes)
    for index, (old, new) in enumerate(zip(before.insight.reading.setups, after.insight.reading.setups, strict=True)):
        if index not in affected and facts(old) != facts(new):
            raise Refused(_shared(index, affected, before))
        if index in affected and not sets_labels and _labels(old) != _labels(new):
            raise Refused("what is known of the labels would change")
    _check_problem_is_gone(finding, affected, before, after)
    check_nothing_new(before, after)


def _affected(finding: Finding, before: Version) -> dict[int, int]:
    """The setups that have the problem at the finding's place, with the number of its verdicts there."""
    cause = before.cause(finding)
    assert cause is not None, "a finding with a repair states a verdict"
    place = before.place(cause)
    found: dict[int, int] = {}
    for index, verdicts in enumerate(before.verdicts):
        count = sum(verdict.rule.name == finding.rule and before.place(verdict) == place for verdict in verdicts)
        if count:
            found[index] = count
    return found


def _check_problem_is_gone(finding: Finding, affected: dict[int, int], before: Version, after: Version) -> None:
    for index, count in affected.items():
        was, remains = (
            sum(verdict.rule.name == finding.rule for verdict in version.verdicts[index]) for version in (before, after)
        )
        if remains > was - count:
            raise Refused("the problem would still be there")


def _shared(index: int, affected: dict[int, int], before: Version) -> str:
    """The reason to leave alone what a setup without the problem uses too."""
    setups = before.insight.reading.setups
    setup = setups[index]
    routes = {place for one in affected for place in (setups[one].place, *setups[one].called_from)}
    own = next((place for place in (setup.place, *reversed(setup.called_from)) if place not in routes), None)
    if own is None:
        return f"{where(setup.place, before)} uses it under other conditions too, without the problem"
    return f"{where(own, before)} uses it too, without the problem"


def _labels(setup: TrainingSetup) -> object:
    return without_places(tuple(output.labels for output in setup.outputs))
