"""Changed cells in the JSON of a notebook."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mllint.fixes.notebook import EditedCell, with_edited_cells
from mllint.fixes.text import TextEdit, applied


def notebook(*sources, **style):
    """A notebook of nbformat 4 with outputs, in bytes; every second cell is code."""
    cells = []
    for number, source in enumerate(sources):
        cells.append({"cell_type": "markdown", "metadata": {}, "source": ['# Ünits "1"\n', "text"]})
        outputs = [{"output_type": "stream", "name": "stdout", "text": ["loss: 0.1 \u2500 é\n", "\\n😀"]}]
        cells.append(
            {"cell_type": "code", "execution_count": number, "metadata": {}, "outputs": outputs, "source": source}
        )
    metadata = {"kernelspec": {"language": "python", "name": "python3"}, "source": "no cell"}
    whole = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return (json.dumps(whole, **{"indent": 1, "ensure_ascii": False, **style}) + "\n").encode()


def sources_of(raw):
    found = (cell["source"] for cell in json.loads(raw)["cells"])
    return ["".join(source) for source in found]


def changed(raw, number, *edits):
    """The notebook with one cell edited, and the bytes that differ, before and after."""
    after = with_edited_cells(raw, [EditedCell(number, tuple(TextEdit(*edit) for edit in edits))])
    start = next(index for index, (a, b) in enumerate(zip(raw, after, strict=False)) if a != b)
    back = next(index for index, (a, b) in enumerate(zip(raw[::-1], after[::-1], strict=False)) if a != b)
    back = min(back, len(raw) - start, len(after) - start)
    return after, raw[start : len(raw) - back], after[start : len(after) - back]


def test_an_edit_within_a_line_changes_nothing_else():
    raw = notebook(["x = 'é'\n", "y = 'sigmoid'\n", "z = 1"])
    after, old, new = changed(raw, 2, (13, 20, "softmax"))
    assert (old, new) == (b"igmoid", b"oftmax")
    assert sources_of(after)[1] == "x = 'é'\ny = 'softmax'\nz = 1"


@pytest.mark.parametrize("indent", [None, 1, 2, 4, "\t"])
@pytest.mark.parametrize("form", [str, list])
def test_lines_come_in_the_notebooks_own_style(indent, form):
    lines = ["a = 1\n", "b = 2\n", "c = 3"]
    raw = notebook("".join(lines) if form is str else lines, indent=indent)
    after = with_edited_cells(raw, [EditedCell(2, (TextEdit(0, 0, "import os\n"), TextEdit(10, 11, "[\n  2,\n]")))])
    new = ["import os\n", "a = 1\n", "b = [\n", "  2,\n", "]\n", "c = 3"]
    assert after == notebook("".join(new) if form is str else new, indent=indent)


def test_lines_that_go_leave_no_empty_strings():
    lines = ["a = 1\n", "b = 2\n", "c = 3"]
    raw = notebook(lines)
    for edit, left in [((0, 6, ""), lines[1:]), ((6, 12, ""), lines[::2]), ((0, 12, ""), lines[2:])]:
        assert with_edited_cells(raw, [EditedCell(2, (TextEdit(*edit),))]) == notebook(left)
    after = with_edited_cells(raw, [EditedCell(2, (TextEdit(11, 17, ""),))])
    assert after == notebook(["a = 1\n", "b = 2"])


def test_a_line_end_that_goes_joins_the_lines():
    raw = notebook(["f(\n", "  1)\n", "c = 3"])
    assert with_edited_cells(raw, [EditedCell(2, (TextEdit(2, 5, ""),))]) == notebook(["f(1)\n", "c = 3"])


def test_escapes_stay_escapes():
    raw = notebook(["s = 'é😀'  # x\n", "t = 'a'"], ensure_ascii=True)
    assert raw.isascii()
    after = with_edited_cells(raw, [EditedCell(2, (TextEdit(5, 6, "ü"), TextEdit(8, 8, " ")))])
    assert after == notebook(["s = 'ü😀' " + "  # x\n", "t = 'a'"], ensure_ascii=True)


def test_spellings_outside_the_change_stay():
    source = b'["a = \\u0027\\/x\\u00E9\\ud83d\\uDE00\'\\n" ,\r\n "b"]'
    raw = b'{"nbformat":4, "cells" : [ {"source":%s,"cell_type":"code"}]}' % source
    after = with_edited_cells(raw, [EditedCell(1, (TextEdit(9, 10, '"'),))])
    assert after == raw.replace(b"\\uDE00'", b'\\uDE00\\"')


def test_sheets_of_old_notebooks():
    cells = [{"cell_type": "code", "language": "python", "input": ["a = 1\n", "b = 2"]}]
    raw = json.dumps({"worksheets": [{"cells": cells}, {"cells": cells}], "nbformat": 3}).encode()
    after = json.loads(with_edited_cells(raw, [EditedCell(2, (TextEdit(10, 11, "3"),))]))
    assert [sheet["cells"][0]["input"] for sheet in after["worksheets"]] == [["a = 1\n", "b = 2"], ["a = 1\n", "b = 3"]]


def test_of_a_key_that_comes_twice_the_last_counts():
    raw = b'{"cells": [], "cells": [{"source": "x", "source": "a = 1", "cell_type": "code"}]}'
    assert with_edited_cells(raw, [EditedCell(1, (TextEdit(4, 5, "2"),))]) == raw.replace(b"a = 1", b"a = 2")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32-le"])
def test_every_encoding_of_json(encoding):
    raw = notebook("a = 'é'").decode().encode(encoding)
    after = with_edited_cells(raw, [EditedCell(2, (TextEdit(5, 6, "ü"),))])
    assert after == notebook("a = 'ü'").decode().encode(encoding)


LINE = st.text(st.sampled_from("ab\"\\/\t\x0c\u2028é😀 '"), max_size=6)


@given(
    st.lists(LINE, min_size=1, max_size=6),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.booleans(),
    st.booleans(),
    st.sampled_from([None, 1, 4]),
    st.data(),
)
def test_any_edits_give_the_edited_source_and_leave_the_rest(lines, newline, is_list, escapes, indent, data):
    parts = [*(line + newline for line in lines[:-1]), *filter(None, lines[-1:])]
    source = "".join(parts)
    raw = notebook(parts if is_list and parts else source, "x = 1", indent=indent, ensure_ascii=escapes)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(source)), max_size=6)))
    text = st.text(st.sampled_from('xé\n"\\'), max_size=4)
    edits = tuple(TextEdit(start, end, data.draw(text)) for start, end in zip(cuts[::2], cuts[1::2], strict=False))
    after = with_edited_cells(raw, [EditedCell(2, edits)])
    before, now = json.loads(raw), json.loads(after)
    new = now["cells"][1].pop("source")
    assert "".join(new) == applied(source, edits)
    assert isinstance(new, list) == (is_list and bool(parts))
    assert isinstance(new, str) or "" not in new or "" in parts
    del before["cells"][1]["source"]
    assert now == before
    mark = b'"x = 1"'
    assert after[after.rindex(mark) :] == raw[raw.rindex(mark) :]
