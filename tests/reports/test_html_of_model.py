"""The page of a model that was run: its chain, its figures, its plots, on a telephone's screen."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("tensorflow")
pytestmark = pytest.mark.tensorflow

MODEL = """
import keras, numpy as np
def make():
    model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(10, activation="softmax")])
    model.compile(loss="categorical_crossentropy", metrics=["accuracy"])
    return model
def batch():
    random = np.random.default_rng(0)
    return random.random((32, 20)), random.integers(0, 2, (32, 10))
"""
WIDTH = "<script>document.body.dataset.width = document.documentElement.scrollWidth + '/' + innerWidth</script></body>"


@pytest.fixture
def page(tmp_path: Path) -> str:
    (tmp_path / "tags.py").write_text(MODEL)
    command = ["verify", "tags:make", "--data", "tags:batch", "--output-file", "report.html", "-q"]
    run = subprocess.run([sys.executable, "-m", "mllint", *command], cwd=tmp_path, capture_output=True, text=True)
    assert run.returncode == 1, run.stderr
    return (tmp_path / "report.html").read_text(encoding="utf-8")


def test_findings_chain_and_plots_are_shown(page: str, shown: Callable[[str], str]) -> None:
    document = shown(page.replace("</body>", WIDTH))
    assert "softmax-with-multi-hot-labels" in document
    for said in ("labels of tags:batch", "Reachability", "no start leads to the right answer", "Loss"):
        assert said in document
    assert document.count("<svg") == 4, "two histograms of outputs, one of gradients, one curve"
    width = re.search(r'data-width="(\d+)/(\d+)"', document)
    assert width and int(width[1]) <= int(width[2])


def test_a_page_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "tags.py").write_text(MODEL)
    command = ["verify", "tags:make", "--output-file", "no/such/folder/report.html"]
    run = subprocess.run([sys.executable, "-m", "mllint", *command], cwd=tmp_path, capture_output=True, text=True)
    assert run.returncode == 2
    assert "no/such/folder/report.html: error: cannot write: No such file or directory" in run.stderr
