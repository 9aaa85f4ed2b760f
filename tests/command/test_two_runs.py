"""Two runs that fix the same tree at once: every file comes out whole and fixed once, whoever was first."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

FLAWED = """\
import keras
import numpy as np

model = keras.Sequential([keras.layers.Dense(5)])
model.compile(optimizer="adam", loss=keras.losses.SparseCategoricalCrossentropy())
model.fit(np.random.rand(100, 8), np.random.randint(0, 5, size=100))
"""
FIXED = FLAWED.replace("Crossentropy()", "Crossentropy(from_logits=True)")
FILES = 30
RUNS = 3


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for number in range(FILES):
        (tmp_path / f"train_{number}.py").write_text(FLAWED)
    return tmp_path


def test_runs_that_fix_at_once(tree):
    runs = [
        subprocess.Popen(
            [sys.executable, "-m", "mllint", "--fix", "--isolated", "."],
            cwd=tree,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(RUNS)
    ]
    said = [run.communicate(timeout=120) for run in runs]
    assert {path.read_text() for path in tree.glob("*.py")} == {FIXED}
    assert not [path for path in tree.iterdir() if path.suffix == ".tmp"]
    for run, (_, errors) in zip(runs, said, strict=True):
        assert "Traceback" not in errors
        assert run.returncode == (2 if "the file has changed since it was read" in errors else 0), errors


def test_a_run_that_lints_while_another_fixes_sees_whole_files(tree):
    fixing = subprocess.Popen([sys.executable, "-m", "mllint", "--fix", "--quiet", "--isolated", "."], cwd=tree)
    while fixing.poll() is None:
        linting = subprocess.run(
            [sys.executable, "-m", "mllint", "--isolated", "--output-format", "concise", "."],
            cwd=tree,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert linting.returncode in (0, 1), linting.stderr
        assert all("MLL201" in line for line in linting.stdout.splitlines())
    assert fixing.returncode == 0
