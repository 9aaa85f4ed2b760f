"""A comment states the task where no label is in sight."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mllint.engine import lint_source
from mllint.facts import Known

MODEL = "model = keras.Sequential([layers.Dense(9, activation='softmax')])\n"
COMPILE = "model.compile(loss='categorical_crossentropy')"


def encoding(read: Callable, source: str) -> object:
    fact = read(source).setups[0].outputs[0].labels.encoding
    return fact.value if isinstance(fact, Known) else None


@pytest.mark.parametrize(
    ("task", "expected"),
    [("multi-label", "multi-hot"), ("binary", "binary"), ("regression", "continuous"), ("multi-class", "one-hot")],
)
def test_a_task_says_what_the_labels_are(read: Callable, task: str, expected: str) -> None:
    assert encoding(read, f"{MODEL}{COMPILE}  # mllint: task={task}\n") == expected
    assert encoding(read, f"{MODEL}# mllint: task={task}\n{COMPILE}\n") == expected


def test_a_task_elsewhere_says_nothing(read: Callable) -> None:
    assert encoding(read, f"{MODEL}x = 1  # mllint: task=multi-label\n{COMPILE}\n") is None


def test_what_the_program_shows_is_believed_before_the_comment(read: Callable) -> None:
    fit = "model.fit(x, keras.utils.to_categorical([0, 1, 2], 9))\n"
    assert encoding(read, f"{MODEL}{COMPILE}  # mllint: task=multi-label\n{fit}") == "one-hot"


def test_a_task_at_the_top_holds_for_the_whole_file() -> None:
    program = f"# mllint: task=multi-label\nimport keras\nfrom keras import layers\n{MODEL}{COMPILE}\n"
    assert [one.rule for one in lint_source(program.encode(), "a.py").findings] == ["softmax-with-multi-hot-labels"]


@pytest.mark.parametrize("comment", ["task=multilabel", "task", "task=", "tasks=binary"])
def test_a_task_that_is_none_is_reported(comment: str) -> None:
    program = f"import keras\n{MODEL}{COMPILE}  # mllint: {comment}\n"
    assert "invalid-suppression" in [one.rule for one in lint_source(program.encode(), "a.py").findings]


def test_the_configuration_states_a_task_by_path(tmp_path: Path) -> None:
    (tmp_path / "mllint.toml").write_text('per-file-tasks = { "tags/*" = "multi-label" }\n')
    program = f"import keras\nfrom keras import layers\n{MODEL}{COMPILE}\n"
    for folder in ("tags", "other"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "train.py").write_text(program)
    command = [sys.executable, "-m", "mllint", "--output-format", "concise", "."]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert [line.partition(":")[0] for line in run.stdout.splitlines()] == ["tags/train.py"]
