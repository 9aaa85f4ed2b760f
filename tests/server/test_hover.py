"""What stands under the cursor."""

from __future__ import annotations

from pathlib import Path

import pytest

from mllint import registry
from tests.server.conftest import FLAWED, SOUND
from tests.server.editor import Editor

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_finding_is_explained_by_its_page(editor: Editor, file: Path) -> None:
    uri = editor.open(file, FLAWED)
    at = editor.range(uri, '"categorical_crossentropy"')
    page = registry.find("MLL101").page().strip()
    assert await editor.hover(uri, at.start) == page
    assert await editor.hover(uri, at.end) == page


async def test_what_was_understood_of_a_model(editor: Editor, file: Path) -> None:
    uri = editor.open(file, SOUND)
    said = await editor.hover(uri, editor.range(uri, "compile").start)
    assert said is not None
    assert said.splitlines()[0].endswith("of the model compiled at line 8:")
    assert "- head: softmax, units 10, float32: Dense[units 10] → softmax" in said
    assert "- loss: categorical_crossentropy (string)" in said
    assert "- labels: unknown (" in said
    for part in ("Dense(10", '"softmax"', '"categorical_crossentropy"'):
        assert await editor.hover(uri, editor.range(uri, part).start) == said, part


async def test_there_is_nothing_to_say_elsewhere(editor: Editor, file: Path) -> None:
    uri = editor.open(file, SOUND)
    assert await editor.hover(uri, editor.range(uri, "import tensorflow").start) is None
    uri = editor.open(file, "print()\n")
    assert await editor.hover(uri, editor.range(uri, "print").start) is None
