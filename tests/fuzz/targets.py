"""What is fuzzed: each entry point as a function of bytes that raises AssertionError where a promise is broken.

The promises: no exception, no message that a user should report, positions inside of the text, every output format can
show what came out, and what is fixed reads again and stays as it is.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from mllint import engine
from mllint.crashes import REPORT_IT
from mllint.examination import examine
from mllint.findings import Location
from mllint.fixes.plan import UNSAFE
from mllint.reports import View, render
from mllint.results import FileReport
from mllint.settings import OUTPUT_FORMATS, Settings, SettingsError, SettingsFinder
from mllint.settings.files import read_file
from mllint.source.parsing.parsed import Parser, parsed_exactly, parsed_quickly
from mllint.source.text.document import UnreadableSource
from mllint.verification import describe_model_file, lint_model_file

SETTINGS: Final = Settings(pedantic=True)
PLAIN_NAME: Final = re.compile(r"(?:[a-z_0-9]{1,20}/){0,3}[a-z_0-9]{1,20}\.(?:py|ipynb|yaml|json)")
FIXES_MORE: Final = Settings(pedantic=True, unsafe_fixes=True)


def script(data: bytes) -> None:
    """A Python file, linted."""
    _check(data, "train.py")


def notebook(data: bytes) -> None:
    """A notebook, linted."""
    _check(data, "train.ipynb")


def fixed_script(data: bytes) -> None:
    """A Python file, fixed in every way that needs no choice."""
    _check_fixed(data, "train.py")


def fixed_notebook(data: bytes) -> None:
    """A notebook, fixed in the same way."""
    _check_fixed(data, "train.ipynb")


def project(data: bytes) -> None:
    """Python files that import each other, as {name: text} in JSON, linted and fixed together."""
    try:
        files = {str(name): str(text).encode("utf-8", "surrogatepass") for name, text in json.loads(data).items()}
    except (ValueError, AttributeError, RecursionError):
        return
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = Path(folder, name)
            if PLAIN_NAME.fullmatch(name):
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(text)
        finder = SettingsFinder(fixed=FIXES_MORE)
        for report in engine.lint_paths([folder], finder, engine.lint_file_with_fixes):
            _check_report(report)
        for done in engine.fix_paths([folder], finder, UNSAFE):
            _check_report(done.report)


def configuration(data: bytes) -> None:
    """A configuration file, read."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("mllint.toml", "pyproject.toml"):
            path = Path(folder, name)
            path.write_bytes(data)
            try:
                settings = read_file(path)
            except SettingsError as error:
                assert error.message and "\n" not in error.message, error.message
                continue
            if settings is not None:
                assert all("\n" not in line for line in settings.as_toml())


def keras_archive(data: bytes) -> None:
    """A .keras file."""
    _check_model(data, "model.keras")


def hdf5_archive(data: bytes) -> None:
    """A .h5 file."""
    _check_model(data, "model.h5")


TARGETS: Final[Mapping[str, Callable[[bytes], None]]] = {
    target.__name__: target
    for target in (script, notebook, fixed_script, fixed_notebook, project, configuration, keras_archive, hdf5_archive)
}


# ---------------------------------------------------------------- promises


def _check(data: bytes, path: str) -> None:
    report = engine.lint_source_with_fixes(data, path, SETTINGS)
    _check_report(report)
    _check_positions(report, data)
    _check_parsers(data, path)


def _check_parsers(data: bytes, path: str) -> None:
    """What is said of a file is the same where all of it is parsed by LibCST, and all of it is run."""
    exact = _examined(data, path, parsed_exactly)
    if exact is not None and not any("too long" in entry.reason for entry in exact.not_judged):
        assert _examined(data, path, parsed_quickly) == exact


def _examined(data: bytes, path: str, parser: Parser) -> FileReport | None:
    try:
        return examine(path, data, SETTINGS, parser).report
    except (UnreadableSource, RecursionError, MemoryError):
        return None


def _check_fixed(data: bytes, path: str) -> None:
    done = engine.fix_source(data, path, FIXES_MORE, UNSAFE)
    _check_report(done.report)
    if done.rewrite is None:
        assert not done.applied
        return
    assert done.applied and done.rewrite.before == data != done.rewrite.after
    again = engine.fix_source(done.rewrite.after, path, FIXES_MORE, UNSAFE)
    assert not again.report.errors, "what was fixed cannot be read"
    assert again.rewrite is None, "fixing a second time changes more"


def _check_model(data: bytes, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(data)
        _check_report(lint_model_file(str(path), SETTINGS))
        described = describe_model_file(str(path))
        assert isinstance(described, list) or REPORT_IT not in described.message, described


def _check_report(report: FileReport) -> None:
    for error in report.errors:
        assert REPORT_IT not in error.message, error.message
        assert "\n" not in error.message, error.message
    for output_format in OUTPUT_FORMATS:
        text = "\n".join(render(output_format, [report], View(show_not_judged=True)))
        text.encode("utf-8", "backslashreplace")
        if output_format == "json":
            json.loads(text)


def _check_positions(report: FileReport, data: bytes) -> None:
    """`data` need not be decodable: line breaks of any kind are counted generously."""
    most = sum(data.count(end) for end in (b"\n", b"\r", b"\\n", b"\\r")) + 2
    for location in _locations(report):
        assert 1 <= location.line <= location.end_line <= most, location
        assert location.column >= 1 and location.end_column >= 1, location
        assert location.line < location.end_line or location.column <= location.end_column, location


def _locations(report: FileReport) -> Iterator[Location]:
    places: Sequence[Sequence[Location]] = [finding.locations for finding in report.findings]
    for locations in places:
        yield from locations
    yield from (entry.location for entry in report.not_judged)
