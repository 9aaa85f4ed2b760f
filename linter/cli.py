"""The command line: arguments → settings → engine → report → exit code.

Exit: 0 clean, 1 findings at or above the fail level, 2 could not do what was asked.
Findings go to stdout, talk goes to stderr.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

import click

from mllint import __version__
from mllint.settings import OUTPUT_FORMATS, Patterns, Settings, SettingsError, SettingsFinder

if TYPE_CHECKING:
    from mllint.registry import RegisteredRule
    from mllint.results import Diagnostic, FileReport

CLEAN: Final = 0
FINDINGS: Final = 1
FAILED: Final = 2
COMMAND_LINE: Final = "command line"
STDIN: Final = "-"


def main() -> NoReturn:
    """The console script. Users never see a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        mllint(prog_name="mllint")
    except Exception as error:
        text = " ".join(f"{type(error).__name__}: {error}".split())
        click.echo(f"mllint crashed: {text}; this is a bug in mllint, please report it", err=True)
    sys.exit(FAILED)


class _CheckByDefault(click.Group):
    """`mllint PATH` is `mllint check PATH`."""

    def parse_args(self, context: click.Context, arguments: list[str]) -> list[str]:
        own = {*self.commands, *self.get_help_option_names(context), "--version"}
        if not arguments or arguments[0] not in own:
            arguments = ["check", *arguments]
        return super().parse_args(context, arguments)


@click.group(cls=_CheckByDefault, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="mllint", message="%(prog)s %(version)s")
def mllint() -> None:
    """Finds Keras models whose head, loss, labels or metrics do not belong together.

    `mllint PATH…` is short for `mllint check PATH…`; `mllint check --help` lists its options.
    """


# ---------------------------------------------------------------- check


def _selectors(context: click.Context, parameter: click.Parameter, values: Sequence[str]) -> tuple[str, ...]:
    selectors = tuple(part.strip() for value in values for part in value.split(",") if part.strip())
    if selectors:
        from mllint import registry

        for selector in selectors:
            try:
                registry.matching(selector)
            except registry.UnknownSelector as error:
                raise click.BadParameter(str(error)) from None
    return selectors


def _globs(context: click.Context, parameter: click.Parameter, values: Sequence[str]) -> tuple[str, ...]:
    return tuple(part.strip() for value in values for part in value.split(",") if part.strip())


_SELECTOR: Final[dict[str, Any]] = {"multiple": True, "callback": _selectors, "metavar": "RULE,…"}
_GLOB: Final[dict[str, Any]] = {"multiple": True, "callback": _globs, "metavar": "PATTERN,…"}


@mllint.command()
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("--select", **_SELECTOR, help="Run only these rules: names, codes, beginnings of codes, families, all.")
@click.option("--extend-select", **_SELECTOR, help="Run these rules too.")
@click.option("--ignore", **_SELECTOR, help="Do not run these rules.")
@click.option("--exclude", **_GLOB, help="Skip these paths, in place of the default list; patterns as in .gitignore.")
@click.option("--extend-exclude", **_GLOB, help="Skip these paths too.")
@click.option("--force-exclude/--no-force-exclude", default=None, help="Skip excluded files even if they are named.")
@click.option("--pedantic", is_flag=True, default=None, help="Show debatable findings (info) too.")
@click.option("--fail-level", type=click.Choice(["info", "warning", "error"]), help="Exit 1 from this severity on.")
@click.option("--exit-zero", is_flag=True, help="Exit 0 whatever is found.")
@click.option("--ignore-suppressions", is_flag=True, help="Show what comments silence.")
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
    context.color = _color(options["color"])
    try:
        finder = _finder(options)
        context.exit(_check(paths or (".",), finder, options))
    except SettingsError as error:
        from mllint.discovery import mistake

        _say_error(mistake(error))
        context.exit(FAILED)
    except KeyboardInterrupt:
        click.echo("interrupted", err=True)
        context.exit(FAILED)


def _check(paths: Sequence[str], finder: SettingsFinder, options: dict[str, Any]) -> int:
    if options["show_settings"]:
        return _show_settings(paths[0], finder)
    if options["show_files"]:
        return _show_files(paths, finder)
    if STDIN in paths:
        reports = _lint_stdin(paths, finder, options["stdin_filename"] or STDIN)
    else:
        from mllint.engine import lint_paths

        reports = lint_paths(paths, finder)
    _show(reports, _settings_here(finder), options)
    if any(report.errors for report in reports):
        return FAILED
    return FINDINGS if any(report.fails for report in reports) and not options["exit_zero"] else CLEAN


def _lint_stdin(paths: Sequence[str], finder: SettingsFinder, name: str) -> list[FileReport]:
    from mllint.engine import lint_source

    if len(paths) > 1:
        raise click.UsageError("`-` reads standard input and goes with no other path")
    path = Path(os.path.abspath(name))
    settings = finder.for_directory(path.parent)
    if settings.force_exclude and settings.excludes(path, False, path):
        return []
    return [lint_source(sys.stdin.buffer.read(), name, settings)]


def _settings_here(finder: SettingsFinder) -> Settings:
    """How to print is decided where the command runs; mistakes in the files are reported with what they govern."""
    try:
        return finder.for_directory(Path.cwd())
    except SettingsError:
        return Settings()


def _color(choice: str) -> bool | None:
    """None leaves it to whether the output is a terminal."""
    if choice != "auto":
        return choice == "always"
    return False if os.environ.get("NO_COLOR") else None


# ---------------------------------------------------------------- settings from options


def _finder(options: dict[str, Any]) -> SettingsFinder:
    """Raises SettingsError."""
    files = [value for value in options["config"] if "=" not in value or os.path.exists(value)]
    if len(files) > 1:
        raise click.UsageError("--config takes one file")
    if files and options["isolated"]:
        raise click.UsageError("--isolated and --config FILE exclude each other")
    inline = "\n".join(value for value in options["config"] if value not in files)
    return SettingsFinder(_overrides(inline, options), fixed=_fixed(files, options["isolated"]))


def _fixed(files: Sequence[str], isolated: bool) -> Settings | None:
    from mllint.settings import read_file

    if not files:
        return Settings() if isolated else None
    settings = read_file(Path(os.path.abspath(files[0])))
    if settings is None:
        found = os.path.isfile(files[0])
        raise SettingsError(files[0], "has no [tool.mllint] table" if found else "no such file")
    return settings


def _overrides(inline: str, options: dict[str, Any]) -> Callable[[Settings], Settings]:
    """What the command line changes in the settings of a file. Raises SettingsError for mistakes in `inline`."""
    from mllint.settings import parse_toml

    table = parse_toml(inline.encode(), "--config") if inline else {}
    table |= {
        key.replace("_", "-"): options[key]
        for key in ("force_exclude", "pedantic", "fail_level", "show_not_judged", "output_format")
        if options[key] is not None
    }
    here = Path.cwd()
    Settings().with_table(table, "--config", here)

    def override(settings: Settings) -> Settings:
        if options["select"]:
            settings = replace(settings, select=options["select"], extend_select=(), ignore=())
        if options["exclude"]:
            settings = replace(settings, exclude=Patterns(options["exclude"], here))
        if options["extend_exclude"]:
            more = Patterns(options["extend_exclude"], here)
            settings = replace(settings, extend_exclude=(*settings.extend_exclude, more))
        settings = replace(
            settings,
            extend_select=(*settings.extend_select, *options["extend_select"]),
            ignore=(*settings.ignore, *options["ignore"]),
            ignore_suppressions=options["ignore_suppressions"],
        )
        return settings.with_table(table, "--config", here)

    return override


def _show_settings(path: str, finder: SettingsFinder) -> int:
    absolute = Path(os.path.abspath(path))
    settings = finder.for_directory(absolute if absolute.is_dir() else absolute.parent)
    click.echo(f"# {settings.source or 'no configuration file'}")
    for line in settings.as_toml():
        click.echo(line)
    return CLEAN


def _show_files(paths: Iterable[str], finder: SettingsFinder) -> int:
    from mllint.discovery import SourceFile, discover

    exit_code = CLEAN
    for found in discover(paths, finder):
        if isinstance(found, SourceFile):
            click.echo(found.path)
        else:
            _say_error(found)
            exit_code = FAILED
    return exit_code


# ---------------------------------------------------------------- output


def _show(reports: Sequence[FileReport], settings: Settings, options: dict[str, Any]) -> None:
    from mllint.reports import View, render

    output_format = "statistics" if options["statistics"] else settings.output_format
    if output_format == "json" or any(report.findings or report.not_judged for report in reports):
        for line in render(output_format, reports, View(settings.show_not_judged)):
            click.echo(line)
    for report in reports:
        for error in report.errors:
            _say_error(error)
    if not options["quiet"]:
        click.echo(_summary(reports), err=True)


def _say_error(error: Diagnostic) -> None:
    cell = f":cell {error.cell}" if error.cell is not None else ""
    line = f":{error.line}" if error.line is not None else ""
    column = f":{error.column}" if error.line is not None and error.column is not None else ""
    where = click.style(f"{error.path}{cell}{line}{column}", bold=True)
    click.echo(f"{where}: {click.style('error', fg='red')}: {error.message}", err=True)


def _summary(reports: Sequence[FileReport]) -> str:
    """Found 2 errors, 1 warning in 2 of 3 files (7 setups judged, 2 not judged: --show-not-judged)."""
    counts = Counter(finding.severity for report in reports for finding in report.findings)
    found = ", ".join(_counted(counts[severity], severity.label) for severity in sorted(counts, reverse=True))
    files = _counted(len(reports), "file")
    of_these = sum(bool(report.findings) for report in reports)
    share = f"{of_these} of " if 0 < of_these < len(reports) else ""
    headline = f"Found {found or 'nothing'} in {share}{files}"
    not_judged = sum(len(report.not_judged) for report in reports)
    suppressed = sum(report.suppressed for report in reports)
    details = [f"{_counted(sum(report.judged for report in reports), 'setup')} judged"]
    labels = sum(report.labels_not_known for report in reports)
    details += [f"{labels} on labels that are not known: mllint facts"] if labels else []
    details += [f"{not_judged} not judged: --show-not-judged"] if not_judged else []
    details += [f"{suppressed} suppressed"] if suppressed else []
    unread = sum(bool(report.errors) for report in reports)
    details += [f"{unread} not read, see above"] if unread else []
    return f"{headline} ({', '.join(details)})"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 or noun == 'info' else 's'}"


# ---------------------------------------------------------------- rule


@mllint.command()
@click.argument("name", required=False)
@click.option("--all", "show_all", is_flag=True, help="List every rule.")
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text")
def rule(name: str | None, show_all: bool, output_format: str) -> None:
    """Explain a rule, by its name or code."""
    from mllint import registry
    from mllint.reports import rules as listing

    if show_all == (name is not None):
        raise click.UsageError("name one rule, or ask for --all")
    try:
        chosen: Sequence[RegisteredRule] = registry.rules() if name is None else (registry.find(name),)
    except registry.UnknownSelector as error:
        raise click.BadParameter(str(error), param_hint="NAME") from None
    if output_format == "json":
        click.echo(listing.as_json(chosen))
    elif show_all:
        click.echo(listing.as_table(chosen))
    else:
        click.echo(chosen[0].page().strip())


# ---------------------------------------------------------------- facts


@mllint.command()
@click.argument("path", type=click.Path())
@click.pass_context
def facts(context: click.Context, /, path: str) -> None:
    """Print what is understood of the training setups in a file, what is not, and why."""
    from mllint.engine import describe_facts

    lines = describe_facts(path)
    if not isinstance(lines, list):
        _say_error(lines)
        context.exit(FAILED)
    for line in lines or [f"{path}: no training setup found"]:
        click.echo(line)
