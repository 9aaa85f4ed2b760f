"""What several machines reported, put together, is what one would have reported."""

from __future__ import annotations

import json

import pytest

from mllint import __version__
from mllint.reports import FORMATS

SHARDS = 3
SILENCED = """
from tensorflow import keras
model = keras.Sequential([keras.layers.Dense(1, activation="softmax")])
model.compile("adam", "mse")  # mllint: ignore[one-unit-softmax] on purpose
"""


@pytest.fixture
def parts(mllint, write, flawed, sound):
    """The names of the parts of a tree in which there is something of everything."""
    write({f"src/train_{number}.py": flawed for number in range(6)})
    notebook = {"cells": [{"cell_type": "code", "metadata": {}, "outputs": [], "source": flawed}], "metadata": {}}
    notebook |= {"nbformat": 4, "nbformat_minor": 5}
    write(
        {
            "src/sound.py": sound,
            "src/silenced.py": SILENCED,
            "src/broken.py": "import keras; model.compile(loss=",
            "src/a/train.ipynb": json.dumps(notebook),
            "src/ünï😀.py": flawed,
            "src/old.py": flawed,
        }
    )
    for number in range(1, SHARDS + 1):
        run = mllint(f"--shard={number}/{SHARDS}", "--output-file", f"{number}.part", "src")
        assert run.exit_code in (1, 2)
    return [f"{number}.part" for number in range(1, SHARDS + 1)]


@pytest.mark.parametrize("output_format", sorted(FORMATS))
def test_merged_parts_are_the_report_of_one_run(output_format, mllint, parts):
    one = mllint("--output-format", output_format, "src")
    merged = mllint("merge", "--output-format", output_format, *parts)
    if output_format != "part":  # which says what it is the report of
        assert merged.stdout == one.stdout
    assert (merged.exit_code, len(merged.stdout) > 500) == (one.exit_code, True) == (2, True)
    assert merged.stderr == one.stderr
    assert "fixable: --diff" in merged.stderr


def test_merged_parts_are_a_part(mllint, parts):
    mllint("merge", *parts, "--output-file", "all.part")
    assert mllint("merge", "all.part").stdout == mllint("src").stdout


def test_a_shard_that_is_missing_is_said(mllint, parts):
    run = mllint("merge", "--exit-zero", "--output-format", "concise", parts[1])
    assert run.exit_code == 2
    assert run.stderr.splitlines()[:2] == [
        "src: error: no part is of shard 1/3",
        "src: error: no part is of shard 3/3",
    ]
    assert "no part is of" not in mllint("merge", *parts).stderr


def test_the_shards_of_several_runs_are_told_apart(mllint, write, sound):
    write({"src/a.py": sound, "tests/b.py": sound})
    for number in (1, 2):
        for folder in ("src", "tests"):
            assert mllint(f"--shard={number}/2", "-o", f"{folder}-{number}.part", folder).exit_code == 0
    run = mllint("merge", "src-1.part", "src-2.part", "tests-2.part")
    assert (run.exit_code, run.stderr.splitlines()[0]) == (2, "tests: error: no part is of shard 1/2")
    assert mllint("merge", "src-1.part", "src-2.part", "tests-1.part", "tests-2.part").exit_code == 0


def test_the_order_of_parts_and_a_part_given_twice_change_nothing(mllint, parts):
    assert mllint("merge", *reversed(parts), parts[0]).stdout == mllint("merge", *parts).stdout


def test_the_exit_code_is_that_of_the_findings(mllint, write, flawed, sound):
    write({"good.py": sound, "bad.py": flawed})
    for name in ("good", "bad"):
        mllint("--output-file", f"{name}.part", f"{name}.py")
    assert mllint("merge", "good.part").exit_code == 0
    assert mllint("merge", "good.part", "bad.part").exit_code == 1
    assert mllint("merge", "bad.part", "--exit-zero").exit_code == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no part of a report"),
        (b"[]", "no part of a report"),
        (b"\xff", "no part of a report"),
        (b"[" * 100_000, "no part of a report"),
        (b'{"version": 1, "findings": []}', "no part of a report"),
        (b'{"mllint": "0.0.1", "reports": []}', f"written by mllint 0.0.1; this is {__version__}"),
        (b'{"mllint": "%s", "reports": []}' % __version__.encode(), "damaged: it does not say which share it is"),
        (
            b'{"mllint": "%s", "paths": [], "shard": [2, 1], "reports": []}' % __version__.encode(),
            "damaged: it does not",
        ),
        (b'{"mllint": "%s", "paths": [], "shard": [1, 1], "reports": 3}' % __version__.encode(), "damaged"),
        (
            b'{"mllint": "%s", "paths": [], "shard": [1, 1], "reports": [["x.py", [1]]]}' % __version__.encode(),
            "damaged: one of",
        ),
        (b'{"mllint": "%s", "paths": [], "shard": [1, 1], "reports": [[3, null]]}' % __version__.encode(), "damaged"),
        (None, "cannot read: No such file or directory"),
    ],
)
def test_a_part_that_cannot_be_read_is_said_and_the_others_are_merged(content, said, mllint, write, flawed):
    write({"bad.py": flawed})
    mllint("--output-file", "bad.part", "bad.py")
    if content is not None:
        write({"broken.part": content})
    run = mllint("merge", "--output-format", "concise", "bad.part", "broken.part")
    assert run.exit_code == 2
    assert run.stdout.startswith("bad.py:8:38: error[MLL101]")
    assert f"broken.part: error: {said}" in run.stderr
