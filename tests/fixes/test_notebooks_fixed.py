"""Notebooks, from finding to bytes."""

from __future__ import annotations

import json

import pytest

from mllint.engine import fix_source, lint_source_with_fixes
from mllint.findings import Edit
from mllint.fixes.contents import rewritten
from mllint.fixes.diff import of_rewrite
from mllint.fixes.plan import UNSAFE
from mllint.fixes.refusal import Refused
from mllint.fixes.text import TextEdit
from mllint.settings import Settings
from mllint.source.text.document import read_document
from tests.fixes.programs import PREAMBLE, UNSAFE_CASE, reasons


def code(source, **more):
    outputs = [
        {"output_type": "stream", "name": "stdout", "text": ["Epoch 1/5 \u001b[1m━━━ é 😀\n", "loss: 0.1"]},
        {"output_type": "display_data", "data": {"image/png": "iVBORw0KGgo\n"}, "metadata": {"x": 1.50, "y": 1e3}},
    ]
    return {"cell_type": "code", "execution_count": 7, "metadata": {}, "outputs": outputs, "source": source, **more}


def notebook(*cells, **style):
    text = {"cell_type": "markdown", "metadata": {}, "source": ['# activation="sigmoid"\n', "é"]}
    whole = {"cells": [text, *cells], "metadata": {"kernelspec": {"language": "python"}}, "nbformat": 4}
    return json.dumps(whole, **{"indent": 1, "ensure_ascii": False, **style}).encode()


def lines(text):
    return text.splitlines(keepends=True)


MAGIC = '%matplotlib inline\n!pip install -q keras  # activation="sigmoid"\n'


def fixed(raw):
    return fix_source(raw, "train.ipynb", Settings(), UNSAFE)


@pytest.mark.parametrize("form", [lines, str])
@pytest.mark.parametrize("indent", [None, 1, 4])
@pytest.mark.parametrize("escapes", [True, False])
def test_the_word_alone_changes(form, indent, escapes):
    cells = [code(form(MAGIC + PREAMBLE)), code(form(MAGIC + "s = 'é😀'\n" + UNSAFE_CASE.rstrip()))]
    raw = notebook(*cells, indent=indent, ensure_ascii=escapes)
    report = fixed(raw)
    assert report.rewrite is not None, report
    word = b'Dense(10, activation=\\"sigmoid\\")'
    assert raw.count(word) == 1
    assert report.rewrite.after == raw.replace(word, word.replace(b"sigmoid", b"softmax"))
    [fix] = report.applied
    assert (fix.location.cell, fix.location.line) == (3, 6)
    assert not report.report.findings


def test_json_with_windows_newlines_and_sources_with_them():
    raw = notebook(code(lines((PREAMBLE + UNSAFE_CASE).replace("\n", "\r\n")))).replace(b"\n", b"\r\n")
    report = fixed(raw)
    assert report.rewrite is not None
    assert report.rewrite.after == raw.replace(b'=\\"sigmoid\\")', b'=\\"softmax\\")')


def test_a_second_run_changes_nothing():
    report = fixed(notebook(code(lines(PREAMBLE)), code(lines(UNSAFE_CASE)), code(UNSAFE_CASE)))
    assert report.rewrite is not None
    assert len(report.applied) == 2
    again = fixed(report.rewrite.after)
    assert (again.rewrite, again.applied, again.report) == (None, (), report.report)


def test_a_cell_that_does_not_parse_stays():
    raw = notebook(code("model = (\n"), code(lines(PREAMBLE)), code("for x in\n# sigmoid"), code(lines(UNSAFE_CASE)))
    report = fixed(raw)
    assert report.rewrite is not None
    assert report.rewrite.after == raw.replace(b'=\\"sigmoid\\")', b'=\\"softmax\\")')


def test_timed_lines_are_python_and_their_magic_stays():
    program = UNSAFE_CASE.replace("model.compile", "%time model.compile")
    multi = program.replace("one_hot", "np.random.randint(0, 10, 100)").replace("sigmoid", "softmax")
    report = fixed(notebook(code(lines(PREAMBLE)), code(lines(multi))))
    assert report.rewrite is not None, report
    assert b'%time model.compile(\\"adam\\", loss=\\"sparse_categorical_crossentropy\\")' in report.rewrite.after


def test_a_change_beside_a_magic_is_refused():
    """A value that the shell gives is a stand-in in the text that is read; here it is the number of units."""
    raw = notebook(code("n = !nproc\nm = 1\n%ls"), code("x = ("))
    document = read_document("a.ipynb", raw)
    for start, end in [(4, 6), (0, 5), (3, 5), (4, 4), (10, 10), (17, 17), (17, 18)]:
        with pytest.raises(Refused, match=r"IPython|parse"):
            rewritten(document, raw, [TextEdit(start, end, "2")])
    assert rewritten(document, raw, [TextEdit(15, 16, "2")]) == raw.replace(b"m = 1", b"m = 2")


def test_a_change_over_two_cells_is_refused():
    raw = notebook(code("a = 1"), code("b = 2"))
    document = read_document("a.ipynb", raw)
    with pytest.raises(Refused, match="several cells"):
        rewritten(document, raw, [TextEdit(4, 7, "x")])


def test_what_another_cell_uses_is_named_by_its_cell():
    shared = UNSAFE_CASE.replace('"sigmoid"', "act")
    right = shared.replace("categorical_crossentropy", "binary_crossentropy").replace("one_hot", "multi_hot")
    report = fixed(notebook(code(PREAMBLE + 'act = "sigmoid"'), code(shared), code(right)))
    assert reasons(report) == ["line 3 of cell 4 uses it too, without the problem"]


def test_editors_get_the_edits_in_positions_of_the_cell():
    raw = notebook(code(PREAMBLE), code(MAGIC + UNSAFE_CASE))
    [finding] = lint_source_with_fixes(raw, "train.ipynb").findings
    [fix] = finding.fixes
    assert fix.edits == (Edit("train.ipynb", 4, 75, 4, 82, "softmax", 3),)


def test_the_diff_is_by_cell():
    report = fixed(notebook(code(PREAMBLE), code(UNSAFE_CASE.lstrip())))
    assert report.rewrite is not None
    head, *_ = UNSAFE_CASE.lstrip().splitlines()
    assert list(of_rewrite(report.rewrite))[:5] == [
        "--- train.ipynb:cell 3",
        "+++ train.ipynb:cell 3",
        "@@ -1,3 +1,3 @@",
        f"-{head}",
        f"+{head.replace('sigmoid', 'softmax')}",
    ]


IMPORTS = (
    "import numpy as np\nfrom tensorflow.keras.models import Sequential\nfrom tensorflow.keras.layers import Dense"
)
SCORES = "m = Sequential([Dense(5)])\nm.compile('adam', 'sparse_categorical_crossentropy')\nm.fit(x, y)"


@pytest.mark.parametrize("after", ["", "\n!ls"])
def test_an_import_joins_the_cell_of_the_imports(after):
    data = "%%time\nx = np.random.rand(64, 20)\ny = np.random.randint(0, 5, size=(64,))"
    raw = notebook(code(lines(IMPORTS + after)), code(lines(data)), code(lines(SCORES)))
    report = fixed(raw)
    assert report.rewrite is not None, report
    _, imports, untouched, _ = json.loads(report.rewrite.after)["cells"]
    new = "from tensorflow.keras.losses import SparseCategoricalCrossentropy"
    assert "".join(imports["source"]) == f"{IMPORTS}\n{new}{after}"
    assert "".join(untouched["source"]) == data


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("before", ["m = keras.Sequential()\nm.add(layers.Dense(5, activation='softmax'))", ""])
def test_the_last_line_of_a_cell_goes(newline, before):
    start = "m = keras.Sequential()\nm.add(layers.Dense(5, activation='softmax'))"
    first = code(lines((PREAMBLE + ("" if before else start)).replace("\n", newline)))
    removed = code(lines(f"{before}\nm.add(layers.Softmax())".lstrip("\n").replace("\n", newline)))
    trained = code(["m.compile('adam', 'sparse_categorical_crossentropy')"])
    report = fixed(notebook(first, removed, trained))
    assert report.rewrite is not None, report
    _, _, cell, last = json.loads(report.rewrite.after)["cells"]
    assert "".join(cell["source"]) == before.replace("\n", newline)
    assert last == trained
