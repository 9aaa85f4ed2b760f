"""Newer texts take the place of older ones, and nothing waits for what takes long."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from lsprotocol import types

from tests.endless import ENDLESS
from tests.server.conftest import FLAWED, SOUND
from tests.server.editor import Editor

pytestmark = pytest.mark.asyncio(loop_scope="module")

SLOW = FLAWED + ENDLESS


async def test_nothing_is_told_of_a_text_that_was_changed_meanwhile(editor: Editor, file: Path) -> None:
    uri = editor.open(file, SLOW)
    await asyncio.sleep(0.5)  # it is being looked at
    for _ in range(3):
        editor.change(uri, SLOW + "\n")
        await asyncio.sleep(0.1)
    final = editor.change(uri, SOUND)
    assert await editor.codes(uri) == []
    told = [one.version for one in editor.published if one.uri == uri]
    assert told == [final]


async def test_a_burst_of_changes_is_looked_at_once(editor: Editor, file: Path) -> None:
    uri = editor.open(file, SOUND)
    await editor.diagnostics(uri)
    before = len(editor.published)
    for number in range(20):
        editor.change(uri, FLAWED + "\n" * number)
    assert await editor.codes(uri) == ["MLL101"]
    assert len(editor.published) - before <= 2


async def test_what_takes_long_holds_up_no_answer(editor: Editor, tmp_path: Path) -> None:
    quick = editor.open(tmp_path / "quick.py", FLAWED)
    await editor.diagnostics(quick)
    at = editor.range(quick, "layers.Dense(10").start
    await editor.hover(quick, at)  # the process that answers has started
    slow = editor.open(tmp_path / "slow.py", SLOW)
    await asyncio.sleep(0.3)
    assert "sigmoid" in (await editor.hover(quick, at) or "")
    assert editor.last(slow) is None, "it was being looked at all the while"
    editor.change(slow, SOUND)
    assert [one.message for one in await editor.diagnostics(slow)] == []


async def test_changes_of_what_is_not_open_are_ignored(editor: Editor, tmp_path: Path) -> None:
    unknown = (tmp_path / "unknown.py").as_uri()
    change = types.TextDocumentContentChangeWholeDocument(FLAWED)
    identifier = types.VersionedTextDocumentIdentifier(7, unknown)
    editor.client.text_document_did_change(types.DidChangeTextDocumentParams(identifier, [change]))
    editor.save(unknown)
    editor.close(unknown)
    assert await editor.actions(unknown, types.Range(types.Position(0, 0), types.Position(0, 0))) == []
    assert await editor.hover(unknown, types.Position(3, 3)) is None
    assert await editor.codes(editor.open(tmp_path / "known.py", FLAWED)) == ["MLL101"]
    assert all(one.diagnostics == () for one in editor.published if one.uri == unknown)


async def test_positions_outside_of_the_text_mean_its_nearest_place(editor: Editor, file: Path) -> None:
    uri = editor.open(file, FLAWED)
    far = types.Position(1000, 1000)
    everything = types.Range(types.Position(0, 0), far)
    assert any("Ignore" in action.title for action in await editor.actions(uri, everything))
    assert await editor.hover(uri, far) is None
    behind = types.TextDocumentContentChangePartial(types.Range(far, far), "\nprint()\n")
    editor._changed(uri, [behind], FLAWED + "\nprint()\n")
    assert await editor.codes(uri) == ["MLL101"]
