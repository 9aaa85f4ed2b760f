"""Fixing all in the editor comes to the same bytes as `mllint --fix`."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import pytest_asyncio

from tests.rules.test_pages import PROGRAMS
from tests.server.editor import Editor
from tests.server.notebooks import Notebook

pytestmark = pytest.mark.asyncio(loop_scope="module")

EXAMPLES = Path(__file__).parents[2] / "examples"
PAGES = [program for program in PROGRAMS if program.section == "Bad"][::4]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def fixed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The same files, as they are and as the command leaves them."""
    before, after = tmp_path_factory.mktemp("before"), tmp_path_factory.mktemp("after")
    for example in EXAMPLES.iterdir():
        if example.suffix in (".py", ".ipynb"):
            shutil.copy(example, before)
    for program in PAGES:
        (before / f"{program.label}.py").write_text(program.text, encoding="utf-8")
    crlf = PAGES[0].text.replace("\n", "\r\n")
    (before / "crlf.py").write_bytes(("\ufeff" + crlf).encode())
    shutil.copytree(before, after, dirs_exist_ok=True)
    done = subprocess.run([sys.executable, "-m", "mllint", "--fix-only", str(after)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return before, after


async def test_python_files(editor: Editor, fixed: tuple[Path, Path]) -> None:
    before, after = fixed
    changed = 0
    for file in sorted(before.glob("*.py")):
        text = file.read_bytes().decode("utf-8")
        uri = editor.open(file, text)
        start = editor.range(uri, text[:1] if text.count(text[:1]) == 1 else text)
        actions = await editor.actions(uri, start, ["source.fixAll.mllint"])
        result = editor.edited(actions[0].edit)[uri] if actions else text
        assert result.encode("utf-8") == (after / file.name).read_bytes(), file.name
        changed += result != text
        editor.close(uri)
    assert changed >= 5


async def test_notebooks(editor: Editor, fixed: tuple[Path, Path]) -> None:
    before, after = fixed
    for file in before.glob("*.ipynb"):
        notebook = Notebook.read(editor, file)
        notebook.open()
        uri = notebook.cells[-1].uri
        actions = await editor.actions(uri, editor.range(uri, editor.texts[uri]), ["notebook.source.fixAll.mllint"])
        for_each_cell = await editor.actions(uri, editor.range(uri, editor.texts[uri]), ["source", "source.fixAll"])
        assert for_each_cell == [], "editors would carry it out once for every cell"
        texts = editor.edited(actions[0].edit) if actions else {}
        sources = ["".join(cell["source"]) for cell in json.loads((after / file.name).read_text("utf-8"))["cells"]]
        assert [texts.get(cell.uri, cell.source) for cell in notebook.cells] == sources
