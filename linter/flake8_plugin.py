"""The findings as errors of flake8, by the protocol of its plugins for syntax trees
(https://flake8.pycqa.org/en/latest/plugin-development/plugin-parameters.html).

The settings are those of `mllint` for the file. flake8 reads no notebooks, and reports an error at one place.
"""

from __future__ import annotations

import tokenize
from ast import AST
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from mllint import __version__

if TYPE_CHECKING:
    from mllint.findings import Finding
    from mllint.results import Diagnostic, FileReport
    from mllint.settings import SettingsFinder

Error: TypeAlias = "tuple[int, int, str, type[Checker]]"
"""1-based line, 0-based column, code and text, and who says it."""

OWN: Final = "MLL"
"""The only beginning of codes that flake8 lets through."""
FAILED: Final = "MLL000"
"""The code of what kept mllint from judging the file."""
OF_A_PLUGIN: Final = "MLL999"
"""The code of what a rule of somebody else found; its own follows."""


class Checker:
    """Looks at one file. flake8 gives what parameters name: the tree, which is not used, makes it ask once a file."""

    name = "mllint"
    version = __version__

    def __init__(self, tree: AST, filename: str, lines: Sequence[str]) -> None:
        self.filename = filename
        self.lines = lines

    def run(self) -> Iterator[Error]:
        report = self._report()
        yield from map(self._failure, (*report.errors, *_broken_plugins(report)))
        yield from map(self._error, report.findings)

    def _report(self) -> FileReport:
        from mllint.engine import failed, lint_source
        from mllint.results import Diagnostic, FileReport
        from mllint.settings import SettingsError

        path = Path(self.filename).absolute()
        try:
            settings = _finder().for_directory(path.parent)
        except SettingsError as error:
            return failed(Diagnostic(self.filename, f"{error.source}: {error.message}"))
        if settings.excludes(path, False, path):
            return FileReport(self.filename)
        return lint_source(_encoded("".join(self.lines)), self.filename, settings)

    def _error(self, finding: Finding) -> Error:
        here = (location for location in finding.locations if location.path == self.filename)
        place = next(here, finding.primary)  # what is to be changed may stand in a file that is imported
        code = finding.code if finding.code.startswith(OWN) else f"{OF_A_PLUGIN} {finding.code}"
        return place.line, place.column - 1, f"{code} {finding.rule}: {finding.message}", type(self)

    def _failure(self, error: Diagnostic) -> Error:
        return error.line or 1, (error.column or 1) - 1, f"{FAILED} {error.message}", type(self)


@cache
def _finder() -> SettingsFinder:
    from mllint.settings import SettingsFinder

    return SettingsFinder()


def _broken_plugins(report: FileReport) -> Sequence[Diagnostic]:
    """The plugins of mllint whose rules were left out of judging the file."""
    if not (report.judged or report.findings):
        return ()
    from mllint.registry import broken_plugins

    return broken_plugins()


def _encoded(text: str) -> bytes:
    """The bytes that the text was read from, in the encoding that its first lines state."""
    raw = text.encode("utf-8", "surrogatepass")
    encoding, _ = tokenize.detect_encoding(iter(raw.splitlines(keepends=True)).__next__)
    return text.encode(encoding, "backslashreplace")
