"""`mllint --fix`, `--diff` and `--interactive`: repairs carried out, or shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from mllint.cli.baselines import through_baselines
from mllint.cli.changes import account, listed, print_text, refusals, written
from mllint.cli.output import show
from mllint.cli.request import Request
from mllint.cli.talk import CLEAN, FAILED, FINDINGS, say_diff, say_error
from mllint.judging.said_once import said_once
from mllint.reports import Fixing

if TYPE_CHECKING:
    from mllint.findings import Finding
    from mllint.fixes.plan import Plan
    from mllint.results import FixReport


def interact(request: Request) -> int:
    """Asks about each finding, and shows what is left."""
    from mllint.cli.interaction import Conversation, check_terminal
    from mllint.fixes.plan import interactive

    check_terminal()
    if request.is_of_stdin:
        raise click.UsageError("--interactive asks on standard input, which `-` means to read")
    return fix(request, interactive(Conversation().choose))


def fix(request: Request, plan: Plan) -> int:
    """Repairs what the plan allows, and shows what is left."""
    if request.is_of_stdin:
        text = request.read_stdin()
        changes = [text.fixed(plan)]
        print_text(text, changes[0])
    else:
        changes = [written(change) for change in _changes(request, plan)]
    talk = [*listed(changes, "fixed"), *_refusals(changes, request), account("Fixed", changes, _more(changes, request))]
    exit_code = _show_left(request, changes, talk)
    asked_to_fail = request.options["exit_non_zero_on_fix"] and not request.options["exit_zero"]
    return FINDINGS if exit_code == CLEAN and asked_to_fail and any(one.applied for one in changes) else exit_code


def _show_left(request: Request, changes: Sequence[FixReport], talk: Sequence[str]) -> int:
    reports, notes = through_baselines(said_once([change.report for change in changes]), request)
    if request.options["fix_only"]:
        for error in (error for report in reports for error in report.errors):
            say_error(error)
        request.say([*talk, *notes])
        return FAILED if any(report.errors for report in reports) else CLEAN
    fixing = Fixing(
        tuple(one for change in changes for one in change.applied),
        tuple(one for change in changes for one in change.refused),
    )
    return show(reports, request.finder, request.options, [*talk, *notes], file=request.findings_to, fixing=fixing)


def show_diff(request: Request, plan: Plan) -> int:
    """Prints what would be repaired, and writes nothing."""
    from mllint.fixes.diff import of_rewrite

    changes = [request.read_stdin().fixed(plan)] if request.is_of_stdin else list(_changes(request, plan))
    for change in changes:
        for line in of_rewrite(change.rewrite) if change.rewrite else ():
            say_diff(line)
        for error in change.report.errors:
            say_error(error)
    request.say([*_refusals(changes, request), account("Would fix", changes, _more(changes, request))])
    if any(change.report.errors for change in changes):
        return FAILED
    return FINDINGS if any(one.rewrite for one in changes) and not request.options["exit_zero"] else CLEAN


def _changes(request: Request, plan: Plan) -> Iterator[FixReport]:
    from mllint.engine import fix_paths

    return fix_paths(request.paths, request.finder, plan, request.is_model, request.shard, request.follow)


# ---------------------------------------------------------------- what is left


def _refusals(changes: Sequence[FixReport], request: Request) -> Iterator[str]:
    return refusals(changes, "fixed") if request.settings_here().show_refused else iter(())


def _more(changes: Sequence[FixReport], request: Request) -> Iterator[str]:
    """What else could be done."""
    left = [finding for change in changes for finding in change.report.findings if finding.fixes]
    unsafe = sum(map(_is_for_unsafe_fixes, left))
    by_choice = len(left) - unsafe
    refused = sum(len(change.refused) for change in changes)
    if unsafe:
        yield f"{unsafe} more with --unsafe-fixes"
    if by_choice:
        yield f"{by_choice} by choice: --interactive"
    if refused and not request.settings_here().show_refused:
        yield f"{refused} refused: --show-refused"


def _is_for_unsafe_fixes(finding: Finding) -> bool:
    """Whether one way out is the best, and unsafe."""
    levels = [fix.applicability for fix in finding.fixes]
    return levels[0] == "unsafe" and levels.count("unsafe") == 1 and "safe" not in levels
