"""Recipes for editors that are not on the machine: what they say is read as the editor would, what they run is run."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

import pytest
from lsprotocol import types
from pygls.lsp.client import LanguageClient

from mllint.server.options import Options
from tests.editors.recipes import PAGE, recipes

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


Recipe: TypeAlias = tuple[Sequence[str], Mapping[str, object]]
"""The command that an editor runs, and the options that it sends."""


def helix() -> Recipe:
    """As at https://docs.helix-editor.com/languages.html."""
    (text,) = recipes("Helix", "toml")
    said = tomllib.loads(text)
    ((name, server),) = said["language-server"].items()
    (language,) = said["language"]
    assert language["name"] == "python" and name in language["language-servers"]
    assert server.keys() <= {"command", "args", "config", "timeout", "environment", "required-root-patterns"}
    return [server["command"], *server["args"]], server["config"]


def sublime() -> Recipe:
    """As at https://lsp.sublimetext.io/client_configuration/."""
    (text,) = recipes("Sublime Text", "json")
    ((_, client),) = json.loads(text)["clients"].items()
    assert client.keys() <= {"enabled", "command", "selector", "initializationOptions"}
    assert client["enabled"] and client["selector"] == "source.python"
    return client["command"], client["initializationOptions"]


@pytest.mark.parametrize("recipe", [helix, sublime])
def test_the_options_are_ones_of_the_server(recipe: Callable[[], Recipe]) -> None:
    _, options = recipe()
    assert Options.read(options).table == {"pedantic": False}


@pytest.mark.parametrize("recipe", [helix, sublime])
@pytest.mark.asyncio
async def test_the_command_is_a_server(
    recipe: Callable[[], Recipe], environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (program, *arguments), options = recipe()
    monkeypatch.setenv("PATH", environment["PATH"])
    client = LanguageClient("editor", "1")
    await client.start_io(program, *arguments)
    answer = await client.initialize_async(
        types.InitializeParams(types.ClientCapabilities(), initialization_options=options)
    )
    await client.shutdown_async(None)
    client.exit(None)
    await client.stop()
    assert answer.server_info and answer.server_info.name == "mllint"


def test_the_output_filter_of_pycharm_finds_the_places(project: Path) -> None:
    (arguments,) = re.findall(r"^\| Arguments \| `(.+)` \|$", PAGE, re.MULTILINE)
    (output_filter,) = re.findall(r"^\| Output filters \| `(.+)` \|$", PAGE, re.MULTILINE)
    file = str(project / "digits.py")
    command = [sys.executable, "-m", "mllint", *arguments.replace("$FilePath$", file).split()]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    pattern = output_filter.replace("$FILE_PATH$", "(?P<path>.+?)").replace("$LINE$", r"(?P<line>\d+)")
    found = re.match(pattern.replace("$COLUMN$", r"(?P<column>\d+)"), said)
    assert found and (found["line"], found["column"]) == ("16", "11")
    assert (Path.cwd() / found["path"]).resolve() == Path(file).resolve()
