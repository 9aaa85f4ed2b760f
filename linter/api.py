"""What a program calls: text, files or paths in; reports out. All of it is to be had from `mllint` itself.

This layer makes the engine pleasant to call, which wants bytes and settings. It runs in the caller's process and
thread: nothing here starts processes, prints, or writes a file, and several threads may call it at once.
"""

from __future__ import annotations

import os
import tokenize
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, AnyStr, Generic, TypeAlias

from mllint import engine
from mllint.files.discovery import Found, IsModel, SourceFile, discover, no_models
from mllint.fixes.plan import SAFE, Plan
from mllint.judging.said_once import said_once
from mllint.results import AppliedFix, Diagnostic, FileReport, RefusedFix
from mllint.settings import Settings, SettingsFinder

if TYPE_CHECKING:
    from mllint.conversion.request import Converted, Goal
    from mllint.registry.packages import RegisteredRule

AnyPath: TypeAlias = "str | os.PathLike[str]"

# ---------------------------------------------------------------- linting


def lint_source(source: str | bytes, path: AnyPath = "<source>", settings: Settings | None = None) -> FileReport:
    """Judges the text of a Python file or, if `path` ends in .ipynb, of a notebook.

    The path is what findings show, what patterns in the settings are compared with, and where imports are looked for:
    no other file is read, and none without `follow-imports`. Without `settings` the defaults hold. Text that cannot be
    parsed gives a report with `errors`.
    """
    return engine.lint_source(_bytes(source), os.fspath(path), settings)


def lint_source_with_fixes(
    source: str | bytes, path: AnyPath = "<source>", settings: Settings | None = None
) -> FileReport:
    """As `lint_source`, and `Finding.fixes` holds every fix that was tried on a copy and found right, best first."""
    return engine.lint_source_with_fixes(_bytes(source), os.fspath(path), settings)


def lint_file(path: AnyPath, settings: Settings | None = None) -> FileReport:
    """Judges a Python file, a notebook, or a saved model: a .keras or .h5 file, or a SavedModel directory.

    Without `settings` those hold that the command would find. What cannot be read gives a report with `errors`.
    """
    from mllint.archive.opening import is_model

    name = os.fspath(path)
    if os.path.isdir(name) and not is_model(Path(name).absolute()):
        return engine.failed(Diagnostic(name, "a directory that holds no saved model; lint_paths looks below it"))
    return next(_reports([name], settings, is_model), FileReport(name))


def lint_paths(paths: AnyPath | Iterable[AnyPath], settings: Settings | None = None) -> list[FileReport]:
    """Judges files and what is below directories, each file once, as the command does.

    Without `settings` those hold for each file that the command would find for it. A path that does not exist and a
    mistake in a configuration file are reports with `errors`. Baselines are not applied: all findings are there.
    """
    several = [paths] if isinstance(paths, (str, os.PathLike)) else paths
    return said_once(list(_reports([os.fspath(path) for path in several], settings, no_models)))


def _reports(paths: Iterable[str], settings: Settings | None, is_model: IsModel) -> Iterator[FileReport]:
    return map(_report, discover(paths, SettingsFinder(fixed=settings), is_model))


def _report(found: Found) -> FileReport:
    if isinstance(found, Diagnostic):
        return engine.failed(found)
    return engine.lint_file(found) if isinstance(found, SourceFile) else engine.lint_model(found)


# ---------------------------------------------------------------- changing


@dataclass(frozen=True, slots=True)
class FixedSource(Generic[AnyStr]):
    """What fixing a text came to."""

    source: AnyStr
    """The text after the fixes, of the type that was given; the text itself where nothing was fixed."""
    report: FileReport
    """On the text after the fixes; its findings hold the fixes that still stand."""
    applied: tuple[AppliedFix, ...] = ()
    """In the order in which they were carried out."""
    refused: tuple[RefusedFix, ...] = ()
    """What the plan asked for and would have done harm, with the reason."""


def fix_source(
    source: AnyStr, path: AnyPath = "<source>", settings: Settings | None = None, plan: Plan = SAFE
) -> FixedSource[AnyStr]:
    """Carries out what the plan allows, `SAFE` or `UNSAFE`, until nothing more can be; no file is written.

    Text that cannot be parsed comes back as it is, with `report.errors`.
    """
    done = engine.fix_source(_bytes(source), os.fspath(path), settings or Settings(), plan)
    after = _like(source, done.rewrite.after) if done.rewrite else source
    return FixedSource(after, done.report, done.applied, done.refused)


@dataclass(frozen=True, slots=True)
class ConvertedSource(Generic[AnyStr]):
    """What converting a text came to."""

    source: AnyStr
    """The text after it, of the type that was given; the text itself where all models were what was asked for."""
    converted: tuple[Converted, ...]
    """The outputs that were changed."""


class CannotConvert(Exception):
    """Nothing is converted; the diagnostic says why, and where."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic)
        self.diagnostic = diagnostic

    def __str__(self) -> str:
        return self.diagnostic.message


def convert_source(
    source: AnyStr,
    to: Goal,
    path: AnyPath = "<source>",
    *,
    line: int | None = None,
    cell: int | None = None,
    output: str | None = None,
    settings: Settings | None = None,
) -> ConvertedSource[AnyStr]:
    """Makes models another kind: "multi-label", "multi-class", "binary", "logits" or "probabilities".

    `line` (1-based, in a notebook within the 1-based `cell`) means the model whose compile or loss call, loss or head
    is nearest; without it all are converted. `output` names one of several outputs. Raises CannotConvert.
    """
    from mllint.conversion.request import GOALS, Request

    if to not in GOALS:
        raise ValueError(f"to is one of {', '.join(GOALS)}; not {to!r}")
    request = Request(to, line, cell, output)
    done = engine.convert_source(_bytes(source), os.fspath(path), settings or Settings(), request)
    if isinstance(done, Diagnostic):
        raise CannotConvert(done)
    return ConvertedSource(_like(source, done.rewrite.after) if done.rewrite else source, done.converted)


# ---------------------------------------------------------------- settings and rules


def settings_for(path: AnyPath) -> Settings:
    """The settings that hold for a file or directory: of the nearest mllint.toml or [tool.mllint] above it.

    Raises SettingsError where that file has a mistake.
    """
    absolute = Path(os.path.abspath(path))
    return SettingsFinder().for_directory(absolute if absolute.is_dir() else absolute.parent)


def settings_from(table: Mapping[str, Any]) -> Settings:
    """Settings from keys as they stand under [tool.mllint]: {"select": ["logits"], "fail-level": "error"}.

    Patterns and paths are relative to the working directory. Raises SettingsError.
    """
    return Settings().with_table(table, "settings", Path.cwd())


def list_rules() -> tuple[RegisteredRule, ...]:
    """Every rule, by code."""
    from mllint import registry

    return registry.rules()


def find_rule(name_or_code: str) -> RegisteredRule:
    """The rule of this name or code. Raises UnknownSelector, whose text has the nearest one."""
    from mllint import registry

    return registry.find(name_or_code)


# ---------------------------------------------------------------- text and bytes


def _bytes(source: str | bytes) -> bytes:
    """The text as it would stand in a file, so that what it says of its encoding is true."""
    return source if isinstance(source, bytes) else source.encode(_encoding(source), "surrogatepass")


def _like(source: AnyStr, after: bytes) -> AnyStr:
    """The bytes as what was given: text or bytes."""
    return after if isinstance(source, bytes) else after.decode(_encoding(source))


def _encoding(text: str) -> str:
    """The encoding that the text says it has (PEP 263); UTF-8 where it says none, or could not be written in it."""
    lines = iter(text.encode("utf-8", "surrogatepass").splitlines(keepends=True))
    try:
        encoding, _ = tokenize.detect_encoding(lambda: next(lines, b""))
        text.encode(encoding)
    except (SyntaxError, UnicodeEncodeError):
        return "utf-8"
    return "utf-8" if encoding == "utf-8-sig" else encoding
