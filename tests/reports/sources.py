"""Sources and reports that the tests of the formats share."""

from __future__ import annotations

import json
from collections.abc import Sequence

from mllint.findings import Finding, Location, Severity
from mllint.results import Diagnostic, FileReport, NotJudged, Suppressed

PROGRAM = """\
import numpy as np
from tensorflow import keras

labels = np.random.randint(0, 2, size=(100, 10))  # täglich 🙂
model = keras.Sequential([keras.layers.Dense(10, name="🙂é", activation="sigmoid")])
model.compile(
    loss="categorical_crossentropy",
)
model.fit(np.ones((100, 3)), labels)
"""
"""One finding, on three lines, two of them with characters of several bytes."""


def notebook(*cells: str | Sequence[str], **layout: object) -> bytes:
    """Code cells after a cell of text; `layout` goes to json.dumps."""
    text = {"cell_type": "markdown", "metadata": {}, "source": ["# Tägliches\n", '"model.compile("']}
    code = [
        {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": source}
        for source in cells
    ]
    document = {"cells": [text, *code], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(document, **{"indent": 1, "ensure_ascii": False, **layout}).encode()


def by_lines(source: str) -> list[str]:
    """A source as Jupyter writes it."""
    return source.splitlines(keepends=True)


NOTEBOOKS = {
    "jupyter": notebook(by_lines(PROGRAM)),
    "two cells": notebook(by_lines(PROGRAM)[:4], by_lines(PROGRAM)[4:]),
    "one string": notebook(PROGRAM),
    "one line": notebook(by_lines(PROGRAM), indent=None),
    "escapes": notebook(by_lines(PROGRAM), ensure_ascii=True),
    "windows": notebook(by_lines(PROGRAM)).replace(b"\n ", b"\r\n "),
    "windows inside": notebook(by_lines(PROGRAM.replace("\n", "\r\n"))),
    "byte order mark": b"\xef\xbb\xbf" + notebook(by_lines(PROGRAM)),
    "strings that are no lines": notebook([PROGRAM[start : start + 7] for start in range(0, len(PROGRAM), 7)]),
}
"""The same program as notebooks that are written differently."""

HOSTILE = "a\n::error::%0A b, c: \x00\x1b[31m\u2028\ufffe </script> ]]> \" ' \\ 🙂 \udcff"
"""Text that is dangerous in one format or the other; the last character stands for a byte that is no UTF-8."""


def location(line: int = 1, column: int = 1, end_column: int = 2, **more: object) -> Location:
    given = {"role": "loss", "path": "x.py", "end_line": line, "message": "said", **more}
    return Location(line=line, column=column, end_column=end_column, **given)  # type: ignore[arg-type]


def finding(
    *locations: Location, rule: str = "one-unit-softmax", severity: Severity = Severity.ERROR, message: str = "wrong"
) -> Finding:
    codes = {"one-unit-softmax": "MLL104", "sigmoid-with-categorical-crossentropy": "MLL101"}
    return Finding(rule, codes[rule], severity, message, locations or (location(),), ("do this",))


def hostile_report() -> FileReport:
    """Everything that a report can hold, with hostile text in all of it."""
    path = f"dir with spaces/{HOSTILE}.py"
    at = location(path=path, message=HOSTILE)
    return FileReport(
        path,
        (finding(at, at, message=HOSTILE), finding(location(path=path, part=HOSTILE), severity=Severity.INFO)),
        (NotJudged(at, "head", HOSTILE, HOSTILE),),
        (Diagnostic(path, HOSTILE, 3, 4), Diagnostic(path, HOSTILE), Diagnostic(path, HOSTILE, 1, 1, 2)),
        suppressed=(Suppressed(finding(at), HOSTILE), Suppressed(finding(at), "")),
        in_baseline=(finding(at),),
        lines={(path, None, 1): HOSTILE},
    )


def every_kind() -> dict[str, list[FileReport]]:
    """Runs of every kind, as the formats are given them."""
    return {
        "nothing": [],
        "clean": [FileReport("clean.py", judged=1)],
        "errors only": [FileReport("gone.py", errors=(Diagnostic("gone.py", "no such file or directory"),))],
        "hostile": [hostile_report()],
        "model": [FileReport("m.keras", (finding(location(path="m.keras", part="layer dense_1")),))],
    }
