"""The options that several commands have, and the settings that they make; options go before configuration files."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import click

from mllint.cli import completing
from mllint.cli.outputs import parse_files
from mllint.settings import OUTPUT_FORMATS, Patterns, Settings, SettingsError, SettingsFinder


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


KEYS_AS_OPTIONS: Final = (
    "force_exclude", "pedantic", "fail_level", "show_not_judged", "output_format", "fix", "unsafe_fixes",
    "show_refused", "baseline", "follow_imports", "cache_dir",
)  # fmt: skip
SELECTOR: Final[dict[str, Any]] = {
    "multiple": True,
    "callback": _selectors,
    "metavar": "RULE,…",
    "shell_complete": completing.selectors,
}
GLOB: Final[dict[str, Any]] = {"multiple": True, "callback": _globs, "metavar": "PATTERN,…"}

# ---------------------------------------------------------------- options of several commands

SELECT = click.option(
    "--select", **SELECTOR, help="Run only these rules: names, codes, beginnings of codes, families, all."
)
EXTEND_SELECT = click.option("--extend-select", **SELECTOR, help="Run these rules too.")
IGNORE = click.option("--ignore", **SELECTOR, help="Do not run these rules.")
PEDANTIC = click.option("--pedantic", is_flag=True, default=None, help="Show debatable findings (info) too.")
FOLLOW_IMPORTS = click.option(
    "--no-follow-imports",
    "follow_imports",
    flag_value=False,
    default=None,
    help="Judge each file by itself, without those that it imports or loads.",
)
FAIL_LEVEL = click.option(
    "--fail-level", type=click.Choice(["info", "warning", "error"]), help="Exit 1 from this severity on."
)
EXIT_ZERO = click.option("--exit-zero", is_flag=True, help="Exit 0 whatever is found.")
SHOW_NOT_JUDGED = click.option(
    "--show-not-judged", is_flag=True, default=None, help="Say what could not be judged, and why."
)
OUTPUT_FORMAT = click.option(
    "--output-format",
    type=click.Choice(OUTPUT_FORMATS),
    envvar="MLLINT_OUTPUT_FORMAT",
    show_envvar=True,
    metavar="FORMAT",
    help=f"How findings are printed: {', '.join(OUTPUT_FORMATS)}.",
)
OUTPUT_FILE = click.option(
    "-o",
    "--output-file",
    multiple=True,
    callback=parse_files,
    shell_complete=completing.files,
    metavar="[FORMAT=]FILE",
    help="Write a report to this file; may be repeated. Without FORMAT the suffix says which, or else "
    "--output-format; what goes to a file is not printed.",
)
CACHE_DIR = click.option(
    "--cache-dir",
    metavar="DIRECTORY",
    envvar="MLLINT_CACHE_DIR",
    show_envvar=True,
    help="Keep reports here, by default in .mllint_cache beside the configuration file.",
)
CONFIG = click.option(
    "--config",
    multiple=True,
    metavar="FILE|KEY=VALUE",
    shell_complete=completing.files,
    help="Use this file, or set a key in TOML.",
)
ISOLATED = click.option("--isolated", is_flag=True, help="Read no configuration files.")
COLOUR = click.option(
    "--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="NO_COLOR is honoured."
)
QUIET = click.option("-q", "--quiet", is_flag=True, help="Print findings only, no summary.")


# ---------------------------------------------------------------- settings


def settings_finder(options: Mapping[str, Any]) -> SettingsFinder:
    """Options that a command does not have count as not given. Raises SettingsError."""
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


def _overrides(inline: str, options: Mapping[str, Any]) -> Callable[[Settings], Settings]:
    """What the command line changes in the settings of a file. Raises SettingsError for mistakes in `inline`."""
    from mllint.settings import parse_toml

    table = parse_toml(inline.encode(), "--config") if inline else {}
    table |= {key.replace("_", "-"): options[key] for key in KEYS_AS_OPTIONS if options.get(key) is not None}
    here = Path.cwd()
    Settings().with_table(table, "--config", here)

    def override(settings: Settings) -> Settings:
        if options.get("select"):
            settings = replace(settings, select=options["select"], extend_select=(), ignore=())
        if options.get("exclude"):
            settings = replace(settings, exclude=Patterns(options["exclude"], here))
        if options.get("extend_exclude"):
            more = Patterns(options["extend_exclude"], here)
            settings = replace(settings, extend_exclude=(*settings.extend_exclude, more))
        settings = replace(
            settings,
            extend_select=(*settings.extend_select, *options.get("extend_select", ())),
            ignore=(*settings.ignore, *options.get("ignore", ())),
            ignore_suppressions=options.get("ignore_suppressions", False),
        )
        return settings.with_table(table, "--config", here)

    return override
