"""`mllint check`: lints, reports, and sets the exit code; fixes and silences where that is asked."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from mllint.cli.baselines import through_baselines
from mllint.cli.changed import check_revision, on_changed_lines
from mllint.cli.completing import files
from mllint.cli.help import Sectioned
from mllint.cli.options import (
    CACHE_DIR,
    COLOUR,
    CONFIG,
    EXIT_ZERO,
    EXTEND_SELECT,
    FAIL_LEVEL,
    FOLLOW_IMPORTS,
    GLOB,
    IGNORE,
    ISOLATED,
    OUTPUT_FILE,
    OUTPUT_FORMAT,
    PEDANTIC,
    QUIET,
    SELECT,
    SHOW_NOT_JUDGED,
    settings_finder,
)
from mllint.cli.output import show
from mllint.cli.outputs import offers_fixes, outputs
from mllint.cli.request import Request
from mllint.cli.talk import CLEAN, FAILED, colour, fixable, say_error
from mllint.files.sharding import Shard, shard
from mllint.settings import SettingsError

if TYPE_CHECKING:
    from mllint.cache import Memory

EXCLUDE_EACH_OTHER: Final = {
    "add_ignore": ("fix", "fix_only", "diff", "interactive", "write_baseline", "prune_baseline", "ignore_suppressions"),
    "shard": ("write_baseline", "prune_baseline"),
    "watch": ("add_ignore", "interactive", "write_baseline", "prune_baseline", "show_settings", "show_files"),
    "diff_base": ("add_ignore", "fix", "fix_only", "diff", "interactive", "write_baseline", "prune_baseline"),
    "diff": ("interactive", "fix_only", "write_baseline", "prune_baseline"),
    "output_file": ("diff", "fix_only"),
    "interactive": ("fix_only",),
    "write_baseline": ("prune_baseline",),
}


SECTIONS: Final = {
    "Which files": (
        "exclude", "extend_exclude", "force_exclude", "follow_imports", "models", "shard", "stdin_filename",
        "show_files",
    ),
    "Which rules": ("select", "extend_select", "ignore", "pedantic"),
    "Which findings": (
        "diff_base", "baseline", "write_baseline", "prune_baseline", "add_ignore", "ignore_suppressions",
    ),
    "Fixing": (
        "fix", "unsafe_fixes", "diff", "interactive", "fix_only", "exit_non_zero_on_fix", "show_refused",
    ),
    "Output": ("output_format", "output_file", "statistics", "show_not_judged", "watch", "color", "quiet"),
    "Exit code": ("fail_level", "exit_zero"),
    "Settings": ("config", "isolated", "show_settings"),
    "Cache": ("no_cache", "cache_dir"),
}  # fmt: skip
EXAMPLES: Final = """
mllint src/ train.ipynb  # directories, files and notebooks; without paths: the current directory
mllint --diff src/  # see what --fix would change
mllint --interactive train.py  # see each finding with its fixes, and choose
mllint --diff-base origin/main  # only what concerns lines of this branch
mllint --baseline old.json --write-baseline  # begin in old code: record what is there
mllint --output-format concise -q  # one line for each finding, and nothing else
"""


class _Check(Sectioned):
    """`--add-ignore` has no reason unless one is joined to it, so that it does not swallow the path that follows."""

    def parse_args(self, context: click.Context, arguments: list[str]) -> list[str]:
        joined = ["--add-ignore=" if argument == "--add-ignore" else argument for argument in arguments]
        return super().parse_args(context, joined)


def _reason(context: click.Context, parameter: click.Parameter, reason: str | None) -> str | None:
    if reason is not None and not reason.isprintable():
        raise click.BadParameter("a reason is one line of text")
    return reason.strip() if reason is not None else None


def _shard(context: click.Context, parameter: click.Parameter, text: str | None) -> Shard | None:
    try:
        return shard(text) if text is not None else None
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


@click.command(cls=_Check, sections=SECTIONS, examples=EXAMPLES)
@click.argument("paths", nargs=-1, type=click.Path())
@SELECT
@EXTEND_SELECT
@IGNORE
@click.option("--exclude", **GLOB, help="Skip these paths, in place of the default list; patterns as in .gitignore.")
@click.option("--extend-exclude", **GLOB, help="Skip these paths too.")
@click.option("--force-exclude/--no-force-exclude", default=None, help="Skip excluded files even if they are named.")
@FOLLOW_IMPORTS
@click.option("--shard", callback=_shard, metavar="I/N", help="Judge the I-th of N shares of the files.")
@click.option("--models", is_flag=True, help="Judge the saved models below directories too.")
@click.option("--fix/--no-fix", default=None, help="Carry out the safe fixes.")
@click.option("--unsafe-fixes/--no-unsafe-fixes", default=None, help="With --fix or --diff: the unsafe fixes too.")
@click.option("--diff", is_flag=True, help="Print what --fix would change, and change nothing.")
@click.option("--interactive", is_flag=True, help="Show each finding with its fixes, and ask.")
@click.option("--fix-only", is_flag=True, help="Carry out fixes, and do not report what is left.")
@click.option("--exit-non-zero-on-fix", is_flag=True, help="Exit 1 if something was fixed, even if nothing is left.")
@click.option("--show-refused", is_flag=True, default=None, help="Say which fixes were not carried out, and why.")
@click.option("--add-ignore", callback=_reason, metavar="[=REASON]", help="Write a comment that silences each finding.")
@click.option("--baseline", metavar="FILE", shell_complete=files, help="Leave out the findings that this file records.")
@click.option("--write-baseline", is_flag=True, help="Record all findings in the baseline.")
@click.option("--diff-base", metavar="REV", help="Show what concerns lines that were changed since this git revision.")
@click.option("--prune-baseline", is_flag=True, help="Take out of the baseline what is gone.")
@PEDANTIC
@FAIL_LEVEL
@EXIT_ZERO
@click.option("--ignore-suppressions", is_flag=True, help="Show what comments silence.")
@SHOW_NOT_JUDGED
@OUTPUT_FORMAT
@OUTPUT_FILE
@click.option("--statistics", is_flag=True, help="Count findings by rule instead of showing them.")
@click.option("--no-cache", is_flag=True, help="Look at every file anew, and keep nothing.")
@CACHE_DIR
@CONFIG
@ISOLATED
@click.option("--stdin-filename", metavar="NAME", help="The name of what `-` reads from standard input.")
@click.option("--show-settings", is_flag=True, help="Print the settings that hold for the first path, and stop.")
@click.option("--show-files", is_flag=True, help="Print the files that would be linted, and stop.")
@click.option("--watch", is_flag=True, help="Judge again whenever a file has changed, until Ctrl-C.")
@COLOUR
@QUIET
@click.pass_context
def check(context: click.Context, /, **options: Any) -> None:
    """Judge the training code in files, directories and notebooks; `-` is standard input.

    Without PATHS the current directory is linted.
    """
    context.color = colour(options["color"])
    _check_options(options)
    paths = options["paths"] or (".",)
    run = partial(_run, paths, options)
    if options["watch"]:
        from mllint.cli.watching import check_watchable, watch

        check_watchable(paths)
        written = [file.path for file in options["output_file"]]
        context.exit(watch(paths, run, options["quiet"], written))
    context.exit(run())


def _run(paths: tuple[str, ...], options: Mapping[str, Any]) -> int:
    """The exit code; --watch goes on after a mistake in the settings."""
    try:
        request = Request(paths, settings_finder(options), options)
        return _mode(request)(request)
    except SettingsError as error:
        from mllint.files.discovery import mistake

        say_error(mistake(error))
        return FAILED


def _mode(request: Request) -> Callable[[Request], int]:
    """What to do. Raises click.UsageError for options that do not go together."""
    options = request.options
    if options["show_settings"]:
        return _show_settings
    if options["show_files"]:
        return _show_files
    if options["add_ignore"] is not None:
        from mllint.cli.ignoring import add_ignores

        return partial(add_ignores, reason=options["add_ignore"])
    settings = request.settings_here()
    if settings.fix and options["diff_base"] is not None:
        raise click.UsageError("--diff-base shows findings and fixes none: --no-fix")
    if not (settings.fix or options["fix_only"] or options["diff"] or options["interactive"]):
        return _lint
    from mllint.cli import fixing
    from mllint.fixes.plan import SAFE, UNSAFE

    if options["interactive"]:
        return fixing.interact
    return partial(fixing.show_diff if options["diff"] else fixing.fix, plan=UNSAFE if settings.unsafe_fixes else SAFE)


def _check_options(options: Mapping[str, Any]) -> None:
    """Raises click.UsageError."""
    for one, others in EXCLUDE_EACH_OTHER.items():
        for other in others:
            if _is_given(options[one]) and _is_given(options[other]):
                spelled = [f"--{name.replace('_', '-')}" for name in (one, other)]
                raise click.UsageError(f"{' and '.join(spelled)} exclude each other")


def _is_given(value: object) -> bool:
    return value not in (None, False, ())


def _lint(request: Request) -> int:
    from mllint import engine

    check_revision(request)
    tries_fixes = offers_fixes(outputs(request.options, request.settings_here()))
    if request.is_of_stdin:
        lint = engine.lint_source_with_fixes if tries_fixes else engine.lint_source
        linted = [request.read_stdin().linted(lint)]
    else:
        lint_file = engine.lint_file_with_fixes if tries_fixes else engine.lint_file
        memory = _memory(request, "with fixes" if tries_fixes else "without")
        linted = engine.lint_paths(
            request.paths, request.finder, lint_file, request.is_model, request.shard, request.follow, memory
        )
    reports, notes = through_baselines(linted, request)
    reports = on_changed_lines(reports, request)
    return show(reports, request.finder, request.options, notes, fixable(reports, tries_fixes))


def _memory(request: Request, kept: str) -> Memory:
    if request.options["no_cache"]:
        from mllint.cache import NOTHING_KEPT

        return NOTHING_KEPT
    from mllint.cache.keeping import Cache

    return Cache(kept)


def _show_settings(request: Request) -> int:
    absolute = Path(os.path.abspath(request.paths[0]))
    settings = request.finder.for_directory(absolute if absolute.is_dir() else absolute.parent)
    click.echo(f"# {settings.source or 'no configuration file'}")
    for line in settings.as_toml():
        click.echo(line)
    return CLEAN


def _show_files(request: Request) -> int:
    from mllint.files.discovery import discover
    from mllint.files.file_names import quoted
    from mllint.results import Diagnostic

    exit_code = CLEAN
    for found in discover(request.paths, request.finder, request.is_model, request.shard):
        if isinstance(found, Diagnostic):
            say_error(found)
            exit_code = FAILED
        else:
            click.echo(quoted(found.path))
    return exit_code
