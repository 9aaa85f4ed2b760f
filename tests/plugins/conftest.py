"""The example plugin, installed as pip installs it, and plugins that are wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.command.conftest import Command, Run

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "plugin"
KNOWLEDGE = EXAMPLE / "mllint-knowledge.yaml"


def installed(distribution: Path, target: Path) -> Path:
    """A directory that holds a distribution as an environment would; nothing is downloaded."""
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    done = subprocess.run([*pip, "--target", target, distribution], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return target


@dataclass(frozen=True)
class Beside:
    """The command in a directory, with distributions of another directory installed beside mllint."""

    command: Command
    site: Path

    def __call__(self, *arguments: str, stdin: bytes = b"") -> Run:
        path = os.pathsep.join(filter(None, [str(self.site), os.environ.get("PYTHONPATH")]))
        return self.command(*arguments, stdin=stdin, environment={"PYTHONPATH": path})


@pytest.fixture(scope="session")
def acme_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the example plugin is installed, from a copy of its sources."""
    import shutil

    sources = tmp_path_factory.mktemp("acme") / "plugin"
    shutil.copytree(EXAMPLE, sources, ignore=shutil.ignore_patterns("build", "*.egg-info", "__pycache__"))
    return installed(sources, tmp_path_factory.mktemp("site"))


@pytest.fixture
def acme(acme_site: Path, tmp_path: Path) -> Beside:
    """The command, with the example plugin."""
    return Beside(Command(tmp_path), acme_site)


@pytest.fixture
def plugin(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Beside]:
    """The command, with plugins of one module each: by distribution, the code of its rule `its-name` or its text."""
    site = tmp_path_factory.mktemp("site")

    def install(**texts: str) -> Beside:
        for name, text in texts.items():
            family = site / f"{name}_rules" / "heads"
            family.mkdir(parents=True)
            for package in (family.parent, family):
                (package / "__init__.py").touch()
            (family / f"{name}_rule.py").write_text(text)
            facts = site / f"{name}-1.0.dist-info"
            facts.mkdir()
            (facts / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
            (facts / "entry_points.txt").write_text(f"[mllint.rules]\n{name} = {name}_rules\n")
        return Beside(Command(tmp_path), site)

    return install


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes files below the test's directory, which it returns."""

    def write_files(files: dict[str, str]) -> Path:
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        return tmp_path

    return write_files


@pytest.fixture
def mllint(tmp_path: Path) -> Command:
    return Command(tmp_path)
