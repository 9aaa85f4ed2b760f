"""What the editor offers to do about a finding."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from tests.server.conftest import FLAWED, SOUND
from tests.server.editor import RESOLVES, VERSIONS, Editor

pytestmark = pytest.mark.asyncio(loop_scope="module")

LOGITS = """\
import keras

model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
model.compile(loss="sparse_categorical_crossentropy")
"""
"""One way out is safe, and there is another one."""


async def test_every_way_out_is_offered(editor: Editor, file: Path) -> None:
    uri = editor.open(file, FLAWED)
    (found,) = await editor.diagnostics(uri)
    actions = await editor.actions(uri, found.range, ["quickfix"], [found])
    fixes = [one for one in actions if not one.title.startswith("Ignore")]
    assert len(fixes) > 1
    for fix in fixes:
        assert list(fix.diagnostics or ()) == [found]
        assert not fix.is_preferred, "of several ways only the author may choose"
        editor.change(uri, editor.edited(fix.edit)[uri])
        assert await editor.codes(uri) == []
        editor.change(uri, FLAWED)
        await editor.diagnostics(uri)


async def test_a_single_safe_way_out_is_preferred(editor: Editor, file: Path) -> None:
    uri = editor.open(file, LOGITS)
    (found,) = await editor.diagnostics(uri)
    best, other, _ = await editor.actions(uri, found.range, ["quickfix"])
    assert best.is_preferred and not other.is_preferred
    assert "from_logits=True" in editor.edited(best.edit)[uri]


async def test_nothing_is_offered_elsewhere(editor: Editor, file: Path) -> None:
    uri = editor.open(file, FLAWED)
    assert await editor.actions(uri, editor.range(uri, "import tensorflow as tf"), ["quickfix"]) == []
    uri = editor.open(file, SOUND)
    assert await editor.actions(uri, editor.range(uri, '"softmax"'), ["quickfix"]) == []


async def test_a_line_is_ignored(editor: Editor, file: Path) -> None:
    uri = editor.open(file, FLAWED)
    (found,) = await editor.diagnostics(uri)
    ignore = (await editor.actions(uri, found.range, ["quickfix"]))[-1]
    assert ignore.title == "Ignore sigmoid-with-categorical-crossentropy on this line"
    comment = "  # mllint: ignore[sigmoid-with-categorical-crossentropy]"
    after = editor.edited(ignore.edit)[uri]
    assert after == FLAWED.rstrip("\n") + comment + "\n"
    editor.change(uri, after)
    assert await editor.codes(uri) == []


async def test_a_model_is_converted(editor: Editor, file: Path) -> None:
    uri = editor.open(file, SOUND)
    actions = await editor.actions(uri, editor.range(uri, "model.compile"), ["refactor"])
    titles = {action.title: action for action in actions}
    assert "Convert to multi-label" in titles and "Convert to multi-class" not in titles
    after = editor.edited(titles["Convert to multi-label"].edit)[uri]
    assert 'activation="sigmoid"' in after and 'loss="binary_crossentropy"' in after
    assert await editor.actions(uri, editor.range(uri, "import layers"), ["refactor"]) == []


async def test_kinds(editor: Editor, file: Path) -> None:
    uri = editor.open(file, LOGITS)
    (found, *_) = await editor.diagnostics(uri)
    for only, kinds in {
        "quickfix": {"quickfix"},
        "refactor": {"refactor.rewrite"},
        "source": {"source.fixAll.mllint"},
        "source.fixAll": {"source.fixAll"},
        "source.fixAll.mllint": {"source.fixAll.mllint"},
        "source.organizeImports": set(),
    }.items():
        actions = await editor.actions(uri, found.range, [only])
        assert {action.kind for action in actions} == kinds, only


async def test_editors_that_can_wait_get_the_edit_later(another: Callable[[], Editor], file: Path) -> None:
    editor = another()
    await editor.start(text_document=RESOLVES, workspace=VERSIONS)
    uri = editor.open(file, LOGITS)
    (action,) = await editor.actions(uri, editor.range(uri, "import keras"), ["source.fixAll"])
    assert action.edit is None
    resolved = await editor.client.code_action_resolve_async(action)
    assert "from_logits=True" in editor.edited(resolved.edit)[uri]

    conversions = await editor.actions(uri, editor.range(uri, "model.compile"), ["refactor"])
    impossible = next(one for one in conversions if one.title == "Convert to binary")
    unresolved = await editor.client.code_action_resolve_async(impossible)
    assert unresolved.edit is None
    await editor.until(lambda: editor.client.messages)
    assert editor.client.messages[-1].message.startswith("mllint: not converted: ")


async def test_what_was_offered_for_an_older_text_is_not_carried_out(another: Callable[[], Editor], file: Path) -> None:
    editor = another()
    await editor.start(text_document=RESOLVES, workspace=VERSIONS)
    uri = editor.open(file, LOGITS)
    (action,) = await editor.actions(uri, editor.range(uri, "import keras"), ["source.fixAll"])
    editor.change(uri, "\n" + LOGITS)
    resolved = await editor.client.code_action_resolve_async(action)
    assert resolved.edit is None


async def test_no_edits_of_a_text_that_is_changed_while_they_are_worked_out(editor: Editor, file: Path) -> None:
    uri = editor.open(file, LOGITS)
    asked = asyncio.ensure_future(editor.actions(uri, editor.range(uri, "model.compile"), ["quickfix", "refactor"]))
    await asyncio.sleep(0)  # it is sent
    editor.change(uri, "\n" + LOGITS)
    with pytest.raises(JsonRpcException) as refused:
        await asked
    assert refused.value.code == types.LSPErrorCodes.ContentModified
    await editor.diagnostics(uri)
    assert await editor.actions(uri, editor.range(uri, "model.compile"), ["quickfix"])


async def test_no_edit_is_added_to_an_action_while_its_text_is_changed(
    another: Callable[[], Editor], file: Path
) -> None:
    editor = another()
    await editor.start(text_document=RESOLVES)
    uri = editor.open(file, LOGITS)
    (action,) = await editor.actions(uri, editor.range(uri, "import keras"), ["source.fixAll"])
    asked = asyncio.ensure_future(editor.client.code_action_resolve_async(action))
    await asyncio.sleep(0)  # it is sent
    editor.change(uri, "\n" + LOGITS)
    assert (await asked).edit is None


async def test_fixes_have_the_version_that_they_are_of(another: Callable[[], Editor], file: Path) -> None:
    editor = another()
    await editor.start(workspace=VERSIONS)
    uri = editor.open(file, LOGITS)
    (found,) = await editor.diagnostics(uri)
    fix = (await editor.actions(uri, found.range, ["quickfix"]))[0]
    assert fix.edit is not None
    (change,) = fix.edit.document_changes or ()
    assert isinstance(change, types.TextDocumentEdit)
    assert change.text_document.version == editor.versions[uri]
