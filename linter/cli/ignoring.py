"""`mllint --add-ignore`: a comment for every finding, with the reason for which it may stay."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mllint.cli.baselines import through_baselines
from mllint.cli.changes import account, print_text, refusals, written
from mllint.cli.output import show
from mllint.cli.request import Request

if TYPE_CHECKING:
    from mllint.results import FileReport, FixReport
    from mllint.settings import Settings


def add_ignores(request: Request, reason: str) -> int:
    """Writes the comments for what the baseline leaves to be shown, and shows what is left."""
    from mllint.engine import lint_source

    if not request.is_of_stdin:
        return _in_files(request, reason)
    text = request.read_stdin()
    linted = text.linted(lint_source)
    shown, _ = through_baselines([linted], request)
    changes = [_ignored(text.source, linted, shown[0], text.settings, reason)]
    print_text(text, changes[0])
    return _show_left(request, changes)


def _in_files(request: Request, reason: str) -> int:
    from mllint.engine import lint_paths

    linted = lint_paths(request.paths, request.finder, is_model=request.is_model, shard=request.shard)
    shown, notes = through_baselines(linted, request)
    if len(shown) > len(linted):  # without its baseline nobody can say what is to be ignored
        return show(shown, request.finder, request.options, notes)
    changes = [written(_in_file(before, now, request, reason)) for before, now in zip(linted, shown, strict=True)]
    return _show_left(request, changes)


def _show_left(request: Request, changes: Sequence[FixReport]) -> int:
    reports, notes = through_baselines([change.report for change in changes], request)
    talk = [*refusals(changes, "ignored"), *notes, account("Ignored", changes)]
    return show(reports, request.finder, request.options, talk, file=request.findings_to)


def _in_file(before: FileReport, shown: FileReport, request: Request, reason: str) -> FixReport:
    from mllint.engine import failed
    from mllint.results import Diagnostic, FixReport, RefusedFix

    if not shown.findings:
        return FixReport(before)
    if shown.findings[0].primary.part is not None:
        why = "a saved model has no comments"
        return FixReport(
            before, refused=tuple(RefusedFix(one.rule, one.code, "", one.primary, why) for one in shown.findings)
        )
    try:
        source = Path(before.path).read_bytes()
    except OSError as error:
        return FixReport(failed(Diagnostic(before.path, f"cannot read: {error.strerror or error}")))
    settings = request.finder.for_directory(Path(before.path).absolute().parent)
    return _ignored(source, before, shown, settings, reason)


def _ignored(source: bytes, before: FileReport, shown: FileReport, settings: Settings, reason: str) -> FixReport:
    """`before` stands where there is nothing to do."""
    from mllint.engine import ignore_source
    from mllint.results import FixReport

    if not shown.findings:
        return FixReport(before)
    return ignore_source(source, before.path, settings, shown.findings, reason)
