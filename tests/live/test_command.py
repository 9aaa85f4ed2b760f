"""`mllint verify` with the options that run a model: exit codes, what is said, what is skipped."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from mllint.cli.running import is_to_run

TRAIN = """
def make():
    import keras
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, activation="softmax")])
    model.compile("adam", "categorical_crossentropy")
    return model

def multi_hot():
    import numpy as np
    return np.random.normal(size=(64, 4)), np.tile([[1, 1, 0], [0, 0, 1]], (32, 1))

def one_hot():
    import numpy as np
    return np.random.normal(size=(64, 4)), np.eye(3)[np.arange(64) % 3]

def boom():
    raise ValueError("no model today")

def hang():
    import time
    time.sleep(600)
"""


@pytest.fixture(autouse=True)
def train(module):
    module("train", TRAIN)


def verify(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mllint", "verify", "--isolated", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, "NO_COLOR": "1", **environment}, timeout=300
    )


@pytest.mark.tensorflow
def test_a_model_that_a_function_makes_is_run():
    pytest.importorskip("keras")
    done = verify("train:make", "--data", "train:multi_hot", "--output-format", "json")
    assert done.returncode == 1, done.stderr
    (finding,) = [one for one in json.loads(done.stdout)["findings"] if one["rule"] == "softmax-with-multi-hot-labels"]
    assert {"layer dense", "compile.loss", "labels of train:multi_hot"} <= {
        location["part"] for location in finding["locations"]
    }
    assert done.stderr.splitlines()[:3] == [
        "mllint: running train:make",
        "mllint: running train:multi_hot",
        "mllint: measuring",
    ]


@pytest.mark.tensorflow
def test_one_that_is_sound_is_clean():
    pytest.importorskip("keras")
    done = verify("train:make", "--data", "train:one_hot")
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.tensorflow
def test_what_the_machine_lacks_is_skipped_visibly():
    pytest.importorskip("keras")
    done = verify("train:make", "--data", "train:one_hot", "--device", "cpu", "--device", "gpu:99")
    assert done.returncode == 0
    assert "train:make: skipped: gpu:99" in done.stderr


@pytest.mark.tensorflow
def test_it_is_a_failure_where_nothing_else_was_asked_for():
    pytest.importorskip("keras")
    done = verify("train:make", "--device", "gpu:99")
    assert done.returncode == 2
    assert "skipped: gpu:99" in done.stderr


def test_what_user_code_raises_is_one_line_and_the_rest_is_for_debugging():
    done = verify("train:boom")
    assert done.returncode == 2
    assert "train:boom: error: ValueError: no model today (while running train:boom)" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Traceback" in verify("train:boom", "--debug").stderr


def test_one_that_hangs_is_stopped():
    done = verify("train:hang", "--timeout", "2")
    assert done.returncode == 2
    assert "stopped after 2 s" in done.stderr


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--device", "quantum", "none of cpu, gpu"),
        ("--memory-limit", "plenty", "no size"),
        ("--memory-limit", "0", "no size"),
        ("--memory-limit", "9" * 5000, "no size"),
        ("--timeout", "0", "0.0"),
        ("--rows", "0", "0 is not in the range"),
        ("--backend", "caffe", "caffe"),
    ],
)
def test_options_that_make_no_sense_are_refused(option, value, message):
    done = verify("train:make", option, value)
    assert done.returncode == 2
    assert message in done.stderr


NOTHING: dict[str, Any] = {
    "run": False, "data": None, "backend": (), "device": (), "dtype_policy": None, "imports": (), "allow_code": False,
}  # fmt: skip


@pytest.mark.parametrize(
    ("model", "options", "expected"),
    [
        ("model.keras", {}, False),
        ("model.keras", {"run": True}, True),
        ("model.keras", {"data": "batch.npz"}, True),
        ("model.keras", {"device": ("cpu",)}, True),
        ("package.module:factory", {}, True),
        ("train.py:make", {}, True),
    ],
)
def test_a_model_is_run_only_where_that_was_asked_for(model, options, expected):
    assert is_to_run(model, {**NOTHING, **options}) is expected


def test_a_file_that_is_named_like_a_factory_is_a_file(here):
    (here / "odd:name").write_bytes(b"")
    assert not is_to_run("odd:name", NOTHING)


def test_help_and_files_need_no_framework():
    """The options that run a model are in the command line; what they take is imported when they are used."""
    code = (
        "import sys; from click.testing import CliRunner; from mllint.cli import mllint; "
        "CliRunner().invoke(mllint, ['verify', '--help']); "
        "print(sorted({'numpy', 'keras', 'tensorflow', 'rich'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "[]"
