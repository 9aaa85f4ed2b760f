"""One saved model looked at: file → contents → archive lens → rules → report. Nothing of it is executed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from mllint.archive.contents import UnreadableModel
from mllint.archive.lens import ArchiveLens, Stated
from mllint.archive.opening import read_contents
from mllint.crashes import REPORT_IT, one_line
from mllint.files.discovery import mistake
from mllint.judging import judge
from mllint.judging.selection import chosen_rules, shown
from mllint.knowledge_files import in_use
from mllint.results import Diagnostic, FileReport
from mllint.settings import Settings, SettingsError

T = TypeVar("T")

TOO_DEEP = "its layers are nested too deeply to be judged"


def lint_model_file(path: str, settings: Settings, stated: Stated | None = None) -> FileReport:
    """Lints a saved model: a .keras or .h5 file, or a SavedModel directory. One that cannot be read gives a report with
    a diagnostic; `stated` is what the user says that the file does not."""
    outcome = _guarded(path, lambda: _examined(path, settings, stated or Stated()), settings)
    return outcome if isinstance(outcome, FileReport) else FileReport(path, errors=(outcome,))


def describe_model_file(path: str, settings: Settings | None = None) -> list[str] | Diagnostic:
    """What is understood of a saved model, as lines of text."""
    return _guarded(path, lambda: _described(path), settings or Settings())


def _guarded(path: str, look: Callable[[], T], settings: Settings) -> T | Diagnostic:
    try:
        with in_use(settings):
            return look()
    except SettingsError as error:
        return mistake(error)
    except UnreadableModel as error:
        return Diagnostic(path, str(error))
    except (RecursionError, MemoryError):
        return Diagnostic(path, TOO_DEEP)
    except Exception as error:
        return Diagnostic(path, f"reading crashed: {one_line(error)}; {REPORT_IT}")


def _described(path: str) -> list[str]:
    from mllint.reports import facts

    lens = ArchiveLens(path, read_contents(Path(path)))
    return list(facts.render(lens.read(), lens.locate))


def _examined(path: str, settings: Settings, stated: Stated) -> FileReport:
    lens = ArchiveLens(path, read_contents(Path(path)), stated)
    reading = lens.read(settings.task_for(Path(path).absolute()))
    report = judge(path, reading, lens, chosen_rules(settings, path))
    return replace(
        report, findings=shown(report.findings, settings), fail_level=settings.fail_level, setups=reading.setups
    )
