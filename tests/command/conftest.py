"""Runs the real command in a process of its own on real files."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

FLAWED = """\
import tensorflow as tf
from tensorflow.keras import layers

model = tf.keras.Sequential([
    layers.Dense(64, activation="relu"),
    layers.Dense(10, activation="sigmoid"),
])
model.compile(optimizer="adam", loss="categorical_crossentropy")
"""
"""One error: sigmoid-with-categorical-crossentropy, at 8:38."""

SOUND = FLAWED.replace("sigmoid", "softmax")


@dataclass(frozen=True)
class Run:
    """What a run of the command gave."""

    exit_code: int
    stdout: str
    stderr: str


@dataclass(frozen=True)
class Command:
    """`python -m mllint` in one directory. No run may show a traceback."""

    directory: Path

    def __call__(
        self,
        *arguments: str,
        stdin: bytes = b"",
        environment: Mapping[str, str] | None = None,
        program: str | None = None,
        directory: Path | None = None,
    ) -> Run:
        """`program` replaces `-m mllint` by Python code."""
        start = ["-c", program] if program else ["-m", "mllint"]
        done = subprocess.run(
            [sys.executable, *start, *arguments],
            cwd=directory or self.directory,
            input=stdin,
            capture_output=True,
            env={**_plain_environment(), **(environment or {})},
            timeout=120,
            check=False,
        )
        run = Run(done.returncode, done.stdout.decode(), done.stderr.decode())
        assert "Traceback" not in run.stdout + run.stderr, run.stderr
        return run


def _plain_environment() -> dict[str, str]:
    decorations = ("MLLINT_OUTPUT_FORMAT", "NO_COLOR", "FORCE_COLOR")
    return {name: value for name, value in os.environ.items() if name not in decorations}


@pytest.fixture
def mllint(tmp_path: Path) -> Command:
    return Command(tmp_path)


@pytest.fixture
def write(tmp_path: Path) -> Callable[[Mapping[str, str | bytes]], Path]:
    """Writes files below the test's directory, which it returns."""

    def write_files(files: Mapping[str, str | bytes]) -> Path:
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return tmp_path

    return write_files


@pytest.fixture
def flawed() -> str:
    return FLAWED


@pytest.fixture
def sound() -> str:
    return SOUND
