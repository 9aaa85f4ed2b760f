"""One saved model looked at: file → contents → archive lens → rules → report. Nothing of it is executed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from mllint.archive.contents import UnreadableModel
from mllint.archive.lens import ArchiveLens, Stated
from mllint.archive.opening import read_contents
from mllint.judging import REPORT_IT, judge, one_line
from mllint.results import Diagnostic, FileReport
from mllint.selection import chosen_rules, shown
from mllint.settings import Settings

TOO_DEEP = "its layers are nested too deeply to be judged"


def lint_model_file(path: str, settings: Settings, stated: Stated | None = None) -> FileReport:
    """Lints a saved model: a .keras or .h5 file, or a SavedModel directory. One that cannot be read gives a report with
    a diagnostic; `stated` is what the user says that the file does not."""
    try:
        return _examined(path, settings, stated or Stated())
    except UnreadableModel as error:
        reason = str(error)
    except (RecursionError, MemoryError):
        reason = TOO_DEEP
    except Exception as error:
        reason = f"reading crashed: {one_line(error)}; {REPORT_IT}"
    return FileReport(path, errors=(Diagnostic(path, reason),))


def _examined(path: str, settings: Settings, stated: Stated) -> FileReport:
    lens = ArchiveLens(path, read_contents(Path(path)), stated)
    reading = lens.read(settings.task_for(Path(path).absolute()))
    report = judge(path, reading, lens, chosen_rules(settings, path))
    return replace(report, findings=shown(report.findings, settings), fail_level=settings.fail_level)
