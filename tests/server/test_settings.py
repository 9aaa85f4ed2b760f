"""Configuration files, the settings of the editor, and changes of both."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from tests.server.conftest import FLAWED
from tests.server.editor import Editor

pytestmark = pytest.mark.asyncio(loop_scope="module")

DEBATABLE = """\
import numpy as np
from tensorflow import keras

model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(10, activation="sigmoid")])
model.compile(optimizer="adam", loss="binary_crossentropy")
model.fit(np.zeros((5, 8)), keras.utils.to_categorical([1, 2, 3, 4, 5], 10))
"""
WATCHES = types.WorkspaceClientCapabilities(
    did_change_watched_files=types.DidChangeWatchedFilesClientCapabilities(dynamic_registration=True),
    configuration=True,
)


def configure(editor: Editor, settings: Any) -> None:
    editor.client.workspace_did_change_configuration(types.DidChangeConfigurationParams(settings))


def touched(editor: Editor, *paths: Path) -> None:
    changes = [types.FileEvent(path.as_uri(), types.FileChangeType.Changed) for path in paths]
    editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams(changes))


async def test_the_nearest_configuration_file_holds(editor: Editor, tmp_path: Path) -> None:
    (tmp_path / "mllint.toml").write_text('per-file-ignores = { "old/*" = ["MLL101"] }\nexclude = ["generated"]\n')
    for name in ("new", "old", "generated"):
        (tmp_path / name).mkdir()
    new, old, generated = (editor.open(tmp_path / name / "train.py", FLAWED) for name in ("new", "old", "generated"))
    assert await editor.codes(new) == ["MLL101"]
    assert await editor.codes(old) == []
    assert await editor.codes(generated) == []
    assert await editor.actions(old, editor.range(old, "model.compile"), ["quickfix"]) == []


async def test_a_changed_configuration_file_holds_at_once(editor: Editor, tmp_path: Path) -> None:
    config = tmp_path / "pyproject.toml"
    uri = editor.open(tmp_path / "train.py", FLAWED)
    assert await editor.codes(uri) == ["MLL101"]
    config.write_text('[tool.mllint]\nignore = ["MLL101"]\n')
    touched(editor, config)
    await editor.until(lambda: not editor.last(uri).diagnostics)
    config.unlink()
    touched(editor, config)
    await editor.until(lambda: editor.last(uri).diagnostics)


async def test_a_mistake_is_shown_in_the_configuration_file(editor: Editor, tmp_path: Path) -> None:
    config = tmp_path / "pyproject.toml"
    config.write_text('[project]\nname = "x"\n\n[tool.mllint]\nignroe = ["MLL101"]\n')
    uri = editor.open(tmp_path / "train.py", FLAWED)
    assert await editor.codes(uri) == []
    await editor.until(lambda: editor.last(config.as_uri()))
    (mistake,) = editor.last(config.as_uri()).diagnostics
    assert "unknown key `ignroe`; did you mean `ignore`?" in mistake.message
    assert mistake.range.start.line == 4
    config.write_text("")
    touched(editor, config)
    await editor.until(lambda: not editor.last(config.as_uri()).diagnostics)
    await editor.until(lambda: editor.last(uri).diagnostics)


async def test_what_is_in_the_baseline_is_left_out(editor: Editor, tmp_path: Path) -> None:
    (tmp_path / "mllint.toml").write_text('baseline = "baseline.json"\n')
    file = tmp_path / "train.py"
    file.write_text(FLAWED)
    subprocess.run([sys.executable, "-m", "mllint", "--write-baseline", "train.py"], cwd=tmp_path, check=True)
    uri = editor.open(file, FLAWED)
    assert await editor.codes(uri) == []
    (tmp_path / "baseline.json").write_text("{")
    touched(editor, tmp_path / "baseline.json")
    broken = (tmp_path / "baseline.json").as_uri()
    await editor.until(lambda: editor.last(broken))
    assert "not a baseline" in editor.last(broken).diagnostics[0].message


async def test_what_was_not_judged_is_shown_where_it_is_asked_for(editor: Editor, tmp_path: Path) -> None:
    (tmp_path / "mllint.toml").write_text("show-not-judged = true\n")
    text = FLAWED.replace("import tensorflow as tf\n", "import tensorflow as tf\nimport mine\n")
    uri = editor.open(tmp_path / "train.py", text.replace('"categorical_crossentropy"', "mine.loss"))
    (silence,) = await editor.diagnostics(uri)
    assert silence.severity is types.DiagnosticSeverity.Information
    assert silence.message.startswith("not judged loss: ")


async def test_settings_of_the_editor(another: Callable[[], Editor], tmp_path: Path) -> None:
    """They go before the configuration file, and change while the server runs."""
    (tmp_path / "mllint.toml").write_text('select = ["MLL5"]\nextend-select = ["MLL6"]\n')
    (tmp_path / "other.toml").write_text('ignore = ["MLL101"]\n')
    editor = another()
    await editor.start([tmp_path], options={"pedantic": True})
    uri = editor.open(tmp_path / "train.py", FLAWED)
    assert await editor.codes(uri) == []
    configure(editor, {"mllint": {"select": ["sigmoid-with-categorical-crossentropy"]}})
    await editor.until(lambda: editor.last(uri).diagnostics)
    configure(editor, {"select": ["all"], "ignore": ["MLL101"]})
    await editor.until(lambda: not editor.last(uri).diagnostics)
    configure(editor, {"select": ["all"]})
    await editor.until(lambda: editor.last(uri).diagnostics)
    configure(editor, {"select": ["all"], "enable": False})
    await editor.until(lambda: not editor.last(uri).diagnostics)
    configure(editor, {"extendSelect": ["MLL101"]})
    await editor.until(lambda: editor.last(uri).diagnostics)
    configure(editor, {"config": "other.toml"})
    await editor.until(lambda: not editor.last(uri).diagnostics)


async def test_unsafe_fixes_are_carried_out_where_that_is_asked_for(another: Callable[[], Editor], file: Path) -> None:
    labelled = FLAWED + "import numpy as np\nmodel.fit(np.zeros((9, 4)), np.random.randint(0, 2, size=(9, 10)))\n"
    editor = another()
    await editor.start([file.parent], options={"unsafeFixes": True})
    uri = editor.open(file, labelled)
    (action,) = await editor.actions(uri, editor.range(uri, "import numpy as np"), ["source.fixAll"])
    assert editor.edited(action.edit)[uri] == labelled.replace("categorical_", "binary_")
    configure(editor, {"unsafeFixes": False})
    assert await editor.actions(uri, editor.range(uri, "import numpy as np"), ["source.fixAll"]) == []


async def test_mistakes_in_the_settings_of_the_editor_are_said_once(another: Callable[[], Editor], file: Path) -> None:
    editor = another()
    await editor.start([file.parent], options={"selct": ["MLL101"]})
    uri = editor.open(file, FLAWED)
    assert await editor.codes(uri) == ["MLL101"]
    (said,) = editor.client.messages
    assert "unknown key `selct`; did you mean `select`?" in said.message


async def test_debatable_findings_are_for_pedants(another: Callable[[], Editor], file: Path) -> None:
    pedantic = another()
    await pedantic.start(options={"pedantic": True})
    shown = await pedantic.diagnostics(pedantic.open(file, DEBATABLE))
    plain = another()
    await plain.start()
    assert await plain.codes(plain.open(file, DEBATABLE)) == []
    assert [one.severity for one in shown] == [types.DiagnosticSeverity.Information]


async def test_editors_are_asked_for_settings_and_to_watch_files(another: Callable[[], Editor], tmp_path: Path) -> None:
    editor = another()
    registered: list[types.Registration] = []

    @editor.client.feature(types.CLIENT_REGISTER_CAPABILITY)
    def register(params: types.RegistrationParams) -> None:
        registered.extend(params.registrations)

    editor.client.set_configuration({"mllint": {"ignore": ["MLL101"]}})
    await editor.start([tmp_path], workspace=WATCHES)
    uri = editor.open(tmp_path / "train.py", FLAWED)
    assert await editor.codes(uri) == ["MLL101"]
    configure(editor, None)
    await editor.until(lambda: not editor.last(uri).diagnostics)
    assert [one.method for one in registered] == ["workspace/didChangeWatchedFiles"]


async def test_each_folder_has_its_own_settings(another: Callable[[], Editor], tmp_path: Path) -> None:
    folders = [tmp_path / "build" / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir(parents=True)
    (folders[1] / "mllint.toml").write_text('ignore = ["MLL101"]\n')
    editor = another()
    await editor.start(folders)
    one, two = (editor.open(folder / "train.py", FLAWED) for folder in folders)
    assert await editor.codes(one) == ["MLL101"], "the name of a folder that was opened does not exclude it"
    assert await editor.codes(two) == []
