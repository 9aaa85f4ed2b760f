from __future__ import annotations

import ast
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mllint.source.text.notebook import Flow, blank_ipython, read_notebook


def code(source: str | list[str]) -> dict[str, Any]:
    return {"cell_type": "code", "source": source}


def read(*cells: dict[str, Any], **metadata: Any) -> Flow:
    return read_notebook(json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4}).encode())


# Each line of IPython beside the Python that is left of it.
BLANKED = {
    "%matplotlib inline\nx = 1": "0                 \nx = 1",
    "!pip install a \\\n  b\nx = 1": "0               \n   \nx = 1",
    "files = !ls -la": "files = __     ",
    "a = b = %sql select 'x": "a = b = __            ",
    "d['k'] = !ls 'x": "d['k'] = __    ",
    "model.fit??": "0          ",
    "?model": "0     ",
    "show(a,\n  b)?": "0      \n     ",
    "%time h = fit(x)": "0    ;h = fit(x)",
    "%timeit -n 10 fit(x)": "0            ;fit(x)",
    "h = %time fit(x)": "h = __          ",
    "%%time\nfit(x)": "      \nfit(x)",
    "# note\n\n%%capture out\nfit(x)": "# note\n\n             \nfit(x)",
    "%%bash\necho 'hi": "      \n        ",
    "%%writefile model.py\nmodel.compile(loss='mse')": "                    \n" + " " * 25,
    "for i in x:\n    !l\n    %time f(i)": "for i in x:\n    0 \n    0    ;f(i)",
    "if x:\n    %matplotlib inline\ny = 1": "if x:\n    0                 \ny = 1",
    "pip install tensorflow\nx = 1": "0                     \nx = 1",
    "cd ..\nls = 3": "0    \nls = 3",
    "!echo don't \"\nx = '''\n!no\n%no\nno?\n'''": "0            \nx = '''\n!no\n%no\nno?\n'''",
}

# Python that looks like IPython: nothing may change.
PYTHON = [
    "print('%d'\n      % x)",
    "x = 5  # why?",
    "x = '''\n%matplotlib inline\n!ls\n'''",
    "get_ipython().run_line_magic('time', '')",
    "plt.plot(x);",
    "ls = 3",
    "time = 3\ntime",
    "x = a != b",
    "await fetch()\nasync with a as b:\n    pass",
]


@pytest.mark.parametrize(("source", "python"), BLANKED.items())
def test_ipython_is_blanked_in_place(source: str, python: str) -> None:
    assert blank_ipython(source) == python
    ast.parse(python)


@pytest.mark.parametrize("source", PYTHON)
@pytest.mark.parametrize("neighbour", ["", "\n!ls 'x\n"])
def test_python_stays(source: str, neighbour: str) -> None:
    blanked = blank_ipython(source + neighbour)
    assert blanked.startswith(source)
    ast.parse(blanked)


@given(st.text(alphabet="ab=1 \t\n\r!%?'\"\\([#;", max_size=30))
def test_blanking_keeps_every_line_and_column(source: str) -> None:
    blanked = blank_ipython(source)
    assert len(blanked) == len(source)
    assert [at for at, c in enumerate(blanked) if c in "\r\n"] == [at for at, c in enumerate(source) if c in "\r\n"]


def test_code_cells_are_joined_and_keep_their_number() -> None:
    markdown = {"cell_type": "markdown", "source": "# model.compile"}
    flow = read(markdown, code(["a = 1\n", "b = 2"]), markdown, code("c = 3"))
    assert flow.text == "a = 1\nb = 2\nc = 3\n"
    assert [(cell.number, cell.first_line, cell.line_count) for cell in flow.cells] == [(2, 1, 2), (4, 3, 1)]


def test_nbformat_3() -> None:
    cells = [
        {"cell_type": "heading", "source": "x"},
        {"cell_type": "code", "language": "python", "input": ["a = 1\n", "b = 2"]},
    ]
    flow = read_notebook(json.dumps({"worksheets": [{"cells": cells}], "nbformat": 3}).encode())
    assert flow.text == "a = 1\nb = 2\n"
    assert flow.cells[0].number == 2


@pytest.mark.parametrize(
    "metadata",
    [{"kernelspec": {"language": "R"}}, {"language_info": {"name": "R"}, "kernelspec": {"language": "python"}}],
)
def test_other_languages_hold_no_python_and_that_is_said(metadata: dict[str, Any]) -> None:
    flow = read(code("model %>% compile(loss = 'mse')"), **metadata)
    assert flow.text == ""
    assert flow.skipped[0].cell is None
    assert "written in r" in flow.skipped[0].message


def test_ipython_kernels_are_python() -> None:
    assert read(code("a = 1"), language_info={"name": "ipython"}).text == "a = 1\n"


def test_a_cell_that_does_not_parse_is_skipped_and_said() -> None:
    flow = read(code("a = 1"), code("\nprint 'two'"), code("b = 3"))
    assert flow.text == "a = 1\n\n\nb = 3\n"
    (skipped,) = flow.skipped
    assert (skipped.cell, skipped.line) == (2, 2)
    assert "does not parse" in skipped.message


def test_what_a_skipped_cell_changes_becomes_unknown() -> None:
    flow = read(code("print y\ny, z = split(y)\nmodel.add(Dense(3))\nfor i in z:\n    w[0] += i\nmodel.fit(q)"))
    assert flow.text == "y = z = model = i = w = __\n\n\n\n\n\n"


def test_lone_surrogates_are_a_skipped_cell() -> None:
    flow = read_notebook(b'{"cells": [{"cell_type": "code", "source": "x = \'\\ud800\'"}]}')
    assert len(flow.skipped) == 1
    flow.text.encode()
