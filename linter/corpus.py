"""Lints a corpus that is too large for one machine: a table with a source in each row, by Dask.

Dask, because its data frames read Parquet and JSON lines in pieces, it is Python alone, and the same program runs on
the cores of a laptop and on a cluster; it retries what a lost worker had in hand. Rows are independent of each other:
imports are not followed from one to another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import dask.dataframe as dd
import pandas as pd

from mllint.engine import lint_source
from mllint.findings import Location
from mllint.results import Diagnostic, FileReport, NotJudged
from mllint.settings import Settings

if TYPE_CHECKING:
    from mllint.findings import Finding

PARQUET: Final = (".parquet", ".pq")
JSON_LINES: Final = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")
PIECE: Final = "16MiB"
"""Of the input, for one task: some seconds of work."""

TABLE: Final = pd.DataFrame(
    {
        "name": pd.Series(dtype="string"),
        "kind": pd.Series(dtype="string"),
        "rule": pd.Series(dtype="string"),
        "code": pd.Series(dtype="string"),
        "severity": pd.Series(dtype="string"),
        "cell": pd.Series(dtype="Int64"),
        "line": pd.Series(dtype="Int64"),
        "column": pd.Series(dtype="Int64"),
        "message": pd.Series(dtype="string"),
    }
)
"""The columns of the result, and no row. `kind` is finding, not-judged or error; lines and columns are 1-based."""


class UnreadableCorpus(ValueError):
    """The input is no table of sources; the message completes "PATH: …"."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns hold a source and its name. A source without a name is called PIECE/ROW.py, both counted from 0."""

    text: str
    name: str | None = None

    @property
    def all(self) -> list[str]:
        return [self.text] if self.name is None else [self.name, self.text]


def read(path: str, columns: Columns) -> dd.DataFrame:
    """The columns of a Parquet file or folder, or of a file of JSON lines, one source a row.

    Raises UnreadableCorpus for other files, and where a column is missing.
    """
    if path.endswith(JSON_LINES):
        piece = None if path.endswith(".gz") else PIECE  # compressed text can only be read from its beginning
        compression = "gzip" if path.endswith(".gz") else None
        rows = dd.read_json(path, lines=True, blocksize=piece, compression=compression)
    elif path.endswith(PARQUET):
        rows = dd.read_parquet(path, split_row_groups="adaptive", blocksize=PIECE)
    else:
        raise UnreadableCorpus(f"expected {', '.join((*PARQUET, *JSON_LINES))}")
    for column in columns.all:
        if column not in rows.columns:
            raise UnreadableCorpus(f"has no column `{column}`; it has {', '.join(map(str, rows.columns))}")
    return rows[columns.all]


def lint(rows: dd.DataFrame, columns: Columns, settings: Settings) -> dd.DataFrame:
    """What there is to say about each source, in the columns of TABLE; nothing is computed before it is asked for."""
    return rows.map_partitions(partial(lint_piece, columns=columns, settings=settings), meta=TABLE)


def lint_piece(
    rows: pd.DataFrame, columns: Columns, settings: Settings, partition_info: Mapping[str, Any] | None = None
) -> pd.DataFrame:
    """The same for the rows of one piece, in memory; Dask says which piece it is."""
    alone = replace(settings, follow_imports=False)
    names = _names(rows, columns, partition_info["number"] if partition_info else 0)
    said = [
        list(map(_storable, entry))
        for name, text in zip(names, rows[columns.text], strict=True)
        for entry in _entries(_linted(name, text, alone))
    ]
    return pd.DataFrame(said, columns=list(TABLE.columns)).astype(TABLE.dtypes.to_dict())


def _names(rows: pd.DataFrame, columns: Columns, piece: int) -> list[str]:
    positions = [f"{piece}/{row}.py" for row in range(len(rows))]
    if columns.name is None:
        return positions
    given = rows[columns.name]
    return [
        str(name) if known else position for name, known, position in zip(given, given.notna(), positions, strict=True)
    ]


def _storable(value: Any) -> Any:
    """What a program calls its things may hold surrogates, which no table can."""
    return value.encode("utf-8", "backslashreplace").decode("utf-8") if isinstance(value, str) else value


def _linted(name: str, text: object, settings: Settings) -> FileReport:
    if isinstance(text, str):
        return lint_source(text.encode("utf-8", "surrogatepass"), name, settings)
    if isinstance(text, bytes):
        return lint_source(text, name, settings)
    return FileReport(name, errors=(Diagnostic(name, "no source in this row"),))


def _entries(report: FileReport) -> Iterator[Sequence[Any]]:
    yield from (_finding(report.path, finding) for finding in report.findings)
    yield from (_not_judged(report.path, entry) for entry in report.not_judged)
    yield from (_error(report.path, error) for error in report.errors)


def _finding(name: str, finding: Finding) -> Sequence[Any]:
    said = finding.rule, finding.code, finding.severity.label
    return name, "finding", *said, *_place(finding.primary), finding.message


def _not_judged(name: str, entry: NotJudged) -> Sequence[Any]:
    return name, "not-judged", None, None, None, *_place(entry.location), f"{entry.what}: {entry.reason}"


def _error(name: str, error: Diagnostic) -> Sequence[Any]:
    return name, "error", None, None, None, error.cell, error.line, error.column, error.message


def _place(location: Location) -> tuple[int | None, int, int]:
    return location.cell, location.line, location.column
