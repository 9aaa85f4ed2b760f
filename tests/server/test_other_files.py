"""What a document takes from other files: findings lead there, and change when they do."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from lsprotocol import types

from tests.server.editor import Editor

pytestmark = pytest.mark.asyncio(loop_scope="module")

MODEL = """\
import keras


def build():
    return keras.Sequential([keras.Input((4,)), keras.layers.Dense(10, activation="{}")])
"""
TRAIN = """\
from nets import build

model = build()
model.compile(loss="categorical_crossentropy")
"""


async def test_a_finding_leads_to_the_file_that_the_head_is_in(editor: Editor, tmp_path: Path) -> None:
    nets = tmp_path / "nets.py"
    nets.write_text(MODEL.format("sigmoid"))
    uri = editor.open(tmp_path / "train.py", TRAIN)
    (found,) = await editor.diagnostics(uri)
    assert editor.text_at(uri, found.range) == '"categorical_crossentropy"'
    editor.texts[nets.as_uri()] = nets.read_text()
    places = {
        editor.text_at(one.location.uri, one.location.range)
        for one in found.related_information or ()
        if one.location.uri == nets.as_uri()
    }
    assert '"sigmoid"' in places


async def test_saving_the_other_file_is_enough(editor: Editor, tmp_path: Path) -> None:
    nets = tmp_path / "nets.py"
    nets.write_text(MODEL.format("sigmoid"))
    uri = editor.open(tmp_path / "train.py", TRAIN)
    assert await editor.codes(uri) == ["MLL101"]
    other = editor.open(nets, MODEL.format("softmax"))
    nets.write_text(MODEL.format("softmax"))
    editor.save(other)
    await editor.until(lambda: not editor.last(uri).diagnostics)
    editor.close(other)
    nets.write_text(MODEL.format("sigmoid"))
    event = types.FileEvent(nets.as_uri(), types.FileChangeType.Changed)
    editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))
    await editor.until(lambda: editor.last(uri).diagnostics)


async def test_unsaved_text_of_another_file_counts(editor: Editor, tmp_path: Path) -> None:
    nets = tmp_path / "nets.py"
    nets.write_text(MODEL.format("sigmoid"))
    uri = editor.open(tmp_path / "train.py", TRAIN)
    assert await editor.codes(uri) == ["MLL101"]
    other = editor.open(nets, MODEL.format("sigmoid"))
    editor.change(other, MODEL.format("softmax"))
    await editor.until(lambda: not editor.last(uri).diagnostics)
    assert await editor.actions(uri, editor.range(uri, "model.compile"), ["quickfix"]) == []
    assert "softmax" in (await editor.hover(uri, editor.range(uri, "model.compile").start) or "")
    editor.change(other, MODEL.format("sigmoid"))
    await editor.until(lambda: editor.last(uri).diagnostics)
    assert await editor.actions(uri, editor.range(uri, "model.compile"), ["quickfix"])
    editor.change(other, MODEL.format("softmax"))
    await editor.until(lambda: not editor.last(uri).diagnostics)
    editor.close(other)  # unsaved
    await editor.until(lambda: editor.last(uri).diagnostics)


READS = """\
import keras
import yaml

config = yaml.safe_load(open("config.yaml"))
model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(10, activation=config["activation"])])
model.compile(loss="categorical_crossentropy")
"""


async def test_a_configuration_counts_as_it_is_in_the_editor(editor: Editor, tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text("activation: sigmoid\n")
    uri = editor.open(tmp_path / "train.py", READS)
    (found,) = await editor.diagnostics(uri)
    assert editor.text_at(uri, found.range) == '"categorical_crossentropy"'
    other = editor.open(config, "activation: sigmoid\n")
    places = {
        editor.text_at(one.location.uri, one.location.range)
        for one in found.related_information or ()
        if one.location.uri == other
    }
    assert places == {"sigmoid"}
    editor.change(other, "activation: softmax\n")
    await editor.until(lambda: not editor.last(uri).diagnostics)
    editor.close(other)  # unsaved
    await editor.until(lambda: editor.last(uri).diagnostics)
    config.write_text("activation: softmax\n")
    event = types.FileEvent(config.as_uri(), types.FileChangeType.Changed)
    editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))
    await editor.until(lambda: not editor.last(uri).diagnostics)


async def test_a_file_that_is_not_saved_yet_is_imported(editor: Editor, tmp_path: Path) -> None:
    uri = editor.open(tmp_path / "train.py", TRAIN)
    assert await editor.codes(uri) == []
    editor.open(tmp_path / "nets.py", MODEL.format("sigmoid"))
    await editor.until(lambda: editor.last(uri).diagnostics)


async def test_what_changes_while_another_file_is_looked_at_is_not_missed(editor: Editor, tmp_path: Path) -> None:
    nets = tmp_path / "nets.py"
    nets.write_text(MODEL.format("sigmoid"))
    other = editor.open(nets, MODEL.format("sigmoid"))
    uri = editor.open(tmp_path / "train.py", TRAIN)
    for activation in ("softmax", "sigmoid", "softmax"):
        editor.change(other, MODEL.format(activation))
        await asyncio.sleep(0.02)
    await editor.until(lambda: editor.last(uri) and not editor.last(uri).diagnostics)
    await asyncio.sleep(1)
    assert not editor.last(uri).diagnostics


async def test_what_a_team_teaches_holds_at_once(editor: Editor, tmp_path: Path) -> None:
    (tmp_path / "mllint.toml").write_text('knowledge = ["team.yaml"]\n')
    team = tmp_path / "team.yaml"
    team.write_text("nonsense: {}\n")
    uri = editor.open(tmp_path / "train.py", MODEL.format("sigmoid"))
    await editor.diagnostics(uri)
    await editor.until(lambda: editor.last(team.as_uri()) and editor.last(team.as_uri()).diagnostics)
    team.write_text("")
    editor.save(uri)
    await editor.until(lambda: not editor.last(team.as_uri()).diagnostics)
