"""`mllint check`: lints, reports, and sets the exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from mllint.cli.baselines import through_baselines
from mllint.cli.options import GLOB, SELECTOR, settings_finder
from mllint.cli.output import show
from mllint.cli.talk import CLEAN, FAILED, colour, say_error
from mllint.settings import OUTPUT_FORMATS, SettingsError, SettingsFinder

if TYPE_CHECKING:
    from mllint.discovery import IsModel
    from mllint.results import FileReport

STDIN: Final = "-"


@click.command()
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("--select", **SELECTOR, help="Run only these rules: names, codes, beginnings of codes, families, all.")
@click.option("--extend-select", **SELECTOR, help="Run these rules too.")
@click.option("--ignore", **SELECTOR, help="Do not run these rules.")
@click.option("--exclude", **GLOB, help="Skip these paths, in place of the default list; patterns as in .gitignore.")
@click.option("--extend-exclude", **GLOB, help="Skip these paths too.")
@click.option("--force-exclude/--no-force-exclude", default=None, help="Skip excluded files even if they are named.")
@click.option("--models", is_flag=True, help="Judge the saved models below directories too.")
@click.option("--pedantic", is_flag=True, default=None, help="Show debatable findings (info) too.")
@click.option("--fail-level", type=click.Choice(["info", "warning", "error"]), help="Exit 1 from this severity on.")
@click.option("--exit-zero", is_flag=True, help="Exit 0 whatever is found.")
@click.option("--ignore-suppressions", is_flag=True, help="Show what comments silence.")
@click.option("--baseline", metavar="FILE", help="Leave out the findings that this file records.")
@click.option("--write-baseline", "update", flag_value="write", help="Record all findings in the baseline.")
@click.option("--prune-baseline", "update", flag_value="prune", help="Take out of the baseline what is gone.")
@click.option("--show-not-judged", is_flag=True, default=None, help="Say what could not be judged, and why.")
@click.option(
    "--output-format",
    type=click.Choice(OUTPUT_FORMATS),
    envvar="MLLINT_OUTPUT_FORMAT",
    show_envvar=True,
    help="How findings are printed.",
)
@click.option("--statistics", is_flag=True, help="Count findings by rule instead of showing them.")
@click.option("--config", multiple=True, metavar="FILE|KEY=VALUE", help="Use this file, or set a key in TOML.")
@click.option("--isolated", is_flag=True, help="Read no configuration files.")
@click.option("--stdin-filename", metavar="NAME", help="The name of what `-` reads from standard input.")
@click.option("--show-settings", is_flag=True, help="Print the settings that hold for the first path, and stop.")
@click.option("--show-files", is_flag=True, help="Print the files that would be linted, and stop.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="NO_COLOR is honoured.")
@click.option("-q", "--quiet", is_flag=True, help="Print findings only, no summary.")
@click.pass_context
def check(context: click.Context, /, paths: tuple[str, ...], **options: Any) -> None:
    """Judge the training code in files, directories and notebooks; `-` is standard input.

    Without PATHS the current directory is linted.
    """
    context.color = colour(options["color"])
    try:
        finder = settings_finder(options)
        context.exit(_check(paths or (".",), finder, options))
    except SettingsError as error:
        from mllint.discovery import mistake

        say_error(mistake(error))
        context.exit(FAILED)
    except KeyboardInterrupt:
        click.echo("interrupted", err=True)
        context.exit(FAILED)


def _check(paths: Sequence[str], finder: SettingsFinder, options: dict[str, Any]) -> int:
    if options["show_settings"]:
        return _show_settings(paths[0], finder)
    if options["show_files"]:
        return _show_files(paths, finder, _is_model(options))
    if STDIN in paths:
        reports = _lint_stdin(paths, finder, options["stdin_filename"] or STDIN)
    else:
        from mllint.engine import lint_paths

        reports = lint_paths(paths, finder, is_model=_is_model(options))
    reports, notes = through_baselines(reports, finder, options["update"])
    exit_code = show(reports, finder, options)
    for note in () if options["quiet"] else notes:
        click.echo(note, err=True)
    return exit_code


def _lint_stdin(paths: Sequence[str], finder: SettingsFinder, name: str) -> list[FileReport]:
    from mllint.engine import lint_source

    if len(paths) > 1:
        raise click.UsageError("`-` reads standard input and goes with no other path")
    path = Path(os.path.abspath(name))
    settings = finder.for_directory(path.parent)
    if settings.force_exclude and settings.excludes(path, False, path):
        return []
    return [lint_source(sys.stdin.buffer.read(), name, settings)]


def _show_settings(path: str, finder: SettingsFinder) -> int:
    absolute = Path(os.path.abspath(path))
    settings = finder.for_directory(absolute if absolute.is_dir() else absolute.parent)
    click.echo(f"# {settings.source or 'no configuration file'}")
    for line in settings.as_toml():
        click.echo(line)
    return CLEAN


def _show_files(paths: Iterable[str], finder: SettingsFinder, is_model: IsModel) -> int:
    from mllint.discovery import discover
    from mllint.results import Diagnostic

    exit_code = CLEAN
    for found in discover(paths, finder, is_model):
        if isinstance(found, Diagnostic):
            say_error(found)
            exit_code = FAILED
        else:
            click.echo(found.path)
    return exit_code


def _is_model(options: dict[str, Any]) -> IsModel:
    if options["models"]:
        from mllint.archive.opening import is_model

        return is_model
    from mllint.discovery import no_models

    return no_models
