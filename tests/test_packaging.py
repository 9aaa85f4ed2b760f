"""What a checkout holds is what an installation gets."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from mllint.settings import parse_toml

ROOT = Path(__file__).parents[1]
FOLDERS = {"linter": "mllint", "rules": "mllint.rules"}


def test_every_package_is_installed():
    project = parse_toml((ROOT / "pyproject.toml").read_bytes(), "pyproject.toml")
    here = {
        ".".join((FOLDERS[folder], *path.parent.relative_to(ROOT / folder).parts))
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("__init__.py")
    }
    assert set(project["tool"]["setuptools"]["packages"]) == here


@pytest.mark.parametrize(
    "hook", yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text()), ids=lambda hook: hook["id"]
)
def test_the_hook_runs_as_pre_commit_runs_it(hook):
    command, *words = hook["entry"].split()
    assert command == "mllint"
    done = subprocess.run(
        [sys.executable, "-m", command, *words, *hook["args"], "examples/tags.py", "examples/flowers.ipynb"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert "2 errors" in done.stderr
