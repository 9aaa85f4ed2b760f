"""What the tests with other people's programs share."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from tests.integrations.repository import Repository, snapshot


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One directory for all processes of a test run."""
    base = tmp_path_factory.getbasetemp()
    directory = (base.parent if base.name.startswith("popen-") else base) / "integrations"
    directory.mkdir(exist_ok=True)
    return directory


@pytest.fixture(scope="session")
def source(shared: Path) -> Repository:
    """This checkout as a repository with one commit, made once."""
    path = shared / "source"
    with FileLock(shared / "source.lock"):
        is_made = (path / ".git" / "refs" / "heads" / "main").exists()
        return Repository(path) if is_made else snapshot(path)


@pytest.fixture(scope="session")
def index(shared: Path) -> None:
    """Skips where pip reaches no index of packages: what is installed by pip cannot be tried there."""
    download = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(shared), "setuptools"]
    done = subprocess.run(download, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip(f"pip reaches no index: {done.stderr.strip().splitlines()[-1]}")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository.at(tmp_path / "user")
