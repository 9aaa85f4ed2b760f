"""What a checkout holds is what an installation gets."""

from __future__ import annotations

from pathlib import Path

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
