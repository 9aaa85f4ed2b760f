"""`mllint convert`: exit codes, streams, and what is written."""

from __future__ import annotations

import pytest

CONVERTED = "train a sigmoid head with binary_crossentropy"
UNSEEN = "  its labels are out of sight: see that they are what the loss wants"


@pytest.fixture
def logistic(sound):
    return sound.replace("softmax", "sigmoid").replace("categorical", "binary")


def test_the_file_is_converted_in_place(mllint, write, sound, logistic):
    folder = write({"train.py": sound})
    run = mllint("convert", "--to", "multi-label", "train.py")
    assert (run.exit_code, run.stdout) == (0, "")
    assert run.stderr.splitlines() == [f"train.py:8: {CONVERTED}", UNSEEN, "Converted 1 model in train.py"]
    assert (folder / "train.py").read_text() == logistic
    assert mllint("train.py").exit_code == 0


def test_nothing_to_do_is_said(mllint, write, sound):
    folder = write({"train.py": sound})
    run = mllint("convert", "--to", "multi-class", "train.py")
    assert (run.exit_code, run.stdout) == (0, "")
    assert run.stderr == "train.py: nothing to do, this is multi-class already\n"
    assert mllint("convert", "-q", "--to", "multi-class", "train.py").stderr == ""
    assert (folder / "train.py").read_text() == sound


def test_a_diff_changes_nothing(mllint, write, sound, logistic):
    folder = write({"train.py": sound})
    run = mllint("convert", "--to", "multi-label", "--diff", "train.py")
    assert run.exit_code == 1
    assert run.stderr.splitlines()[-1] == "Would convert 1 model in train.py"
    lines = run.stdout.splitlines()
    assert lines[:2] == ["--- train.py", "+++ train.py"]
    added = [line[1:] for line in lines[2:] if line.startswith("+")]
    assert added == [line for line in logistic.splitlines() if line not in sound.splitlines()]
    assert (folder / "train.py").read_text() == sound
    assert mllint("convert", "--to", "multi-class", "--diff", "train.py").exit_code == 0


def test_a_line_names_the_model_as_findings_do(mllint, write, sound, logistic):
    folder = write({"train.py": sound})
    assert mllint("convert", "-q", "--to", "multi-label", "train.py:8:38").exit_code == 0
    assert (folder / "train.py").read_text() == logistic


def test_a_file_whose_name_looks_like_a_line_is_a_file(mllint, write, sound, logistic):
    folder = write({"train.py:8": sound})
    run = mllint("convert", "--to", "multi-label", "train.py:8")
    assert run.exit_code == 0
    assert (folder / "train.py:8").read_text() == logistic


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("import keras\n", "train.py: error: not converted: no training setup found"),
        ("model.compile(loss=tf.keras)\ndef (:\n", "train.py:2:5: error: cannot parse: "),
        (None, "train.py: error: cannot read: No such file or directory"),
    ],
)
def test_what_cannot_be_done_is_an_error(content, message, mllint, write):
    write({"train.py": content} if content is not None else {})
    run = mllint("convert", "--to", "binary", "train.py")
    assert (run.exit_code, run.stdout) == (2, "")
    assert run.stderr.startswith(message)


def test_a_line_of_thousands_of_digits_is_no_line(mllint, write, sound):
    write({"train.py": sound})
    run = mllint("convert", "--to", "binary", "train.py:" + "9" * 5000)
    assert (run.exit_code, run.stdout) == (2, "")
    assert run.stderr.endswith(": error: cannot read: File name too long\n")


def test_a_refusal_writes_nothing(mllint, write, sound):
    folder = write({"train.py": sound})
    run = mllint("convert", "--to", "binary", "train.py")
    assert (run.exit_code, run.stderr) == (2, "train.py:8:1: error: not converted: the head has 10 units\n")
    assert (folder / "train.py").read_text() == sound
    assert [path.name for path in folder.iterdir()] == ["train.py"]


def test_a_read_only_file_is_left_alone(mllint, write, sound):
    folder = write({"train.py": sound})
    (folder / "train.py").chmod(0o444)
    run = mllint("convert", "--to", "multi-label", "train.py")
    assert (run.exit_code, run.stderr) == (2, "train.py: error: cannot write: the file is read-only\n")
    assert (folder / "train.py").read_text() == sound


def test_a_goal_must_be_named(mllint, write, sound):
    write({"train.py": sound})
    assert mllint("convert", "train.py").exit_code == 2
    run = mllint("convert", "--to", "regression", "train.py")
    assert run.exit_code == 2 and "multi-label" in run.stderr
