"""Scores mllint on programs with labelled faults.

    python benchmarks/accuracy.py LABELS.json… --checkouts FOLDER [--checkout owner/name=FOLDER]… [--json]

A labels file is a list of programs: `repo`, `path`, `kind` (buggy, clean, fixed, clean_tricky), and either `faults`
(each a `code` with a `head_line` or `loss_line`) or, for a single place in a larger file, a `line` and a `rule`.
Lines of a notebook count its joined code cells. Scored are the programs whose label is sure (`confidence` at least
0.8 or "high"), decidable from source, Python 3, and not TensorFlow 1.

A fault is found when an error or warning has any of its locations within 3 lines of the labelled head or loss line.
A program without faults is a false alarm when it has any error or warning; where the label speaks of one place in a
larger file, any within 3 lines of that place.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import chdir
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
from checkouts import Checkout, checkout, find_checkout

from mllint.engine import lint_source
from mllint.findings import Finding, Location, Severity
from mllint.source.text.document import Document, UnreadableSource, read_document

NEAR = 3
SURE = 0.8
HEAD_LOSS_LOGITS = frozenset(
    {
        "softmax_1unit",
        "sigmoid_cce",
        "sigmoid_1unit_cce",
        "sigmoid_scce",
        "relu_ce",
        "linear_ce",
        "from_logits_double",
        "softmax_bce",
        "relu_before_softmax",
        "relu_on_logits",
        "dropout_on_logits",
        "softmax_twice",
        "softmax_ce_1unit",
        "loss_args_swapped",
        "post_head_scaling",
        "linear_head_classification",
    }
)
"""The fault codes that concern head, loss and logits alone, whatever the labels and metrics."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A labelled mistake and the lines it is to be reported near."""

    code: str
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Program:
    """A labelled file, or (`place` given) one place in it."""

    repo: str
    path: str
    kind: str
    faults: tuple[Fault, ...]
    place: int | None
    note: str


@dataclass(slots=True)
class Outcome:
    """What mllint made of one program."""

    program: Program
    found: list[Fault] = field(default_factory=list)
    missed: list[Fault] = field(default_factory=list)
    alarms: list[Finding] = field(default_factory=list)
    """Errors and warnings that belong to no labelled fault."""
    not_judged: list[str] = field(default_factory=list)
    """What was missing to judge the places of the faults."""
    failure: str | None = None

    @property
    def is_false_alarm(self) -> bool:
        return not self.program.faults and bool(self.alarms)


def read_labels(path: Path) -> Iterator[Program]:
    """The programs of a labels file that are scored."""
    for row in json.loads(path.read_text(encoding="utf-8")):
        if _is_scored(row):
            yield Program(
                row["repo"],
                row["path"],
                row["kind"],
                tuple(_faults(row)),
                row.get("line"),
                row.get("note", row.get("what", "")),
            )


def _is_scored(row: Mapping[str, Any]) -> bool:
    confidence = row.get("confidence", "high")
    sure = confidence == "high" if isinstance(confidence, str) else confidence >= SURE
    decidable = row.get("static_decidable", True) and row.get("parses_py3", True)
    return bool(sure and decidable and row.get("framework") != "tf1")


def _faults(row: Mapping[str, Any]) -> Iterator[Fault]:
    for fault in row.get("faults", ()):
        lines = (fault.get("head_line"), fault.get("loss_line"))
        yield Fault(fault["code"], tuple(line for line in lines if line is not None))
    if "faults" not in row and row["kind"] == "buggy":
        yield Fault(row["rule"], (row["line"],))


def score(program: Program, repository: Checkout) -> Outcome:
    """Lints one program and compares."""
    outcome = Outcome(program)
    try:
        raw = (repository.root / program.path).read_bytes()
        document = read_document(program.path, raw)
    except (OSError, UnreadableSource) as error:
        outcome.failure = str(error)
        outcome.missed = list(program.faults)
        return outcome
    with chdir(repository.root):  # what the program imports is looked for from here
        report = lint_source(raw, program.path)
    outcome.failure = "; ".join(error.message for error in report.errors) or None
    findings = [finding for finding in report.findings if finding.severity >= Severity.WARNING]
    explained: list[Finding] = []
    for fault in program.faults:
        near = [finding for finding in findings if _is_near(finding, fault.lines, document)]
        (outcome.found if near else outcome.missed).append(fault)
        explained += near
    outcome.alarms = [finding for finding in findings if finding not in explained]
    if program.place is not None:
        outcome.alarms = [finding for finding in outcome.alarms if _is_near(finding, (program.place,), document)]
    lines = [line for fault in program.faults for line in fault.lines]
    outcome.not_judged = [
        f"{entry.what}: {entry.reason}"
        for entry in report.not_judged
        if entry.location.path == document.path
        and any(abs(_joined_line(entry.location, document) - line) <= NEAR for line in lines)
    ]
    return outcome


def _is_near(finding: Finding, lines: Iterable[int], document: Document) -> bool:
    own = (location for location in finding.locations if location.path == document.path)
    shown = [_joined_line(location, document) for location in own]
    return any(abs(line - wanted) <= NEAR for line in shown for wanted in lines)


def _joined_line(location: Location, document: Document) -> int:
    """The location's line in the joined code cells."""
    first = next((cell.first_line for cell in document.cells if cell.number == location.cell), 1)
    return first + location.line - 1


def tally(outcomes: Iterable[Outcome]) -> dict[str, Any]:
    """The figures: recall by fault code, by group and by program; false alarms."""
    codes: dict[str, list[int]] = {}
    buggy = found = clean = false_alarms = 0
    for outcome in outcomes:
        for fault in outcome.program.faults:
            code = codes.setdefault(fault.code, [0, 0])
            code[0] += fault in outcome.found
            code[1] += 1
        if outcome.program.faults:
            buggy += 1
            found += bool(outcome.found)
        else:
            clean += 1
            false_alarms += outcome.is_false_alarm
    group = [count for code, count in codes.items() if code in HEAD_LOSS_LOGITS]
    return {
        "programs": {"buggy": buggy, "found": found, "clean": clean, "false_alarms": false_alarms},
        "head_loss_logits": {"faults": sum(total for _, total in group), "found": sum(hits for hits, _ in group)},
        "codes": {code: {"faults": total, "found": hits} for code, (hits, total) in sorted(codes.items())},
    }


@click.command(help=__doc__, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("labels", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--checkouts", "parent", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--checkout", "named", multiple=True, type=checkout)
@click.option("--json", "as_json", is_flag=True, help="Print the figures and every outcome as JSON.")
def main(labels: tuple[Path, ...], parent: Path | None, named: tuple[Checkout, ...], as_json: bool) -> None:
    result: dict[str, Any] = {}
    for file in labels:
        outcomes = [
            score(program, found)
            for program in read_labels(file)
            if (found := find_checkout(program.repo, named, parent)) is not None
        ]
        result[file.name] = {"figures": tally(outcomes), "outcomes": [_as_dict(outcome) for outcome in outcomes]}
        if not as_json:
            _print_figures(file.name, tally(outcomes))
            _print_outcomes(outcomes)
    if as_json:
        click.echo(json.dumps(result, indent=1))


def _print_figures(name: str, figures: Mapping[str, Any]) -> None:
    programs, group = figures["programs"], figures["head_loss_logits"]
    click.echo(f"{name}")
    click.echo(f"  faulty programs found   {programs['found']:4} of {programs['buggy']}")
    click.echo(f"  false alarms            {programs['false_alarms']:4} of {programs['clean']} without faults")
    click.echo(f"  head, loss and logits   {group['found']:4} of {group['faults']} faults")
    for code, count in figures["codes"].items():
        mark = "*" if code in HEAD_LOSS_LOGITS else " "
        click.echo(f"  {mark} {code:38} {count['found']:3} of {count['faults']}")


def _print_outcomes(outcomes: Iterable[Outcome]) -> None:
    for outcome in outcomes:
        where = f"{outcome.program.repo} {outcome.program.path}"
        if outcome.failure:
            click.echo(f"  failed  {where}: {outcome.failure}")
        for fault in outcome.missed:
            reasons = "; ".join(dict.fromkeys(outcome.not_judged)) or "nothing missing"
            click.echo(f"  missed  {where}:{','.join(map(str, fault.lines))} {fault.code} ({reasons})")
        for alarm in outcome.alarms:
            word = "alarm " if outcome.is_false_alarm else "other "
            click.echo(f"  {word}  {where}:{_shown(alarm)}")


def _shown(finding: Finding) -> str:
    place = finding.primary
    cell = f"cell {place.cell}:" if place.cell is not None else ""
    return f"{cell}{place.line}: {finding.severity.label}[{finding.rule}] {finding.message}"


def _as_dict(outcome: Outcome) -> dict[str, Any]:
    program = outcome.program
    return {
        "repo": program.repo,
        "path": program.path,
        "kind": program.kind,
        "found": [fault.code for fault in outcome.found],
        "missed": [fault.code for fault in outcome.missed],
        "alarms": [_shown(alarm) for alarm in outcome.alarms],
        "not_judged": outcome.not_judged,
        "failure": outcome.failure,
    }


if __name__ == "__main__":
    main()
