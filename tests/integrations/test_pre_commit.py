"""The hooks, run by the real pre-commit in the repository of a user."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from mllint.settings import parse_toml
from tests.integrations.programs import FIXABLE, FIXED, FLAWED, SOUND, notebook
from tests.integrations.repository import ROOT, SETTLED, Repository

Run = subprocess.CompletedProcess[str]


@pytest.fixture
def environment(shared: Path) -> dict[str, str]:
    """Lets pre-commit build the environment of the hooks once for all tests."""
    return {**os.environ, "PRE_COMMIT_HOME": str(shared / "pre-commit"), "NO_COLOR": "1"}


@pytest.fixture
def pre_commit(index: None, environment: dict[str, str], repository: Repository) -> Callable[..., Run]:
    """pre-commit in the user's repository."""

    def run(*arguments: str) -> Run:
        return subprocess.run(
            [sys.executable, "-m", "pre_commit", *arguments],
            cwd=repository.path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )

    return run


@pytest.fixture
def configured(repository: Repository, source: Repository) -> Callable[..., None]:
    """Writes the user's configuration: the hooks of this checkout, each with the keys that are given."""

    def write(**hooks: dict[str, object]) -> None:
        listed = [{"id": name.replace("_", "-"), **keys} for name, keys in hooks.items()]
        entry = {"repo": str(source.path), "rev": source.git("rev-parse", "HEAD"), "hooks": listed}
        repository.commit({".pre-commit-config.yaml": yaml.safe_dump({"repos": [entry]})})

    return write


def test_a_finding_fails_the_hook(pre_commit, configured, repository):
    configured(mllint={})
    repository.commit({"train.py": FLAWED, "sound.py": SOUND, "explore.ipynb": notebook(FLAWED), "notes.md": FLAWED})
    run = pre_commit("run", "--all-files")
    assert run.returncode == 1
    assert "Failed" in run.stdout
    assert re.findall(r"--> (\S+:.+)", run.stdout) == ["explore.ipynb:cell 1:4:28", "train.py:4:28"]
    assert "Found 2 errors in 2 of 3 files" in run.stdout
    assert pre_commit("run", "--files", "sound.py").returncode == 0


def test_the_fix_is_made_and_fails_once(pre_commit, configured, repository):
    configured(mllint_fix={})
    repository.commit({"train.py": FIXABLE, "explore.ipynb": notebook(FIXABLE)})
    first = pre_commit("run", "--all-files")
    assert first.returncode == 1
    assert "files were modified by this hook" in first.stdout
    assert repository.text("train.py") == FIXED
    assert repository.text("explore.ipynb") == notebook(FIXED)
    repository.commit()
    second = pre_commit("run", "--all-files")
    assert second.returncode == 0, second.stdout


def test_a_fix_in_a_file_that_git_does_not_track_fails_too(pre_commit, configured, repository):
    """pre-commit sees no change there: the exit code of the hook is what tells it."""
    configured(mllint_fix={})
    repository.write({"new.py": FIXABLE})
    run = pre_commit("run", "--files", "new.py")
    assert run.returncode == 1
    assert "files were modified" not in run.stdout
    assert repository.text("new.py") == FIXED
    assert pre_commit("run", "--files", "new.py").returncode == 0


def test_what_cannot_be_fixed_still_fails(pre_commit, configured, repository):
    configured(mllint_fix={})
    repository.commit({"train.py": FLAWED})
    assert pre_commit("run", "--all-files").returncode == 1
    assert repository.text("train.py") == FLAWED


def test_an_excluded_file_that_pre_commit_names_is_skipped(pre_commit, configured, repository):
    """Also where the user gives arguments, which take the place of those of the hook."""
    settings = '[tool.mllint]\nextend-exclude = ["legacy/"]\n'
    repository.commit({"pyproject.toml": settings, "legacy/train.py": FLAWED, "legacy/explore.ipynb": notebook(FLAWED)})
    configured(mllint={"args": ["--output-format", "concise"]}, mllint_fix={})
    run = pre_commit("run", "--all-files", "--verbose")
    assert run.returncode == 0, run.stdout
    assert "Found nothing in 0 files" in run.stdout
    repository.commit({"pyproject.toml": "[tool.mllint]\n"})
    assert "legacy/train.py:4:28: error[MLL101]" in pre_commit("run", "mllint", "--all-files").stdout


def test_a_commit_is_stopped(pre_commit, configured, repository, environment):
    configured(mllint={})
    assert pre_commit("install").returncode == 0
    repository.write({"train.py": FLAWED})
    repository.git("add", "train.py")
    commit = ["git", "commit", "--message", "a model"]
    run = subprocess.run(
        commit, cwd=repository.path, env={**environment, **SETTLED}, capture_output=True, text=True, check=False
    )
    assert run.returncode == 1
    assert "error[MLL101]" in run.stderr


def test_the_environment_has_what_the_project_asks_for_and_no_framework(pre_commit, configured, repository, shared):
    configured(mllint={})
    assert pre_commit("install-hooks").returncode == 0
    [python] = (shared / "pre-commit").glob("repo*/py_env-*/bin/python")
    listed = subprocess.run(
        [python, "-m", "pip", "list", "--format=freeze"], capture_output=True, text=True, check=True
    )
    names = {line.partition("==")[0].lower().replace("_", "-") for line in listed.stdout.splitlines()}
    project = parse_toml((ROOT / "pyproject.toml").read_bytes(), "pyproject.toml")["project"]
    wanted = {re.split(r"[<>=; ]", one)[0] for one in project["dependencies"] if "python_version" not in one}
    assert wanted <= names
    assert not names & {"tensorflow", "tensorflow-cpu", "keras", "tf-keras", "numpy", "torch", "jax", "pygls"}


def test_uncommitted_changes_can_be_tried(index, source, repository, tmp_path):
    """`pre-commit try-repo` on a checkout in which somebody works."""
    checkout = Repository(tmp_path / "checkout")
    source.git("clone", "--quiet", ".", str(checkout.path))
    init = checkout.text("linter/__init__.py")
    checkout.write({"linter/__init__.py": re.sub(r'__version__ = "[^"]+"', '__version__ = "9.9.9"', init)})
    repository.commit({"train.py": FLAWED})
    trial = [sys.executable, "-m", "pre_commit", "try-repo", str(checkout.path), "mllint", "--all-files", "--verbose"]
    run = subprocess.run(trial, cwd=repository.path, capture_output=True, text=True, check=False, timeout=600)
    assert "Creating temporary repo with uncommitted changes" in run.stdout + run.stderr
    assert run.returncode == 1
    assert "error[MLL101]" in run.stdout
