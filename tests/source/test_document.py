from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import libcst
import pytest
from hypothesis import given
from hypothesis import strategies as st
from libcst.metadata import MetadataWrapper, PositionProvider

from mllint.source.text.document import Position, UnreadableSource, read_document


def notebook(*sources: str, **metadata: Any) -> bytes:
    cells = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": source} for source in sources]
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}).encode()


@pytest.mark.parametrize(
    ("raw", "text", "encoding"),
    [
        (b"x = 1\n", "x = 1\n", "utf-8"),
        ("name = 'Grüße'\n".encode(), "name = 'Grüße'\n", "utf-8"),
        (b"\xef\xbb\xbfx = 1\r\n", "x = 1\r\n", "utf-8-sig"),
        ("# -*- coding: latin-1 -*-\nname = 'Grüße'\n".encode("latin-1"), None, "iso-8859-1"),
        ("#!/usr/bin/python\r# vim: set fileencoding=cp1251 :\rname = 'мир'\r".encode("cp1251"), None, "cp1251"),
        (b"", "", "utf-8"),
    ],
)
def test_decodes_as_python_does(raw: bytes, text: str | None, encoding: str) -> None:
    document = read_document("a.py", raw)
    assert document.encoding == encoding
    assert document.text == (text if text is not None else raw.decode(encoding))


@pytest.mark.parametrize(
    ("raw", "line", "column", "words"),
    [
        (b"x = 1\ny = '\xe9'\n", 2, 6, "cannot decode as utf-8: byte 0xe9"),
        (b"\xef\xbb\xbfx = '\xff'", 1, 6, "byte 0xff"),
        (b"x = 1\r# ok\ry = 'Gr\xc3\xbc\xff'", 3, 9, "byte 0xff"),
        (b"# coding: martian\n", 1, 1, "unknown encoding: martian"),
        (b"# coding: rot13\n", 1, 1, "rot13"),
        (b"# coding: idna\nx = '\xe9'\n", 2, 6, "byte 0xe9"),
        (b"x = 1\n  \0", 2, 3, "null byte"),
    ],
)
def test_says_where_bytes_are_no_source(raw: bytes, line: int, column: int, words: str) -> None:
    with pytest.raises(UnreadableSource) as caught:
        read_document("a.py", raw)
    error = caught.value
    assert (error.path, error.line, error.column, error.cell) == ("a.py", line, column, None)
    assert words in error.message
    assert str(error).startswith(f"a.py:{line}:{column}: ")


@pytest.mark.parametrize(
    ("raw", "line", "words"),
    [
        (b'{"cells": [\n  oops', 2, "Expecting value"),
        (b"", 1, "Expecting value"),
        (b"\xff\xfe\xff", 1, "not a notebook"),
        (b"[" * 100_000, 1, "not a notebook"),
        (b"[]", 1, "no object"),
        (b'{"nbformat": 4}', 1, "no list of cells"),
        (b'{"cells": [3]}', 1, "cell 1 is no object"),
        (b'{"cells": [{"cell_type": "code", "source": 3}]}', 1, "source of cell 1"),
    ],
)
def test_says_what_is_wrong_with_a_notebook(raw: bytes, line: int, words: str) -> None:
    with pytest.raises(UnreadableSource) as caught:
        read_document("a.ipynb", raw)
    assert caught.value.line == line
    assert words in caught.value.message


@given(st.text(alphabet="ab'\"\\\n\r\f\u2028\x85\x1c \t#(", max_size=40))
def test_lines_are_those_of_libcst(noise: str) -> None:
    text = noise + "\nlast_name"
    try:
        module = MetadataWrapper(libcst.parse_module(text), unsafe_skip_copy=True)
    except libcst.ParserSyntaxError:
        return
    if module.module.code != text:
        return  # LibCST drops a continuation that begins a statement, and its line with it
    document = read_document("a.py", text.encode())
    for node, place in module.resolve(PositionProvider).items():
        if isinstance(node, libcst.Name):
            at = document.position(place.start.line, place.start.column)
            assert document.source_line(at.line)[at.column - 1 :].startswith(node.value)


def test_positions_are_one_based_code_points() -> None:
    document = read_document("a.py", "x = '🦎'; y = 2\n".encode())
    assert document.position(1, 9) == Position(1, 10, None)
    assert document.source_line(1)[9] == "y"
    assert document.source_line(99) == ""


def test_notebook_positions_count_within_the_cell() -> None:
    document = read_document("a.ipynb", notebook("a = 1\nb = 2", "", "c = 3\n", "!ls\nd = 4"))
    assert [document.position(line, 0) for line in range(1, 8)] == [
        (1, 1, 1),
        (2, 1, 1),
        (1, 1, 2),
        (1, 1, 3),
        (2, 1, 3),
        (1, 1, 4),
        (2, 1, 4),
    ]
    assert document.source_line(1, cell=4) == "!ls"
    assert document.source_lines(cell=1) == ("a = 1", "b = 2")
    libcst.parse_module(document.text)


@given(st.lists(st.text(alphabet="ab=1\n\r!% '", max_size=12), max_size=6))
def test_every_line_of_a_notebook_leads_back_to_its_cell(sources: list[str]) -> None:
    document = read_document("a.ipynb", notebook(*sources))
    libcst.parse_module(document.text)
    assert sum(cell.line_count for cell in document.cells) == len(document.lines) - 1
    skipped = {skip.cell for skip in document.skipped}
    for line, text in enumerate(document.lines[:-1], start=1):
        place = document.position(line, 0)
        if place.cell not in skipped:
            assert len(document.source_line(place.line, place.cell)) == len(text)


def test_syntax_errors_are_located_in_pythons_words() -> None:
    document = read_document("a.py", b"x = 1\ny = (\n")
    with pytest.raises(libcst.ParserSyntaxError) as caught:
        libcst.parse_module(document.text)
    error = document.unparsable(caught.value)
    assert (error.path, error.line, error.column) == ("a.py", 2, 5)
    assert error.message == "cannot parse: '(' was never closed"


def test_reading_does_not_import_libcst() -> None:
    code = "import sys, mllint.source.text.document, mllint.source.text.prefilter; sys.exit('libcst' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
