"""Runs mllint over whole repositories: how much of their training code it judges, and what it says about it.

    python benchmarks/corpora.py [owner/name=]FOLDER… [--labels FOLDER] [--dump findings.jsonl] [--format markdown]

Compile calls are counted independently of mllint, from Python's own syntax tree. `--dump` writes every error and
warning with the code around its places, to be read and labelled; `--labels` reads the verdicts back, one file
owner+name.json per repository: a list of {path, cell, line, rule, true, note}.
"""

from __future__ import annotations

import ast
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import chdir
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, TextIO

import click
from checkouts import Checkout, checkout

from mllint.engine import lint_source
from mllint.facts import Known, Place, Unknown
from mllint.files.first_party import modules_of
from mllint.findings import Finding, Mark, Severity
from mllint.lens import Reading
from mllint.results import FileReport
from mllint.rules import knowledge
from mllint.settings import Settings
from mllint.source.lens import SourceLens
from mllint.source.text.document import Document, UnreadableSource, read_document
from mllint.source.text.prefilter import may_hold_training
from mllint.source.text.syntax import parse

DEFAULT_LABELS = Path(__file__).parent / "labels"
CONTEXT = 4
"""Lines of code shown above and below each place of a dumped finding."""
COMPILE_KEYWORDS = frozenset({"loss", "optimizer", "metrics", "loss_weights", "weighted_metrics", "run_eagerly"})


class CompileCall(NamedTuple):
    """A call of Keras' compile: 1-based line of the document's text, and whether the tables know its loss."""

    line: int
    has_known_loss: bool


class Label(NamedTuple):
    """What a reader said about a finding."""

    is_true: bool
    note: str


FindingKey = tuple[str, "int | None", int, str]
"""Path, cell, line and rule of a finding."""


@dataclass(slots=True)
class Tally:
    """What there is to say about one repository."""

    repo: str
    files: int = 0
    candidates: int = 0
    training_files: int = 0
    """Files with at least one compile call."""
    compile_calls: int = 0
    with_known_loss: int = 0
    judged: int = 0
    judged_with_known_loss: int = 0
    fitted_outputs: int = 0
    known_labels: int = 0
    not_judged: Counter[str] = field(default_factory=Counter)
    findings: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Number of findings by severity and rule."""
    true: Counter[str] = field(default_factory=Counter)
    false: Counter[str] = field(default_factory=Counter)
    unlabelled: list[FindingKey] = field(default_factory=list)
    alarmed_files: set[str] = field(default_factory=set)
    """Files with an error or warning labelled false."""
    faulty_files: set[str] = field(default_factory=set)
    """Files with an error or warning labelled true."""
    crashes: list[str] = field(default_factory=list)


# ---------------------------------------------------------------- compile calls, counted without mllint's lens


def compile_calls(text: str) -> Iterator[CompileCall]:
    """The calls of Keras' compile in Python text. Raises SyntaxError."""
    for node in ast.walk(parse(text)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "compile"
            and _is_keras(node)
        ):
            yield CompileCall(node.lineno, _is_known_loss(_argument(node, "loss", 1)))


def _is_keras(call: ast.Call) -> bool:
    if any(keyword.arg in COMPILE_KEYWORDS for keyword in call.keywords):
        return True
    first = call.args[0] if call.args else None
    if isinstance(first, ast.Constant):
        return isinstance(first.value, str) and first.value.lower() in {"adam", "sgd", "rmsprop", "adamw", "nadam"}
    return isinstance(first, ast.Call) and "optimizer" in ast.unparse(first.func)


def _argument(call: ast.Call, name: str, position: int) -> ast.expr | None:
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    return call.args[position] if len(call.args) > position else None


def _is_known_loss(loss: ast.expr | None) -> bool:
    match loss:
        case ast.Constant(value=str(text)):
            return knowledge.losses().identify(text) is not None
        case ast.Call(func=function):
            return _is_known_loss(function)
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name in _loss_names()
        case ast.List(elts=losses) | ast.Dict(values=losses):
            return bool(losses) and all(map(_is_known_loss, losses))
    return False


def _loss_names() -> frozenset[str]:
    return frozenset(symbol.rpartition(".")[2] for row in knowledge.losses() for symbol in row.symbols)


# ---------------------------------------------------------------- one repository


def run(repository: Checkout, labels: Mapping[FindingKey, Label], dump: TextIO | None) -> Tally:
    """Lints every source file of the repository."""
    result = Tally(repository.repo)
    for file in repository.sources():
        result.files += 1
        raw = file.read_bytes()
        if may_hold_training(raw):
            result.candidates += 1
            with chdir(repository.root):  # what a file imports is looked for from here
                _add_file(result, file.relative_to(repository.root).as_posix(), raw, labels, dump)
    return result


def _add_file(result: Tally, path: str, raw: bytes, labels: Mapping[FindingKey, Label], dump: TextIO | None) -> None:
    try:
        document = read_document(path, raw)
        calls = list(compile_calls(document.text))
    except (UnreadableSource, SyntaxError):
        return  # not Python 3: mllint says so itself, and there is nothing to count
    report = lint_source(raw, path, Settings(pedantic=True, ignore_suppressions=True))
    result.crashes += [f"{path}: {error.message}" for error in report.errors]
    result.training_files += bool(calls)
    if calls:
        _add_coverage(result, calls, document)
    _add_findings(result, report, labels)
    if dump is not None:
        dump.writelines(json.dumps(_excerpt(result.repo, finding, document)) + "\n" for finding in _serious(report))


def _add_coverage(result: Tally, calls: Iterable[CompileCall], document: Document) -> None:
    try:
        lens = SourceLens(document, modules_of(document.path, document.text, Settings()))
        reading = lens.read()
        missing = _missing_by_line(document, lens, reading)
        _count_labels(result, reading)
    except Exception as error:  # engine reports the crash; here the calls are simply not judged
        missing = {}
        result.crashes.append(f"{document.path}: {type(error).__name__}: {error}")
    for call in calls:
        result.compile_calls += 1
        result.with_known_loss += call.has_known_loss
        reasons = missing.get(call.line, ("not seen",))
        if reasons:
            result.not_judged.update(_generalised(reason) for reason in reasons)
        else:
            result.judged += 1
            result.judged_with_known_loss += call.has_known_loss


def _count_labels(result: Tally, reading: Reading) -> None:
    """Outputs of models that the program is seen to fit, and those whose label encoding is known."""
    outputs = [output for setup in reading.setups if setup.fits for output in setup.outputs]
    result.fitted_outputs += len(outputs)
    result.known_labels += sum(isinstance(output.labels.encoding, Known) for output in outputs)


def _missing_by_line(document: Document, lens: SourceLens, reading: Reading) -> dict[int, tuple[str, ...]]:
    """For each line of the text with a training site, what is missing to judge it; nothing where it is judged."""
    first_lines = {cell.number: cell.first_line for cell in document.cells}
    found: dict[int, tuple[str, ...]] = {}
    sites: list[tuple[Place, tuple[str, ...]]] = []
    sites += [(note.place, (f"model: {note.reason}",)) for note in reading.notes]
    for setup in reading.setups:
        facts = [("head", output.head.activation) for output in setup.outputs]
        facts += [("loss", output.loss.name) for output in setup.outputs]
        sites.append(
            (setup.place, tuple({f"{what}: {fact.reason}" for what, fact in facts if isinstance(fact, Unknown)}))
        )
    for place, missing in sites:
        location = lens.locate(Mark("evidence", place, ""))
        if location.path != document.path:
            continue
        line = first_lines.get(location.cell or 0, 1) + location.line - 1
        if line not in found or len(missing) < len(found[line]):
            found[line] = missing
    return found


def _generalised(reason: str) -> str:
    """The reason without the names of this program."""
    return re.sub(r"`[^`]*`", "`…`", reason)


def _add_findings(result: Tally, report: FileReport, labels: Mapping[FindingKey, Label]) -> None:
    result.findings.update((finding.severity.label, finding.rule) for finding in report.findings)
    for finding in _serious(report):
        label = labels.get(_key(finding))
        if label is None:
            result.unlabelled.append(_key(finding))
        elif label.is_true:
            result.true[finding.rule] += 1
            result.faulty_files.add(report.path)
        else:
            result.false[finding.rule] += 1
            result.alarmed_files.add(report.path)


def _serious(report: FileReport) -> Iterator[Finding]:
    return (finding for finding in report.findings if finding.severity >= Severity.WARNING)


def _key(finding: Finding) -> FindingKey:
    place = finding.primary
    return place.path, place.cell, place.line, finding.rule


# ---------------------------------------------------------------- labels and excerpts


def read_labels(path: Path) -> dict[FindingKey, Label]:
    """The verdicts on one repository's findings; empty where nobody has read them."""
    if not path.is_file():
        return {}
    rows = json.loads(path.read_text(encoding="utf-8"))
    return {
        (row["path"], row.get("cell"), row["line"], row["rule"]): Label(row["true"], row.get("note", ""))
        for row in rows
    }


def _excerpt(repo: str, finding: Finding, document: Document) -> dict[str, Any]:
    place = finding.primary
    return {
        "repo": repo,
        "path": place.path,
        "cell": place.cell,
        "line": place.line,
        "rule": finding.rule,
        "severity": finding.severity.label,
        "message": finding.message,
        "places": [
            {
                "role": location.role,
                "cell": location.cell,
                "line": location.line,
                "message": location.message,
                "code": [
                    f"{number}: {document.source_line(number, location.cell)}"
                    for number in range(max(location.line - CONTEXT, 1), location.end_line + CONTEXT + 1)
                ],
            }
            for location in finding.locations
        ],
    }


# ---------------------------------------------------------------- the report


def figures(result: Tally) -> dict[str, Any]:
    """Everything about one repository, ready for JSON."""
    clean_files = result.training_files - len(result.faulty_files)
    true, false = result.true.total(), result.false.total()
    return {
        "repo": result.repo,
        "files": result.files,
        "candidates": result.candidates,
        "training_files": result.training_files,
        "compile_calls": result.compile_calls,
        "with_known_loss": result.with_known_loss,
        "judged": result.judged,
        "judged_with_known_loss": result.judged_with_known_loss,
        "fitted_outputs": result.fitted_outputs,
        "known_labels": result.known_labels,
        "not_judged": dict(result.not_judged.most_common()),
        "findings": {f"{severity} {rule}": count for (severity, rule), count in sorted(result.findings.items())},
        "true": dict(result.true),
        "false": dict(result.false),
        "unlabelled": result.unlabelled,
        "precision": true / (true + false) if true + false else None,
        "false_alarms_per_100_clean_files": 100 * len(result.alarmed_files) / clean_files if clean_files > 0 else None,
        "crashes": result.crashes,
    }


def _print(result: Tally) -> None:
    shown = figures(result)
    click.echo(f"{result.repo}: {result.files} files, {result.candidates} candidates, {result.training_files} compile")
    click.echo(
        f"  compile calls {result.compile_calls}, judged {_share(result.judged, result.compile_calls)}; with a known "
        f"loss {result.with_known_loss}, judged {_share(result.judged_with_known_loss, result.with_known_loss)}"
    )
    click.echo(f"  fitted outputs {result.fitted_outputs}, label encoding known {result.known_labels}")
    for (severity, rule), count in sorted(result.findings.items()):
        read = f"true {result.true[rule]}, false {result.false[rule]}" if severity != "info" else "not read"
        click.echo(f"  {count:4} {severity:8} {rule:48} {read}")
    if shown["precision"] is not None:
        alarms = _decimal(shown["false_alarms_per_100_clean_files"])
        click.echo(f"  precision {shown['precision']:.1%}; files with a false alarm per 100 clean ones {alarms}")
    for path, cell, line, rule in result.unlabelled:
        click.echo(f"  unread  {path}:{f'cell {cell}:' if cell is not None else ''}{line} {rule}")
    for reason, count in result.not_judged.most_common(12):
        click.echo(f"  {count:4} not judged: {reason}")
    for crash in result.crashes:
        click.echo(f"  crash   {crash}")


def _share(part: int, whole: int) -> str:
    return f"{part} ({part / whole:.0%})" if whole else "0"


def _decimal(number: float | None) -> str:
    return "-" if number is None else f"{number:.1f}"


def _print_markdown(results: Iterable[Tally]) -> None:
    click.echo(
        "| repository | files that compile | compile calls | with a known loss | of these judged "
        "| fitted outputs | of these with known labels "
        "| errors and warnings | true | files with a false alarm per 100 clean ones |\n" + "|---" * 10 + "|"
    )
    rules: Counter[tuple[str, str]] = Counter()
    true: Counter[str] = Counter()
    false: Counter[str] = Counter()
    for result in results:
        shown = figures(result)
        alarms = _decimal(shown["false_alarms_per_100_clean_files"])
        serious = [count for (severity, _), count in result.findings.items() if severity != "info"]
        click.echo(
            f"| {result.repo} | {result.training_files} | {result.compile_calls} | {result.with_known_loss} "
            f"| {_share(result.judged_with_known_loss, result.with_known_loss)} "
            f"| {result.fitted_outputs} | {_share(result.known_labels, result.fitted_outputs)} | {sum(serious)} "
            f"| {result.true.total()} | {alarms} |"
        )
        rules += result.findings
        true += result.true
        false += result.false
    click.echo("\n| rule | findings | true | false |\n|---|---|---|---|")
    for rule in sorted({rule for severity, rule in rules if severity != "info"}):
        count = sum(number for (severity, name), number in rules.items() if name == rule and severity != "info")
        click.echo(f"| `{rule}` | {count} | {true[rule]} | {false[rule]} |")


@click.command(help=__doc__, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("checkouts", nargs=-1, required=True, type=checkout)
@click.option("--labels", "labels_folder", default=DEFAULT_LABELS, type=click.Path(path_type=Path))
@click.option("--dump", type=click.File("w", encoding="utf-8"), help="Write findings and their code as JSON lines.")
@click.option("--format", "output", type=click.Choice(["text", "markdown", "json"]), default="text", show_default=True)
def main(checkouts: tuple[Checkout, ...], labels_folder: Path, dump: TextIO | None, output: str) -> None:
    results = []
    for repository in checkouts:
        labels = read_labels(labels_folder / f"{repository.file_name}.json")
        results.append(run(repository, labels, dump))
        if output == "text":
            _print(results[-1])
    if output == "json":
        click.echo(json.dumps([figures(result) for result in results], indent=1))
    elif output == "markdown":
        _print_markdown(results)


if __name__ == "__main__":
    main()
