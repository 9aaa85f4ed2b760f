"""Programs of several files, each with what the command says of it.

A folder in projects/ is a program. expected.txt lists the findings as `path:line rule` (`path:cell:line rule` in a
notebook); arguments.txt, where there is one, the paths that the command is given.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

PROJECTS = Path(__file__).parent / "projects"
NAMES = sorted(path.name for path in PROJECTS.iterdir())
Said = Mapping[str, Sequence[str]]


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All programs, where no configuration but their own holds."""
    return Path(shutil.copytree(PROJECTS, tmp_path_factory.mktemp("programs") / "projects"))


@pytest.fixture(scope="module")
def said(directory: Path) -> Said:
    return _said(directory)


def _said(directory: Path, *options: str) -> Said:
    """What one run of the command finds in each program."""
    paths = [str(Path(name, path)) for name in NAMES for path in _arguments(directory / name)]
    command = [sys.executable, "-m", "mllint", "check", "--no-cache", "--output-format", "json", *options, *paths]
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True, timeout=300)
    assert "Traceback" not in done.stderr
    found = defaultdict(list)
    for finding in json.loads(done.stdout)["findings"]:
        name, _, shown = _shown(finding).partition("/")
        found[name].append(shown)
    return found


def _arguments(project: Path) -> Sequence[str]:
    listed = project / "arguments.txt"
    return listed.read_text().split() if listed.exists() else ["."]


def _shown(finding: dict[str, Any]) -> str:
    place = finding["locations"][0]
    where = [place["path"], place["cell"], place["line"]]
    return f"{':'.join(str(part) for part in where if part is not None)} {finding['rule']}"


@pytest.mark.parametrize("name", NAMES)
def test_what_the_command_says(name: str, said: Said) -> None:
    assert list(said.get(name, ())) == (PROJECTS / name / "expected.txt").read_text().splitlines()


def test_less_is_said_of_files_by_themselves(directory: Path) -> None:
    alone = _said(directory, "--no-follow-imports")
    for name in ("factory_with_arguments", "compiled_elsewhere", "relative_config", "own_model_class"):
        assert name not in alone
