"""From what a lens reads to findings: rules → verdicts → branches → findings, and what stays unjudged.

A rule that crashes is reported as a diagnostic; the others still judge.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from mllint.crashes import REPORT_IT, one_line
from mllint.facts import Assumption, Output, Place, TrainingSetup, Unknown
from mllint.findings import Finding, Location, Mark, Problem, Severity
from mllint.judging.branches import Verdict, settle
from mllint.lens import Lens, Reading
from mllint.registry import RegisteredRule
from mllint.results import Diagnostic, FileReport, NotJudged


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the rules say of a reading, and why."""

    report: FileReport
    """Findings of every severity, nothing suppressed."""
    causes: Mapping[Finding, Verdict]
    """The verdict that each finding states."""


def judge(path: str, reading: Reading, lens: Lens, chosen: Sequence[RegisteredRule]) -> FileReport:
    """What the chosen rules say of the reading; findings of every severity, nothing suppressed."""
    return judgement(path, reading, lens, chosen).report


def judgement(path: str, reading: Reading, lens: Lens, chosen: Sequence[RegisteredRule]) -> Judgement:
    """The report on a reading, with the verdicts behind its findings."""
    verdicts, crashes = verdicts_on(reading, lens, chosen)
    settled = settle(reading.setups, verdicts)
    judged, not_judged = _coverage(reading, lens)
    causes = _findings(settled.kept, lens)
    report = FileReport(
        path,
        findings=tuple(sorted(causes, key=position_and_code)),
        not_judged=sorted_not_judged([*not_judged, *_undecided(settled.dropped, lens)]),
        errors=crashes,
        judged=judged,
        labels_not_known=_labels_not_known(reading),
    )
    return Judgement(report, causes)


def verdicts_on(
    reading: Reading, lens: Lens, chosen: Sequence[RegisteredRule]
) -> tuple[list[Verdict], tuple[Diagnostic, ...]]:
    """Every rule's problems with every setup, before branches are settled; and the rules that crashed, once each."""
    crashes: dict[str, Diagnostic] = {}
    verdicts: list[Verdict] = []
    for setup in reading.setups:
        for rule in chosen:
            try:
                verdicts.extend(_verdicts(rule, setup))
            except Exception as error:
                if rule.name not in crashes:
                    crashes[rule.name] = _crash(rule, setup, lens, error)
    return verdicts, tuple(crashes.values())


def _verdicts(rule: RegisteredRule, setup: TrainingSetup) -> Iterator[Verdict]:
    for problem in rule.rule.judge(setup):
        severity = Severity.INFO if setup.in_unit_test else problem.severity
        yield Verdict(rule, setup, replace(problem, severity=severity))


def _crash(rule: RegisteredRule, setup: TrainingSetup, lens: Lens, error: Exception) -> Diagnostic:
    place = lens.locate(Mark("evidence", setup.place, ""))
    whose = REPORT_IT if rule.distribution is None else f"this is a bug in {rule.distribution}"
    message = f"rule `{rule.name}` crashed: {one_line(error)}; {whose}"
    return Diagnostic(place.path, message, place.line, place.column, place.cell)


def _findings(verdicts: Iterable[Verdict], lens: Lens) -> dict[Finding, Verdict]:
    """Located; of those that one rule has for one primary location the severest."""
    found: dict[tuple[object, ...], tuple[Finding, Verdict]] = {}
    for verdict in verdicts:
        problem = verdict.problem
        locations = _chain(problem, verdict.setup, lens)
        finding = Finding(
            verdict.rule.name,
            verdict.rule.code,
            problem.severity,
            problem.message,
            locations,
            problem.help,
            is_repairable=bool(problem.repairs),
        )
        primary = finding.primary
        span = (primary.line, primary.column, primary.end_line, primary.end_column)
        key = (finding.rule, primary.path, primary.cell, primary.part, *span)
        if key not in found or found[key][0].severity < finding.severity:
            found[key] = finding, verdict
    return dict(found.values())


def _chain(problem: Problem, setup: TrainingSetup, lens: Lens) -> tuple[Location, ...]:
    """The places of a problem, then those that brought them together, unless they are in sight already."""
    locations = [lens.locate(mark) for mark in problem.marks]
    met = "compiled here" if setup.via == "compile" else "called here"
    chain = [Mark("evidence", setup.place, met)]
    chain += [Mark("evidence", call, "reached from here") for call in reversed(setup.called_from)]
    for location in map(lens.locate, chain):
        if not any(_shows(one, location) for one in locations):
            locations.append(location)
    return tuple(locations)


def _shows(one: Location, other: Location) -> bool:
    """Whether the lines of one hold the first of the other."""
    return (one.path, one.cell) == (other.path, other.cell) and one.line <= other.line <= one.end_line


def position_and_code(finding: Finding) -> tuple[str, int, int, int, str]:
    """The order in which findings are shown."""
    primary = finding.primary
    return primary.path, primary.cell or 0, primary.line, primary.column, finding.code


# ---------------------------------------------------------------- what was not judged


def _coverage(reading: Reading, lens: Lens) -> tuple[int, list[NotJudged]]:
    """The number of places judged in at least one way, and what is missing for the others."""
    least_missing: dict[Place, tuple[TrainingSetup, list[Output]]] = {}
    for setup in reading.setups:
        missing = [output for output in setup.outputs if _missing_facts(output)]
        if setup.place not in least_missing or len(missing) < len(least_missing[setup.place][1]):
            least_missing[setup.place] = setup, missing
    not_judged = [
        _not_judged(setup.place, " and ".join(facts), next(iter(facts.values())), lens, output.name)
        for setup, missing in least_missing.values()
        for output in missing
        for facts in [_missing_facts(output)]
    ]
    not_judged += [_not_judged(note.place, "model", note.reason, lens) for note in reading.notes]
    return sum(not missing for _, missing in least_missing.values()), not_judged


def _labels_not_known(reading: Reading) -> int:
    """The number of places that fit a model on labels of which none of their setups knows the encoding."""
    fitted = [setup for setup in reading.setups if setup.fits]
    known = {
        setup.place for setup in fitted if not any(isinstance(one.labels.encoding, Unknown) for one in setup.outputs)
    }
    return len({setup.place for setup in fitted} - known)


def _missing_facts(output: Output) -> dict[str, str]:
    """The facts without which no rule has much to say, each with the reason for which it is unknown."""
    facts = {"head": output.head.activation, "loss": output.loss.name}
    return {name: fact.reason for name, fact in facts.items() if isinstance(fact, Unknown)}


UNNAMED = "the program goes one way and not another"
"""Of a setup that differs from others of its place in no condition that could be named, as in rounds of a loop."""


def _undecided(verdicts: Iterable[Verdict], lens: Lens) -> Iterator[NotJudged]:
    for verdict in verdicts:
        conditions = " and ".join(_spelled(assumption) for assumption in verdict.setup.assumptions)
        reason = f"`{verdict.rule.name}` would hold only where {conditions or UNNAMED}, which may never be"
        yield _not_judged(verdict.setup.place, "combination of conditions", reason, lens)


def _spelled(assumption: Assumption) -> str:
    return f"`{assumption.condition}`" if assumption.holds else f"not `{assumption.condition}`"


def _not_judged(place: Place, what: str, reason: str, lens: Lens, output: str | None = None) -> NotJudged:
    return NotJudged(lens.locate(Mark("evidence", place, reason)), what, reason, output)


def sorted_not_judged(entries: Iterable[NotJudged]) -> tuple[NotJudged, ...]:
    """Each once, in the order of the file."""
    unique = dict.fromkeys(entries)
    return tuple(sorted(unique, key=_position_and_reason))


def _position_and_reason(entry: NotJudged) -> tuple[str, int, int, str]:
    place = entry.location
    return place.path, place.cell or 0, place.line, entry.reason
