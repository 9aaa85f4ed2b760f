"""Places in files as programs count that know nothing of notebooks, and fixes carried out on what they name."""

from __future__ import annotations

import json
import os
from json import JSONDecoder
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mllint import engine
from mllint.findings import Location
from mllint.reports import places
from mllint.results import FileReport
from mllint.source.text.json_text import value_at
from mllint.source.text.notebook_json import characters_of
from mllint.source.text.syntax import NEWLINE
from tests.reports.sources import NOTEBOOKS, PROGRAM, by_lines, notebook


def text_of(raw: bytes) -> str:
    return raw.decode(json.detect_encoding(raw))


def source_lines(raw: bytes, cell: int) -> list[str]:
    return NEWLINE.split("".join(json.loads(raw)["cells"][cell - 1]["source"]))


def marked_in_cell(raw: bytes, place: Location) -> str:
    assert place.cell is not None and place.line == place.end_line
    return source_lines(raw, place.cell)[place.line - 1][place.column - 1 : place.end_column - 1]


@pytest.mark.parametrize("raw", NOTEBOOKS.values(), ids=NOTEBOOKS)
def test_the_line_of_the_file_holds_what_is_marked_in_the_cell(raw: bytes) -> None:
    report = engine.lint_source(raw, "n.ipynb")
    (finding,) = report.findings
    lines = NEWLINE.split(text_of(raw))
    for place in (place for place in finding.locations if place.line == place.end_line):
        marked = places.region(place, report)
        assert marked is not None and marked.start.line <= marked.end.line
        line = lines[marked.start.line - 1]
        if marked.start.line == marked.end.line:
            written = line[marked.start.column - 1 : marked.end.column - 1]
            assert json.loads(f'"{written}"') == marked_in_cell(raw, place)
        before = line[: marked.start.column - 1]
        assert marked.start.byte_column == len(before.encode()) + 1


def test_strings_that_are_no_lines_are_found_where_they_begin() -> None:
    raw = NOTEBOOKS["strings that are no lines"]
    report = engine.lint_source(raw, "n.ipynb")
    marked = places.region(report.findings[0].primary, report)
    assert marked is not None and marked.end.line > marked.start.line
    written = NEWLINE.split(text_of(raw))[marked.start.line - 1][marked.start.column - 1 :]
    first, _ = JSONDecoder().raw_decode(f'"{written}')
    assert first and marked_in_cell(raw, report.findings[0].primary).startswith(first)


@given(st.lists(st.text(max_size=8), max_size=4), st.booleans(), st.sampled_from([None, 0, 1]))
def test_every_character_of_a_source_is_found(parts: list[str], escapes: bool, indent: int | None) -> None:
    text = json.dumps(parts, ensure_ascii=escapes, indent=indent)
    written = characters_of(text, value_at(text, 0))
    source = "".join(parts)
    assert len(written) == len(source) + 1
    for character, start in zip(source, written, strict=False):
        rest, _ = JSONDecoder().raw_decode(f'"{text[start:]}')
        assert rest.startswith(character)


def test_columns_of_python_files_are_counted_in_bytes_too() -> None:
    report = engine.lint_source(PROGRAM.encode(), "train.py")
    (head,) = (place for place in report.findings[0].locations if place.role == "head")
    marked = places.region(head, report)
    assert marked is not None
    line = PROGRAM.splitlines()[head.line - 1]
    assert line.encode()[marked.start.byte_column - 1 : marked.end.byte_column - 1].decode() == '"sigmoid"'
    assert marked.start.byte_column > marked.start.column


def test_what_was_not_judged_is_located_too() -> None:
    raw = notebook(by_lines("from tensorflow import keras\nmodel = load()\nmodel.compile(loss='mse')\n"))
    report = engine.lint_source(raw, "n.ipynb")
    (entry,) = report.not_judged
    marked = places.region(entry.location, report)
    assert marked is not None and "model.compile" in NEWLINE.split(text_of(raw))[marked.start.line - 1]


def test_a_cell_that_does_not_parse_is_located() -> None:
    raw = notebook(by_lines(PROGRAM), by_lines("x = 1\ny = = 2\n"))
    report = engine.lint_source(raw, "n.ipynb")
    (entry,) = (one for one in report.not_judged if one.what == "cell")
    marked = places.region(entry.location, report)
    assert marked is not None and "y = = 2" in NEWLINE.split(text_of(raw))[marked.start.line - 1]


def test_parts_of_models_are_on_no_line() -> None:
    place = Location("head", "m.keras", 1, 1, 1, 1, "", part="layer dense_1")
    assert places.region(place, FileReport("m.keras")) is None


def test_a_cell_that_nobody_located_is_on_no_line() -> None:
    assert places.region(Location("head", "n.ipynb", 1, 1, 1, 1, "", cell=3), FileReport("n.ipynb")) is None


def test_paths_are_those_of_the_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "pkg" / "deep").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "pkg")
    assert places.path_in_repository("deep/a.py") == "pkg/deep/a.py"
    assert places.path_in_repository("../b.py") == "b.py"
    assert places.path_in_repository("/elsewhere/c.py") == os.path.abspath("/elsewhere/c.py").replace(os.sep, "/")


def test_paths_outside_repositories_are_those_of_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert places.path_in_repository("./a/../b.py") == "b.py"
