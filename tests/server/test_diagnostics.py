"""What the editor is told of a document."""

from __future__ import annotations

from pathlib import Path

import pytest
from lsprotocol import types

from tests.server.conftest import FLAWED, SOUND
from tests.server.editor import Editor

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_finding_with_all_its_places(editor: Editor, file: Path) -> None:
    uri = editor.open(file, FLAWED)
    (found,) = await editor.diagnostics(uri)
    assert editor.text_at(uri, found.range) == '"categorical_crossentropy"'
    assert (found.code, found.source, found.severity) == ("MLL101", "mllint", types.DiagnosticSeverity.Error)
    assert "sigmoid" in found.message and "help: " in found.message
    assert found.tags is None
    related = found.related_information or ()
    places = {editor.text_at(one.location.uri, one.location.range) for one in related}
    assert '"sigmoid"' in places
    assert found.data == {"rule": "sigmoid-with-categorical-crossentropy", "fixable": True}


async def test_the_version_is_told_and_what_is_repaired_goes(editor: Editor, file: Path) -> None:
    uri = editor.open(file, FLAWED)
    assert await editor.codes(uri) == ["MLL101"]
    version = editor.replace(uri, "sigmoid", "softmax")
    assert await editor.codes(uri) == []
    assert editor.last(uri).version == version


async def test_nothing_is_told_of_a_closed_document(editor: Editor, file: Path) -> None:
    uri = editor.open(file, FLAWED)
    await editor.diagnostics(uri)
    editor.close(uri)
    await editor.until(lambda: not editor.last(uri).diagnostics)


async def test_a_sound_document_is_told_to_be_so(editor: Editor, file: Path) -> None:
    assert await editor.codes(editor.open(file, SOUND)) == []


async def test_a_text_that_does_not_parse_is_told_where(editor: Editor, file: Path) -> None:
    uri = editor.open(file, FLAWED.replace("])\n", ")\n"))
    (error,) = await editor.diagnostics(uri)
    assert error.severity is types.DiagnosticSeverity.Error
    assert "cannot parse" in error.message
    assert error.range.start.line == 6
    editor.change(uri, SOUND)
    assert await editor.codes(uri) == []


async def test_a_comment_that_silences_nothing_is_shown_as_superfluous(editor: Editor, file: Path) -> None:
    line = 'model.compile(optimizer="adam", loss="categorical_crossentropy")'
    uri = editor.open(file, SOUND.replace(line, line + "  # mllint: ignore[MLL101]"))
    (found,) = await editor.diagnostics(uri)
    assert found.tags == (types.DiagnosticTag.Unnecessary,)
    assert editor.text_at(uri, found.range) == "# mllint: ignore[MLL101]"


async def test_a_comment_silences(editor: Editor, file: Path) -> None:
    line = 'model.compile(optimizer="adam", loss="categorical_crossentropy")'
    uri = editor.open(file, FLAWED.replace(line, line + "  # mllint: ignore[MLL101]"))
    assert await editor.codes(uri) == []


@pytest.mark.parametrize(
    "uri", ["untitled:Untitled-1", "vscode-vfs://github/somebody/train.py", "file:///c%3A/work/train.py"]
)
async def test_documents_that_are_no_files_here(editor: Editor, uri: str) -> None:
    editor.open(uri, FLAWED)
    (found,) = await editor.diagnostics(uri)
    assert found.code == "MLL101"
    assert {one.location.uri for one in found.related_information or ()} == {uri}


async def test_other_languages_are_left_alone(editor: Editor, tmp_path: Path) -> None:
    other = editor.open(tmp_path / "notes.md", FLAWED, "markdown")
    await editor.diagnostics(editor.open(tmp_path / "train.py", FLAWED))
    assert editor.last(other) is None
