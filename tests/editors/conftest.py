"""Files to edit, and what the command makes of them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.editors.recipes import ROOT

pytest.importorskip("pygls", reason="the server needs the extra lsp")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with a program with an error that can be fixed safely."""
    folder = tmp_path / "project"
    folder.mkdir()
    shutil.copy(ROOT / "examples" / "digits.py", folder)
    (folder / "pyproject.toml").write_text("[project]\n")
    return folder


@pytest.fixture
def fixed(tmp_path: Path) -> bytes:
    """The program after `mllint --fix`."""
    copy = shutil.copy(ROOT / "examples" / "digits.py", tmp_path / "fixed.py")
    before = copy.read_bytes()
    done = subprocess.run([sys.executable, "-m", "mllint", "--fix", copy], capture_output=True, text=True, check=False)
    assert copy.read_bytes() != before, done.stderr
    return copy.read_bytes()


@pytest.fixture
def environment(tmp_path: Path) -> Mapping[str, str]:
    """The mllint under test on the search path, and a home of its own."""
    here = str(Path(sys.executable).parent)
    path = os.pathsep.join([here, os.environ.get("PATH", os.defpath)])
    home = tmp_path / "home"
    home.mkdir()
    places = {name: str(home) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")}
    return {**os.environ, **places, "PATH": path}
