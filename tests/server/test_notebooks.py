"""The cells of a notebook are one program, and each is a text of its own to the editor."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.server.editor import Editor
from tests.server.notebooks import Notebook

pytestmark = pytest.mark.asyncio(loop_scope="module")

CELLS = [
    ("markdown", "# 🌷 Flowers\n\nmodel.compile(loss='mse')"),
    ("code", "%pip install -q tensorflow\nimport tensorflow as tf"),
    ("markdown", "The model"),
    ("code", 'model = tf.keras.Sequential([tf.keras.layers.Dense(10, activation="sigmoid")])'),
    ("code", 'name = "🌷"; model.compile(loss="categorical_crossentropy")\n!ls'),
]


@pytest.fixture
def notebook(editor: Editor, tmp_path: Path) -> Notebook:
    notebook = Notebook(editor, tmp_path / "flowers.ipynb", CELLS)
    notebook.open()
    return notebook


async def test_findings_are_told_of_their_cells(editor: Editor, notebook: Notebook) -> None:
    _, imports, _, head, loss = notebook.cells
    (found,) = await editor.diagnostics(loss.uri)
    assert editor.text_at(loss.uri, found.range) == '"categorical_crossentropy"'
    related = {one.location.uri: one.location.range for one in found.related_information or ()}
    assert editor.text_at(head.uri, related[head.uri]) == '"sigmoid"'
    assert await editor.codes(imports.uri) == []
    assert await editor.codes(head.uri) == []
    assert editor.last(notebook.cells[0].uri) is None, "it holds no program"


async def test_fixes_reach_over_cells(editor: Editor, notebook: Notebook) -> None:
    *_, head, loss = notebook.cells
    (found,) = await editor.diagnostics(loss.uri)
    fixes = await editor.actions(loss.uri, found.range, ["quickfix"])
    edited = [editor.edited(fix.edit) for fix in fixes if not fix.title.startswith("Ignore")]
    assert {head.uri: head.source.replace("sigmoid", "softmax")} in edited
    assert {loss.uri: loss.source.replace("categorical", "binary")} in edited


async def test_a_cell_is_silenced(editor: Editor, notebook: Notebook) -> None:
    loss = notebook.cells[-1]
    (found,) = await editor.diagnostics(loss.uri)
    ignore = (await editor.actions(loss.uri, found.range, ["quickfix"]))[-1]
    line, shell = loss.source.split("\n")
    comment = "  # mllint: ignore[sigmoid-with-categorical-crossentropy]"
    assert editor.edited(ignore.edit) == {loss.uri: f"{line}{comment}\n{shell}"}


async def test_a_model_is_converted(editor: Editor, notebook: Notebook) -> None:
    *_, head, loss = notebook.cells
    notebook.replace(head, "sigmoid", "softmax")
    actions = await editor.actions(loss.uri, editor.range(loss.uri, "model.compile"), ["refactor.rewrite"])
    texts = editor.edited(next(one.edit for one in actions if one.title == "Convert to multi-label"))
    assert '"sigmoid"' in texts[head.uri]
    assert '"binary_crossentropy"' in texts[loss.uri]


async def test_what_was_understood_is_shown(editor: Editor, notebook: Notebook) -> None:
    head = notebook.cells[3]
    text = await editor.hover(head.uri, editor.range(head.uri, "Dense").start)
    assert text is not None and "head: sigmoid, units 10" in text and "line 1 of cell 5" in text


async def test_cells_come_change_and_go(editor: Editor, notebook: Notebook) -> None:
    *_, head, loss = notebook.cells
    assert await editor.codes(loss.uri) == ["MLL101"]
    notebook.replace(head, "sigmoid", "softmax")
    await editor.until(lambda: not editor.last(loss.uri).diagnostics)
    other = notebook.insert(
        5, "code", 'model = tf.keras.Sequential([tf.keras.layers.Dense(1, activation="softmax")])\n'
        'model.compile(loss="binary_crossentropy")',
    )  # fmt: skip
    notebook.insert(0, "markdown", "Above all")
    await editor.until(lambda: editor.last(other.uri) and editor.last(other.uri).diagnostics)
    assert editor.last(other.uri).diagnostics[0].range.start.line in (0, 1)
    notebook.remove(6)
    await editor.until(lambda: not editor.last(other.uri).diagnostics)
    notebook.replace(head, "softmax", "sigmoid")
    await editor.until(lambda: editor.last(loss.uri).diagnostics)
    notebook.save()
    notebook.close()
    await editor.until(lambda: not editor.last(loss.uri).diagnostics)


async def test_other_languages_are_left_alone(editor: Editor, tmp_path: Path) -> None:
    notebook = Notebook(editor, tmp_path / "flowers.ipynb", CELLS)
    notebook.open({"language_info": {"name": "R"}})
    assert await editor.codes(notebook.cells[-1].uri) == []


async def test_a_cell_that_does_not_parse_keeps_the_others_judged(editor: Editor, notebook: Notebook) -> None:
    notebook.insert(1, "code", "this is no Python (")
    loss = notebook.cells[-1]
    await editor.until(lambda: editor.last(loss.uri) and editor.last(loss.uri).diagnostics)
