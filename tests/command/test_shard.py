"""Machines that divide the files: each file in one share, and all shares together the whole."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mllint.files.sharding import Shard, shard

SHARES = 3
FIXABLE = """
import keras
import numpy as np

model = keras.Sequential([keras.layers.Dense(5)])
model.compile(optimizer="adam", loss=keras.losses.SparseCategoricalCrossentropy())
model.fit(np.random.rand(100, 8), np.random.randint(0, 5, size=100))
"""


@pytest.fixture
def tree(write, flawed):
    write({f"src/train_{number}.py": flawed for number in range(12)})
    return "src"


def findings(run) -> list[tuple[str, int]]:
    return [(one["path"], one["locations"][0]["line"]) for one in json.loads(run.stdout)["findings"]]


def test_the_shares_are_disjoint_and_complete(mllint, tree):
    whole = findings(mllint("--output-format", "json", tree))
    shares = [findings(mllint("--output-format", "json", f"--shard={n}/{SHARES}", tree)) for n in range(1, SHARES + 1)]
    assert sorted(finding for share in shares for finding in share) == sorted(whole)
    assert len(whole) == 12
    assert all(len(share) < 12 for share in shares)


def test_a_new_file_moves_no_other(mllint, write, tree, flawed):
    before = mllint("--show-files", "--shard=1/3", tree).stdout.splitlines()
    write({"src/another.py": flawed})
    after = mllint("--show-files", "--shard=1/3", tree).stdout.splitlines()
    assert set(after) - {"src/another.py"} == set(before)


def test_a_share_is_fixed_alone(mllint, write, tree):
    write({f"src/train_{number}.py": FIXABLE for number in range(12)})
    named = mllint("--show-files", "--shard=2/3", tree).stdout.splitlines()
    done = mllint("--diff", "--shard=2/3", tree)
    assert [line[4:] for line in done.stdout.splitlines() if line.startswith("+++ ")] == named


def test_what_another_share_holds_is_not_missing_from_a_baseline(mllint, tree):
    assert mllint("--baseline=old.json", "--write-baseline", tree).exit_code == 0
    shares = [mllint("--baseline=old.json", f"--shard={n}/{SHARES}", tree) for n in range(1, SHARES + 1)]
    assert [share.exit_code for share in shares] == [0] * SHARES
    assert not any("prune" in share.stderr for share in shares)


def test_a_missing_path_fails_in_every_share(mllint, tree):
    assert {mllint(f"--shard={n}/{SHARES}", "none.py").exit_code for n in range(1, SHARES + 1)} == {2}


@pytest.mark.parametrize("text", ["0/3", "4/3", "1", "1/0", "a/b", "-1/3", "1/3/5", "٣/٤"])
def test_what_is_no_shard_is_said(mllint, text):
    run = mllint(f"--shard={text}")
    assert (run.exit_code, "is no shard: 1/4 is the first of four" in run.stderr) == (2, True)


def test_a_share_writes_no_baseline(mllint, tree):
    run = mllint("--shard=1/2", "--baseline=b.json", "--write-baseline", tree)
    assert (run.exit_code, "--shard and --write-baseline exclude each other" in run.stderr) == (2, True)


@given(st.lists(st.text(min_size=1)), st.integers(1, 9))
def test_every_path_is_in_one_share(paths, of):
    for path in paths:
        assert sum(Shard(number, of).holds(path) for number in range(1, of + 1)) == 1


def test_a_shard_is_read_from_text():
    assert shard("2/5") == Shard(2, 5)
