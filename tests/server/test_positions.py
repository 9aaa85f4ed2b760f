"""Lines and columns, in each encoding that an editor may count in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.server.conftest import FLAWED
from tests.server.editor import Editor

pytestmark = pytest.mark.asyncio(loop_scope="module")

COMPILE = 'model.compile(optimizer="adam", loss="categorical_crossentropy")'
TEXTS = {
    "emoji before it": FLAWED.replace(COMPILE, "🌷 = 1; ".replace("🌷", "name") + '"🌷🌷é"; ' + COMPILE),
    "tabs": FLAWED.replace(COMPILE, f"if True:\n\t\tprint()\n\t\t{COMPILE}"),
    "CRLF": FLAWED.replace("\n", "\r\n"),
    "lone carriage returns": FLAWED.replace("\n", "\r"),
    "form feeds": "\f\n" + FLAWED.replace("model = ", "\fmodel = "),
    "byte order mark": "\ufeff" + FLAWED,
    "byte order mark on the line": '\ufeff"🌷é"; ' + FLAWED.replace("\n", "; ", 1),
    "a line separator in a string": FLAWED.replace(COMPILE, f'"\u2028\x85\u2029"; {COMPILE}'),
    "another encoding": '# -*- coding: latin-1 -*-\n"é"; ' + FLAWED,
    "no newline at the end": FLAWED.rstrip("\n"),
}


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["utf-8", "utf-16", "utf-32"])
async def counting(request: pytest.FixtureRequest) -> AsyncIterator[Editor]:
    editor = Editor()
    await editor.start(encodings=[request.param])
    assert editor.encoding == request.param
    yield editor
    await editor.stop()


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
async def test_the_place_and_the_edits_are_right(counting: Editor, file: Path, text: str) -> None:
    uri = counting.open(file, text)
    (found,) = await counting.diagnostics(uri)
    assert counting.text_at(uri, found.range) == '"categorical_crossentropy"'
    *fixes, ignore = await counting.actions(uri, found.range, ["quickfix"])
    comment = COMPILE + "  # mllint: ignore[sigmoid-with-categorical-crossentropy]"
    assert counting.edited(ignore.edit)[uri] == text.replace(COMPILE, comment)
    after = {counting.edited(fix.edit)[uri] for fix in fixes}
    ways_out = {text.replace('"sigmoid"', '"softmax"'), text.replace("categorical_", "binary_")}
    assert after == (ways_out if "\f" not in text else set()), "LibCST does not give form feeds back: nothing is fixed"


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
async def test_a_changed_part_is_found_in_the_right_place(counting: Editor, file: Path, text: str) -> None:
    uri = counting.open(file, text.replace('"sigmoid"', '"🌷"'))
    await counting.diagnostics(uri)
    counting.replace(uri, '"🌷"', '"sigmoid"')
    assert await counting.codes(uri) == ["MLL101"]
    counting.replace(uri, "categorical_crossentropy", "binary_crossentropy")
    assert await counting.codes(uri) == []


async def test_editors_that_do_not_say_count_in_utf_16(editor: Editor) -> None:
    assert editor.encoding == "utf-16"
