"""The real server in a process of its own, and an editor that speaks with it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio

pytest.importorskip("pytest_lsp", reason="the tests of the language server need the extra `test`")

from tests.server.editor import Editor

FLAWED = """\
import tensorflow as tf
from tensorflow.keras import layers

model = tf.keras.Sequential([
    layers.Dense(64, activation="relu"),
    layers.Dense(10, activation="sigmoid"),
])
model.compile(optimizer="adam", loss="categorical_crossentropy")
"""
"""One error: sigmoid-with-categorical-crossentropy, at the loss."""

SOUND = FLAWED.replace("sigmoid", "softmax")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def editor(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Editor]:
    """One editor for the tests of a module, with one open folder."""
    editor = Editor()
    await editor.start([tmp_path_factory.mktemp("folder")])
    yield editor
    await editor.stop()


@pytest_asyncio.fixture(loop_scope="module")
async def another() -> AsyncIterator[Callable[[], Editor]]:
    """Makes editors that are stopped after the test."""
    made: list[Editor] = []

    def make() -> Editor:
        made.append(Editor())
        return made[-1]

    yield make
    for editor in made:
        await editor.stop()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "train.py"
