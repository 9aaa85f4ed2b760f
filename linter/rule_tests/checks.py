"""Programs judged, and what is found held against what they announce."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mllint import registry
from mllint.engine import lint_source, study
from mllint.fixes.proof import Proof, prove
from mllint.fixes.refusal import Refused
from mllint.knowledge_files import read_cases
from mllint.registry.packages import RegisteredRule
from mllint.results import Diagnostic, FileReport
from mllint.rule_tests.programs import BAD, GOOD, Expected, Program, cases_of, programs_of
from mllint.settings import Settings

UNWRITTEN: Final = "TODO"
RUNS_A_MODEL: Final = "verify_model("
"""Programs on the pages of rules that judge measurements."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One test: what it is called, and what was not as it should be."""

    title: str
    problems: tuple[str, ...] = ()
    skipped: str = ""
    """Why nothing was tested."""


@dataclass(frozen=True, slots=True)
class Tested:
    """The tests of one page or one knowledge file."""

    subject: str
    outcomes: tuple[Outcome, ...]


def check_page(rule: RegisteredRule, knowledge: Sequence[Path]) -> Tested:
    """The rule's page: its title, and its programs, judged by the rules of its distribution and those they name."""
    try:
        programs = programs_of(rule)
    except FileNotFoundError:
        return Tested(rule.name, (Outcome("page", (f"there is no page beside {rule.module}",)),))
    outcomes = [Outcome("page", tuple(_page_problems(rule, programs)))]
    outcomes += [_outcome_on_page(program, rule, knowledge) for program in programs]
    return Tested(rule.name, tuple(outcomes))


def check_knowledge(file: Path, name: str) -> Tested:
    """The cases of a knowledge file, judged by all rules; `name` is how it is shown.

    Raises SettingsError where the file cannot be used.
    """
    settings = Settings(knowledge=(file,), pedantic=True)
    cases = cases_of(read_cases(file))
    if not cases:
        return Tested(name, (Outcome("cases", ("there are none: nothing says that the rows do what they should",)),))
    return Tested(name, tuple(_outcome_of_case(case, settings) for case in cases))


# ---------------------------------------------------------------- pages


def _page_problems(rule: RegisteredRule, programs: Sequence[Program]) -> Iterator[str]:
    title = f"# {rule.name} ({rule.code})"
    if rule.page().partition("\n")[0] != title:
        yield f"its first line is not `{title}`"
    if UNWRITTEN in rule.summary:
        yield f"the summary in {rule.module} still says {UNWRITTEN}"
    for number, line in enumerate(rule.page().splitlines(), 1):
        if UNWRITTEN in line:
            yield f"line {number} still says {UNWRITTEN}"
    for section in (BAD, GOOD):
        if not any(program.section == section for program in programs):
            yield f"there is no program under `## {section}`"


def _outcome_on_page(program: Program, rule: RegisteredRule, knowledge: Sequence[Path]) -> Outcome:
    title = f"{program.section}, program {program.number}"
    if RUNS_A_MODEL in program.text:
        return Outcome(title, skipped="it runs a model; programs are read here, and not run")
    own = {one.name for one in registry.rules() if one.distribution == rule.distribution}
    known = {one.name for one in registry.rules()}
    select = sorted((own | {expected.rule for expected in program.expected}) & known)
    settings = Settings(select=tuple(select), knowledge=tuple(knowledge), pedantic=True)
    problems = [*_marks(program), *_differences(program, lint_source(program.text.encode(), "page.py", settings))]
    if not problems and program.section == BAD:
        problems += _fixing_problems(program, settings)
    return Outcome(title, tuple(problems))


def _marks(program: Program) -> Iterator[str]:
    if program.section == BAD and not program.expected:
        yield "no line ends in `# error`, `# warning` or `# info`: nothing says what is bad"
    if program.section == GOOD and program.expected:
        yield "a good program announces no finding"


def _fixing_problems(program: Program, settings: Settings) -> Iterator[str]:
    """What is offered first can be carried out, and comes to what the page shows."""
    version = study(program.unmarked.encode(), "page.py", settings)
    assert version is not None and not isinstance(version, Diagnostic), "it was judged before"
    proofs: list[Proof] = []
    for finding in version.findings:
        cause = version.cause(finding)
        repairs = cause.problem.repairs if cause is not None and finding.rule == program.rule else ()
        for repair in repairs[:1]:
            try:
                proofs.append(prove(repair, finding, version))
            except Refused as refusal:
                yield f"`{repair.title}` cannot be carried out: {refusal.reason}"
    if program.fixed is not None and program.fixed.encode() not in [proof.after.source for proof in proofs]:
        found = proofs[0].after.source.decode() if proofs else "none is offered"
        yield f"the fix does not come to what the page shows, but to:\n{found}"


# ---------------------------------------------------------------- knowledge


def _outcome_of_case(case: Program, settings: Settings) -> Outcome:
    unnamed = [
        f"line {one.line}: write which rule: `# {one.severity}: rule-name`" for one in case.expected if not one.rule
    ]
    if unnamed:
        return Outcome(case.section, tuple(unnamed))
    report = lint_source(case.text.encode(), "case.py", settings)
    return Outcome(case.section, tuple([*_differences(case, report), *_silences(report)]))


def _silences(report: FileReport) -> Iterator[str]:
    """A case in which nothing is judged shows nothing."""
    for entry in report.not_judged:
        yield f"line {entry.location.line}: not judged: {entry.what}: {entry.reason}"
    if not report.judged and not report.not_judged and not report.errors:
        yield "there is nothing to judge in it"


# ---------------------------------------------------------------- both


def _differences(program: Program, report: FileReport) -> Iterator[str]:
    """What is found and not announced, and the other way round."""
    for error in report.errors:
        yield error.message if error.line is None else f"line {error.line}: {error.message}"
    found = [Expected(one.rule, one.primary.line, one.severity.label) for one in report.findings]
    for one in program.expected:
        if one not in found:
            yield f"line {one.line}: {one.rule} ({one.severity}) is announced and not found"
    for finding, one in zip(report.findings, found, strict=True):
        if one not in program.expected:
            yield f"line {one.line}: {one.rule} ({one.severity}) is found and not announced: {finding.message}"
