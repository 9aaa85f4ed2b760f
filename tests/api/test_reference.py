"""docs/api.md names everything that is public and nothing else, and its examples give what they say."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

import mllint

PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
EXAMPLE = re.compile(r"^```pycon\n(.+?)^```$", re.MULTILINE | re.DOTALL)
LIVE = "\n## Live models\n"

FLAWED = """\
import keras

model = keras.Sequential([keras.layers.Dense(10, activation="sigmoid")])
model.compile(loss="categorical_crossentropy")
"""
PROJECT = {
    "src/train.py": FLAWED,
    "notebooks/train.ipynb": '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
    "mllint.toml": 'ignore = ["half-precision-head"]\n',
}


@pytest.fixture
def project(tmp_path, monkeypatch):
    for name, text in PROJECT.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)


def run(text: str) -> None:
    examples = doctest.DocTestParser().get_doctest("\n".join(EXAMPLE.findall(text)), {}, "docs/api.md", None, 0)
    assert examples.examples
    said: list[str] = []
    doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(examples, out=said.append)
    assert not said, "".join(said)


def sections() -> tuple[str, str]:
    """What needs no Keras, and what does."""
    before, _, rest = PAGE.partition(LIVE)
    live, _, after = rest.partition("\n## ")
    return before + "\n## " + after, live


def test_the_examples_give_what_they_say(project):
    run(sections()[0])


@pytest.mark.tensorflow
def test_the_examples_with_live_models_give_what_they_say(project):
    pytest.importorskip("keras")
    run("```pycon\n>>> import mllint\n\n```\n" + sections()[1])


def test_what_is_public_is_what_is_documented():
    documented = {name for heading in re.findall(r"^### (.+)$", PAGE, re.MULTILINE) for name in heading.split(", ")}
    assert documented == {f"`{name}`" for name in mllint.__all__ if name != "__version__"}


@pytest.mark.parametrize("name", [name for name in mllint.__all__ if name != "__version__"])
def test_every_public_name_can_be_had_and_explains_itself(name):
    named = getattr(mllint, name)
    assert name in dir(mllint)
    if callable(named) and not hasattr(named, "__origin__"):
        assert (named.__doc__ or "").strip()
        assert not named.__doc__.startswith(f"{name}("), "that is the docstring of dataclasses"


def test_what_is_not_public_is_not_there():
    with pytest.raises(AttributeError, match="module 'mllint' has no attribute 'lint_everything'"):
        _ = mllint.lint_everything
