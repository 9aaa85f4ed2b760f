"""Which models a request means, and what is said where it cannot be done."""

from __future__ import annotations

import json

import pytest

from mllint.conversion.converting import convert
from mllint.conversion.request import Conversion, NotConverted, Request
from mllint.settings import Settings

TWO = """\
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

x = np.random.rand(64, 20)

first = keras.Sequential([
    layers.Dense(10, activation="softmax"),
])
first.compile("adam", loss="categorical_crossentropy")

second = keras.Sequential([
    layers.Dense(10, activation="softmax"),
])
second.compile(
    "adam",
    loss="categorical_crossentropy",
)
"""
FIRST, SECOND = range(7, 11), range(12, 20)


def done(program: str, request: Request, path: str = "train.py") -> Conversion:
    return convert(program.encode(), path, Settings(), request)


def changed_lines(program: str, request: Request) -> list[int]:
    rewrite = done(program, request).rewrite
    assert rewrite is not None
    after = rewrite.after.decode().splitlines()
    return [number for number, (old, new) in enumerate(zip(program.splitlines(), after, strict=True), 1) if old != new]


def reason(program: str, request: Request, path: str = "train.py") -> tuple[str, int | None]:
    with pytest.raises(NotConverted) as refusal:
        done(program, request, path)
    at = refusal.value.location
    return refusal.value.reason, at.line if at is not None else None


@pytest.mark.parametrize("line", [*FIRST, *SECOND, 1, 100])
def test_a_line_means_the_nearest_model(line: int) -> None:
    nearest = [8, 10] if line <= 10 else [13, 17]
    assert changed_lines(TWO, Request("multi-label", line)) == nearest


def test_without_a_line_all_models_are_meant() -> None:
    assert changed_lines(TWO, Request("multi-label")) == [8, 10, 13, 17]
    assert [one.location.line for one in done(TWO, Request("multi-label")).converted] == [10, 15]


def test_what_is_so_already_is_no_change() -> None:
    assert done(TWO, Request("multi-class")) == Conversion((), None)
    half = done(TWO, Request("multi-label", 10)).rewrite
    assert half is not None
    again = done(half.after.decode(), Request("multi-label"))
    assert [one.location.line for one in again.converted] == [15]


def test_all_or_nothing() -> None:
    number = TWO.replace('"softmax"),\n])\nsecond', '"relu"),\n])\nsecond').replace(
        'loss="categorical_crossentropy",\n', 'loss="mse",\n'
    )
    number += "second.fit(x, np.random.rand(64, 10))\n"
    assert reason(number, Request("multi-label")) == ("the labels are numbers to predict", 15)
    assert changed_lines(number, Request("multi-label", 10)) == [8, 10]


SHARED = """\
from tensorflow import keras
from tensorflow.keras import layers

inputs = keras.Input((20,))
outputs = layers.Dense(10, activation="softmax")(inputs)
one = keras.Model(inputs, outputs)
one.compile("adam", loss="categorical_crossentropy")
other = keras.Model(inputs, outputs)
other.compile("sgd", loss="categorical_crossentropy")
"""


def test_a_head_that_another_model_uses_too_is_left_alone() -> None:
    assert reason(SHARED, Request("multi-label", 9)) == ("line 7 uses what would change, and is not meant", 7)
    assert changed_lines(SHARED, Request("multi-label")) == [5, 7, 9]
    assert changed_lines(SHARED, Request("multi-label", 5)) == [5, 7, 9]


SEVERAL = """\
from tensorflow import keras
from tensorflow.keras import layers

inputs = keras.Input((20,))
kind = layers.Dense(10, activation="softmax", name="kind")(inputs)
tags = layers.Dense(8, activation="softmax", name="tags")(inputs)
model = keras.Model(inputs, [kind, tags])
model.compile(
    "adam",
    loss={"kind": "categorical_crossentropy", "tags": "categorical_crossentropy"},
)
"""


def test_of_several_outputs_one_must_be_named() -> None:
    why = "the model has several outputs (kind, tags): name one with --output, or the line of its head"
    assert reason(SEVERAL, Request("multi-label")) == (why, 8)
    assert reason(SEVERAL, Request("multi-label", 9)) == (why, 8)
    assert changed_lines(SEVERAL, Request("multi-label", output="tags")) == [6, 10]
    assert changed_lines(SEVERAL, Request("multi-label", 6)) == [6, 10]
    assert changed_lines(SEVERAL, Request("multi-label", 8, output="kind")) == [5, 10]
    no_such, _ = reason(SEVERAL, Request("multi-label", output="tag"))
    assert no_such == "no output is called tag; there are kind, tags"
    single, _ = reason(TWO, Request("multi-label", output="tags"))
    assert single == "no output is called tags, the models have one output each"


def test_what_cannot_be_is_said_with_its_reason() -> None:
    assert reason(TWO, Request("binary")) == ("the head has 10 units", 10)
    assert reason("import keras\n", Request("binary")) == ("no training setup found", None)
    own = TWO.replace('"categorical_crossentropy"', "lambda y, p: 0.0")
    why, line = reason(own, Request("multi-label"))
    assert why and line == 10
    squares = TWO.replace("categorical_crossentropy", "mse")
    why, line = reason(squares, Request("logits"))
    assert (why, line) == ("mean_squared_error is no cross-entropy, which alone can take logits", 10)


def test_labels_out_of_sight_are_told() -> None:
    (one,) = done(TWO, Request("multi-label", 10)).converted
    assert one.labels_unknown and one.title == "train a sigmoid head with binary_crossentropy"
    seen = TWO + "first.fit(x, np.random.randint(0, 2, size=(64, 10)))\n"
    (one,) = done(seen, Request("multi-label", 10)).converted
    assert not one.labels_unknown


def test_where_the_labels_alone_change_that_is_said() -> None:
    several = TWO + "first.fit(x, np.random.randint(0, 2, size=(64, 10)))\n"
    (one,) = done(several, Request("multi-class")).converted
    assert (one.location.line, one.title) == (10, "write the labels with one class per sample")


def notebook(*cells: str) -> str:
    made = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": cell} for cell in cells]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def test_notebooks_are_converted_in_their_cells() -> None:
    first, second = TWO.split("\nsecond", 1)
    book = notebook(first, "%matplotlib inline", "second" + second)
    rewrite = done(book, Request("multi-label"), "train.ipynb").rewrite
    assert rewrite is not None
    assert rewrite.after.decode() == book.replace("softmax", "sigmoid").replace("categorical", "binary")
    only = done(book, Request("multi-label", 2, 3), "train.ipynb")
    assert [(one.location.cell, one.location.line) for one in only.converted] == [(3, 4)]
    why, _ = reason(book, Request("multi-label", 2), "train.ipynb")
    assert why == "in a notebook the line needs its cell, as in train.ipynb:cell 3:2"
    assert reason(book, Request("multi-label", 2, 2), "train.ipynb")[0] == "no training setup found in cell 2"


def test_line_ends_and_encodings_survive() -> None:
    windows = "# -*- coding: latin-1 -*-\r\n# caf\xe9\r\n" + TWO.replace("\n", "\r\n")
    rewrite = convert(windows.encode("latin-1"), "train.py", Settings(), Request("multi-label")).rewrite
    assert rewrite is not None
    expected = windows.replace("softmax", "sigmoid").replace("categorical", "binary")
    assert rewrite.after == expected.encode("latin-1")


def test_a_file_may_end_in_the_middle_of_a_line() -> None:
    """The quotes are those of the whole program where the call has none."""
    bare = TWO.split("\n\nsecond")[0].replace('activation="softmax"', "").replace("10, ", "10")
    logits = bare.replace('"categorical_crossentropy"', "keras.losses.CategoricalCrossentropy(from_logits=True)")
    rewrite = done(logits, Request("probabilities")).rewrite
    assert rewrite is not None and not logits.endswith("\n")
    assert rewrite.after.decode() == TWO.split("\n\nsecond")[0]
