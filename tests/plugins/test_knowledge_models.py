"""What a team's file teaches holds for its saved and running models, as Keras writes them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command.conftest import Command
from tests.plugins.conftest import KNOWLEDGE

pytest.importorskip("tensorflow")
pytestmark = pytest.mark.tensorflow

PROJECT = Path(__file__).with_name("project")
CPU = {"CUDA_VISIBLE_DEVICES": "", "TF_CPP_MIN_LOG_LEVEL": "3"}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A team's package, with its models in the formats that Keras 3 writes."""
    directory = tmp_path_factory.mktemp("acme") / "project"
    shutil.copytree(PROJECT, directory, ignore=shutil.ignore_patterns("__pycache__"))
    (directory / "mllint.toml").write_text(f"knowledge = ['{KNOWLEDGE}']")
    subprocess.run([sys.executable, "models.py"], cwd=directory, env={**os.environ, **CPU}, check=True)
    return directory


@pytest.mark.parametrize("suffix", [".keras", ".h5"])
def test_facts_of_a_file(suffix: str, project: Path) -> None:
    functions = Command(project)("facts", f"functions{suffix}").stdout
    assert "softmax, units 3, float32: acme>NormedDense[units 3] → softmax" in functions
    assert "loss     weighted_bce" in functions
    assert "metric   tag_recall (instance), threshold 0.5" in functions
    classes = Command(project)("facts", f"classes{suffix}").stdout
    assert "hard_sigmoid, units 3, float32: acme>NormedDense[units 3] → hard_sigmoid" in classes
    assert "loss     binary_crossentropy (instance), from_logits true" in classes
    assert "threshold=0.0" in classes


@pytest.mark.parametrize("suffix", [".keras", ".h5"])
def test_a_file_is_judged(suffix: str, project: Path) -> None:
    command = Command(project)
    run = command("verify", f"functions{suffix}", "--labels", "multi-hot", "--output-format", "concise")
    assert (run.exit_code, "softmax-with-binary-crossentropy" in run.stdout) == (1, True)
    unknown = command("verify", f"functions{suffix}", "--labels", "multi-hot", "--isolated")
    assert (unknown.exit_code, unknown.stdout) == (0, "")


IN_PROCESS = """\
import sys
import numpy as np, mllint
from models import functions

x, y = np.zeros((16, 4), "float32"), np.random.default_rng(0).integers(0, 2, (16, 3)).astype("float32")
for knowledge in ([sys.argv[1]], []):
    findings = mllint.verify_model(functions(), x, y, knowledge=knowledge)
    print(*(finding.rule for finding in findings if finding.code < "MLL2"))
try:
    functions().fit(x, y, verbose=0, callbacks=[mllint.HeadCheck("raise", knowledge=[sys.argv[1]])])
except mllint.HeadMismatch as error:
    print(error)
"""


def test_a_model_of_the_program_is_judged(project: Path) -> None:
    command = [sys.executable, "-c", IN_PROCESS, str(KNOWLEDGE)]
    environment = {**os.environ, **CPU}
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    known, unknown, *raised = done.stdout.splitlines()
    assert (known, unknown) == ("softmax-with-binary-crossentropy", "")
    assert any("softmax-with-binary-crossentropy" in line for line in raised)


def test_a_running_model_is_judged(project: Path) -> None:
    command = Command(project)
    options = ("--labels", "multi-hot", "--output-format", "concise", "--select", "head-loss")
    run = command("verify", "models:functions", *options, environment=CPU)
    assert (run.exit_code, "softmax-with-binary-crossentropy" in run.stdout) == (1, True), run.stderr
    unknown = command("verify", "models:functions", *options, "--isolated", environment=CPU)
    assert (unknown.exit_code, unknown.stdout) == (0, ""), unknown.stderr
