"""What a run of `mllint check` is asked to do."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TextIO

import click

from mllint.cli.output import settings_here
from mllint.cli.talk import say
from mllint.files.sharding import WHOLE, Shard
from mllint.settings import Settings, SettingsFinder

if TYPE_CHECKING:
    from mllint.files.discovery import IsModel
    from mllint.fixes.plan import Plan
    from mllint.processes.progress import Follow
    from mllint.results import FileReport, FixReport

STDIN: Final = "-"


@dataclass(frozen=True, slots=True)
class Text:
    """What came in on standard input, and the name and settings that hold for it."""

    source: bytes
    name: str
    settings: Settings
    is_excluded: bool

    def linted(self, lint: Callable[[bytes, str, Settings], FileReport]) -> FileReport:
        from mllint.results import FileReport

        return FileReport(self.name) if self.is_excluded else lint(self.source, self.name, self.settings)

    def fixed(self, plan: Plan) -> FixReport:
        from mllint.engine import fix_source
        from mllint.results import FileReport, FixReport

        if self.is_excluded:
            return FixReport(FileReport(self.name))
        return fix_source(self.source, self.name, self.settings, plan)


@dataclass(frozen=True, slots=True)
class Request:
    """Where to look, by which settings, and the options of the command."""

    paths: tuple[str, ...]
    finder: SettingsFinder
    options: Mapping[str, Any]

    @property
    def is_of_stdin(self) -> bool:
        return STDIN in self.paths

    @property
    def shard(self) -> Shard:
        """The share of the files that is asked for."""
        shard: Shard | None = self.options["shard"]
        return shard or WHOLE

    @property
    def is_model(self) -> IsModel:
        """Which paths below directories are saved models to judge."""
        if self.options["models"]:
            from mllint.archive.opening import is_model

            return is_model
        from mllint.files.discovery import no_models

        return no_models

    @property
    def follow(self) -> Follow:
        """Shows how far the run has come, where somebody sees it."""
        from mllint.cli.progress import follow

        return follow(self.options["quiet"])

    @property
    def findings_to(self) -> TextIO | None:
        """Where findings go while stdout may hold the text of standard input; None is stdout."""
        return sys.stderr if self.is_of_stdin else None

    def say(self, lines: Iterable[str]) -> None:
        """Talk, for those who did not ask for quiet."""
        for line in () if self.options["quiet"] else lines:
            say(line)

    def settings_here(self) -> Settings:
        return settings_here(self.finder)

    def read_stdin(self) -> Text:
        """Raises SettingsError, and click.UsageError where other paths are named too."""
        if len(self.paths) > 1:
            raise click.UsageError("`-` reads standard input and goes with no other path")
        name = self.options["stdin_filename"] or STDIN
        path = Path(os.path.abspath(name))
        settings = self.finder.for_directory(path.parent)
        is_excluded = settings.force_exclude and settings.excludes(path, False, path)
        return Text(sys.stdin.buffer.read(), name, settings, is_excluded)
