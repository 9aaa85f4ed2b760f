"""Fixes whole repositories in memory, and checks from outside that every fix keeps its promise.

    python benchmarks/fixes.py [owner/name=]FOLDER… [--dump refused.jsonl] [--format markdown]

Every file with findings is fixed twice: with safe fixes, and with unsafe ones too. Of each result it is checked that it
parses, that a second run changes nothing, that as many findings of a rule are gone as were reported as fixed, that no
other finding came, and that a notebook's outputs and metadata are what they were. Every fix that is offered to editors
is carried out by its lines and columns alone, without mllint's help. Nothing is written to disk.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TextIO

import click
from checkouts import Checkout, checkout

from mllint.engine import fix_source, lint_source, lint_source_with_fixes
from mllint.examination import examine
from mllint.findings import Edit, Severity
from mllint.fixes.plan import SAFE, UNSAFE, Plan
from mllint.results import FixReport
from mllint.settings import Settings
from mllint.source.parsing.parsed import parsed_exactly
from mllint.source.text.document import Document, UnreadableSource, read_document
from mllint.source.text.prefilter import may_hold_training
from mllint.source.text.syntax import NEWLINE, parse

PLANS: Mapping[str, Plan] = {"safe": SAFE, "unsafe": UNSAFE}
SETTINGS = Settings(pedantic=False)


@dataclass(slots=True)
class Tally:
    """What came of one repository."""

    repo: str
    files: int = 0
    """Files with errors or warnings."""
    findings: int = 0
    with_repair: int = 0
    """Findings of whose rule there is a repair for this case."""
    offered: int = 0
    """Findings with at least one proven fix."""
    applied: Counter[str] = field(default_factory=Counter)
    """Number of fixes by plan."""
    rules: Counter[str] = field(default_factory=Counter)
    """Fixes with unsafe ones, by rule."""
    refused: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    """Promises that were not kept."""


# ---------------------------------------------------------------- one repository


def run(repository: Checkout, dump: TextIO | None) -> Tally:
    result = Tally(repository.repo)
    for file in repository.sources():
        raw = file.read_bytes()
        if may_hold_training(raw):
            _add_file(result, file.relative_to(repository.root).as_posix(), raw, dump)
    return result


def _add_file(result: Tally, path: str, raw: bytes, dump: TextIO | None) -> None:
    try:
        examination = examine(path, raw, SETTINGS, parsed_exactly)
    except (UnreadableSource, RecursionError):
        return
    findings = [one for one in examination.report.findings if one.severity >= Severity.WARNING]
    if not findings or examination.insight is None:
        return
    result.files += 1
    result.findings += len(findings)
    causes = examination.insight.causes
    result.with_repair += sum(bool(causes[one].problem.repairs) for one in findings if one in causes)
    result.broken += (f"{path}: {problem}" for problem in _check_offers(result, path, raw))
    for name, plan in PLANS.items():
        report = fix_source(raw, path, SETTINGS, plan)
        result.applied[name] += len(report.applied)
        if name == "unsafe":
            result.rules.update(fix.rule for fix in report.applied)
            result.refused.update((_generalised(one.reason)) for one in report.refused)
            if dump is not None:
                dump.writelines(json.dumps(_row(result.repo, path, one)) + "\n" for one in report.refused)
        result.broken += (f"{path}: {name}: {problem}" for problem in _broken(path, raw, report, plan))


def _generalised(reason: str) -> str:
    """The reason without the names and numbers of this program."""
    return re.sub(r"\b\d+\b", "N", re.sub(r"`[^`]*`", "`…`", reason))


def _row(repo: str, path: str, refused: Any) -> dict[str, Any]:
    place = refused.location
    return {
        "repo": repo, "path": path, "cell": place.cell, "line": place.line, "rule": refused.rule,
        "title": refused.title, "reason": refused.reason,
    }  # fmt: skip


# ---------------------------------------------------------------- promises


def _broken(path: str, raw: bytes, report: FixReport, plan: Plan) -> Iterator[str]:
    """What a fixed file does not keep of what fixing promises."""
    yield from (f"error: {error.message}" for error in report.report.errors)
    if report.rewrite is None:
        if report.applied:
            yield "fixes were reported, and nothing changed"
        return
    after = report.rewrite.after
    text, new_text = read_document(path, raw).text, read_document(path, after).text
    if _parses(text) and not _parses(new_text):
        yield "does not parse"
    if path.endswith(".ipynb") and _without_sources(raw) != _without_sources(after):
        yield "more than sources changed"
    again = fix_source(after, path, SETTINGS, plan)
    if again.rewrite is not None or again.applied:
        yield f"a second run changes it: {[fix.title for fix in again.applied]}"
    old = Counter(finding.rule for finding in lint_source(raw, path, SETTINGS).findings)
    yield from _not_gone(path, old, after, Counter(fix.rule for fix in report.applied))


def _not_gone(path: str, old: Counter[str], after: bytes, applied: Counter[str]) -> Iterator[str]:
    """`old` counts the findings before by rule."""
    new = Counter(finding.rule for finding in lint_source(after, path, SETTINGS).findings)
    for rule in old | new | applied:
        if new[rule] > old[rule] - applied[rule]:
            yield f"{rule}: {old[rule]} findings, {applied[rule]} fixed, {new[rule]} left"


def _parses(text: str) -> bool:
    try:
        parse(text)
    except SyntaxError:
        return False
    return True


def _without_sources(raw: bytes) -> Any:
    notebook = json.loads(raw)
    for holder in notebook.get("worksheets", [notebook]):
        for cell in holder["cells"]:
            cell.pop("source", None)
            cell.pop("input", None)
    return notebook


# ---------------------------------------------------------------- fixes as editors carry them out


def _check_offers(result: Tally, path: str, raw: bytes) -> Iterator[str]:
    """Carries out every fix that is offered, by itself, as an editor would."""
    document = read_document(path, raw)
    findings = lint_source_with_fixes(raw, path, SETTINGS).findings
    old = Counter(finding.rule for finding in findings)
    for finding in findings:
        result.offered += bool(finding.fixes)
        for fix in finding.fixes:
            after = _written(document, raw, _edited(document, fix.edits))
            problems = [*_not_gone(path, old, after, Counter([finding.rule]))]
            if _parses(document.text) and not _parses(read_document(path, after).text):
                problems.append("does not parse")
            yield from (f"offered: {fix.title}: {problem}" for problem in problems)


def _written(document: Document, raw: bytes, sources: Mapping[int | None, str]) -> bytes:
    """The file with these sources, written without mllint's help."""
    if not document.is_notebook:
        return sources[None].encode(document.encoding)
    notebook = json.loads(raw)
    holders = [notebook] if "cells" in notebook else notebook["worksheets"]
    cells = [cell for holder in holders for cell in holder["cells"]]
    for number, source in sources.items():
        cell = cells[(number or 0) - 1]
        cell["source" if "source" in cell else "input"] = source
    return json.dumps(notebook).encode()


def _sources(document: Document) -> dict[int | None, str]:
    return {cell.number: cell.source for cell in document.cells} or {None: document.text}


def _edited(document: Document, edits: Sequence[Edit]) -> dict[int | None, str]:
    """The sources after edits by line and column."""
    sources = _sources(document)
    for edit in sorted(edits, key=lambda edit: (edit.line, edit.column, edit.end_line, edit.end_column), reverse=True):
        source = sources[edit.cell]
        starts = [0, *(newline.end() for newline in NEWLINE.finditer(source))]
        start, end = starts[edit.line - 1] + edit.column - 1, starts[edit.end_line - 1] + edit.end_column - 1
        sources[edit.cell] = source[:start] + edit.text + source[end:]
    return sources


# ---------------------------------------------------------------- the report


def _print(result: Tally) -> None:
    click.echo(
        f"{result.repo}: {result.files} files with {result.findings} errors and warnings, {result.with_repair} with a "
        f"repair, {result.offered} with a proven fix; fixed {result.applied['safe']} safely, "
        f"{result.applied['unsafe']} with unsafe fixes"
    )
    for rule, count in sorted(result.rules.items()):
        click.echo(f"  {count:4} fixed   {rule}")
    for reason, count in result.refused.most_common():
        click.echo(f"  {count:4} refused: {reason}")
    for problem in result.broken:
        click.echo(f"  broken  {problem}")


def _print_markdown(results: Sequence[Tally]) -> None:
    click.echo(
        "| repository | files with findings | findings | with a repair | with a proven fix | fixed, safe "
        "| fixed, unsafe too | refused | promises broken |\n" + "|---" * 9 + "|"
    )
    refused: Counter[str] = Counter()
    rules: Counter[str] = Counter()
    for one in results:
        click.echo(
            f"| {one.repo} | {one.files} | {one.findings} | {one.with_repair} | {one.offered} "
            f"| {one.applied['safe']} | {one.applied['unsafe']} | {one.refused.total()} | {len(one.broken)} |"
        )
        refused += one.refused
        rules += one.rules
    click.echo("\n| rule | fixed, unsafe too |\n|---|---|")
    for rule, count in sorted(rules.items()):
        click.echo(f"| `{rule}` | {count} |")
    click.echo("\n| reason for refusing | times |\n|---|---|")
    for reason, count in refused.most_common():
        click.echo(f"| {reason} | {count} |")


@click.command(help=__doc__, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("checkouts", nargs=-1, required=True, type=checkout)
@click.option("--dump", type=click.File("w", encoding="utf-8"), help="Write what was refused as JSON lines.")
@click.option("--format", "output", type=click.Choice(["text", "markdown"]), default="text", show_default=True)
@click.pass_context
def main(context: click.Context, checkouts: tuple[Checkout, ...], dump: TextIO | None, output: str) -> None:
    """Exits with 1 where a promise was broken."""
    results = []
    for repository in checkouts:
        results.append(run(repository, dump))
        if output == "text":
            _print(results[-1])
    if output == "markdown":
        _print_markdown(results)
    context.exit(any(result.broken for result in results))


if __name__ == "__main__":
    main()
