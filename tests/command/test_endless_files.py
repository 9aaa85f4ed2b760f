"""Files that are read whole are regular and of a size: what never ends is said, and not waited for."""

from __future__ import annotations

import os
import sys

import pytest

from mllint.files.regular_files import LARGEST, read_regular

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no pipes with a name, and no /dev")
SETTINGS = {
    "baseline": ('baseline = "{}"', "cannot read"),
    "knowledge": ('knowledge = ["{}"]', "cannot be read"),
}


@pytest.mark.parametrize("key", SETTINGS)
@pytest.mark.parametrize("kind", ["pipe", "/dev/zero"])
def test_settings_may_name_what_never_ends(key, kind, mllint, write, flawed):
    line, said = SETTINGS[key]
    name = kind if kind.startswith("/") else "pipe.yaml"
    folder = write({"train.py": flawed, "mllint.toml": line.format(name)})
    os.mkfifo(folder / "pipe.yaml")
    run = mllint("train.py")
    assert run.exit_code == 2
    assert f"{name}: error: {said}: not a regular file\n" in run.stderr


@pytest.mark.parametrize("name", ["mllint.toml", "pyproject.toml"])
@pytest.mark.parametrize("kind", ["pipe", "/dev/zero"])
def test_settings_may_be_what_never_ends(name, kind, mllint, write, flawed):
    folder = write({"train.py": flawed})
    _make(folder / name, kind)
    run = mllint("train.py")
    assert (run.exit_code, run.stdout) == (2, "")
    assert run.stderr.startswith(f"{name}: error: cannot be read: not a regular file\n")


@pytest.mark.parametrize("name", [".gitignore", "models.py"])
@pytest.mark.parametrize("kind", ["pipe", "/dev/zero"])
def test_other_files_that_never_end_are_passed_over(name, kind, mllint, write, flawed):
    folder = write({"train.py": f"import models\n{flawed}"})
    _make(folder / name, kind)
    assert "error[MLL101]" in mllint().stdout


def test_a_file_is_read_up_to_a_size(mllint, write, flawed):
    folder = write({"train.py": flawed, "mllint.toml": "fix = true\n" + "#" * LARGEST})
    run = mllint("train.py")
    assert run.exit_code == 2
    assert run.stderr.startswith("mllint.toml: error: cannot be read: larger than 16 MiB\n")
    exact = b"#" * LARGEST
    (folder / "mllint.toml").write_bytes(exact)
    assert read_regular(folder / "mllint.toml") == exact


def _make(path, kind: str) -> None:
    if kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to(kind)
