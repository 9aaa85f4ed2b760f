"""Branches stay correlated, re-bound names are followed in time, and nothing runs forever."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from mllint.facts import Known, TrainingSetup
from mllint.lens import Reading
from mllint.source.lens import SourceLens
from mllint.source.text.document import read_document
from tests.source.conftest import Seen, seen

See = Callable[[str], list[Seen]]
Read = Callable[[str], Reading]


def pairs(see: See, source: str) -> set[tuple[str | None, str | None]]:
    return {(one.activation, one.loss) for one in see(source)}


RIGHT = {("sigmoid", "binary_crossentropy"), ("softmax", "categorical_crossentropy")}

CORRELATED = {
    "two ifs on one variable": """
        import sys
        n = int(sys.argv[1])
        if n == 2:
            activation = 'sigmoid'
        else:
            activation = 'softmax'
        model = keras.Sequential([layers.Dense(4, activation=activation)])
        if n == 2:
            loss = 'binary_crossentropy'
        else:
            loss = 'categorical_crossentropy'
        model.compile(loss=loss)
    """,
    "negated": """
        import sys
        n = int(sys.argv[1])
        activation = 'softmax' if n != 2 else 'sigmoid'
        model = keras.Sequential([layers.Dense(4, activation=activation)])
        model.compile(loss='binary_crossentropy' if n == 2 else 'categorical_crossentropy')
    """,
    "through a flag": """
        import sys
        binary = len(sys.argv) == 2
        model = keras.Sequential([layers.Dense(4, activation='sigmoid' if binary else 'softmax')])
        if not binary:
            model.compile(loss='categorical_crossentropy')
        else:
            model.compile(loss='binary_crossentropy')
    """,
    "tuple assignment": """
        def build(n):
            if n == 2:
                units, act, loss = 1, 'sigmoid', 'binary_crossentropy'
            else:
                units, act, loss = n, 'softmax', 'categorical_crossentropy'
            model = keras.Sequential([layers.Dense(units, activation=act)])
            model.compile(loss=loss)
    """,
    "through functions that return early": """
        def head(n):
            if n == 2:
                return layers.Dense(1, activation='sigmoid')
            return layers.Dense(n, activation='softmax')
        def loss_for(classes):
            return 'binary_crossentropy' if classes == 2 else 'categorical_crossentropy'
        def train(n):
            model = keras.Sequential([head(n)])
            model.compile(loss=loss_for(n))
    """,
    "different strings exclude each other": """
        def train(mode):
            if mode == 'binary':
                head, loss = layers.Dense(1, activation='sigmoid'), 'binary_crossentropy'
            elif mode == 'multi':
                head, loss = layers.Dense(9, activation='softmax'), 'categorical_crossentropy'
            else:
                raise ValueError(mode)
            model = keras.Sequential()
            model.add(head)
            model.compile(loss=loss)
    """,
    "layers added under a condition": """
        def train(binary):
            model = keras.Sequential([layers.Dense(8)])
            if binary:
                model.add(layers.Dense(1, activation='sigmoid'))
            else:
                model.add(layers.Dense(9, activation='softmax'))
            model.compile(loss='binary_crossentropy' if binary else 'categorical_crossentropy')
    """,
    "match": """
        def train(mode):
            match mode:
                case 'binary':
                    head, loss = layers.Dense(1, activation='sigmoid'), 'binary_crossentropy'
                case _:
                    head, loss = layers.Dense(9, activation='softmax'), 'categorical_crossentropy'
            keras.Sequential([head]).compile(loss=loss)
    """,
    "attribute of the instance": """
        class Trainer:
            def __init__(self, binary):
                self.binary = binary
                self.model = keras.Sequential([layers.Dense(4, activation='sigmoid' if self.binary else 'softmax')])
            def compile(self):
                loss = 'binary_crossentropy' if self.binary else 'categorical_crossentropy'
                self.model.compile(loss=loss)
    """,
}


@pytest.mark.parametrize("source", CORRELATED.values(), ids=CORRELATED.keys())
def test_values_chosen_by_one_condition_stay_together(see: See, source: str) -> None:
    assert pairs(see, source) == RIGHT


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("d.clear()", None),
        ("d.clear()\nd.update(losses=1)", None),
        ("d.clear()\nd['loss'] = 'mae'", "mean_absolute_error"),
        ("d.pop('loss')", None),
        ("d.pop('other', None)", "mean_squared_error"),
        ("d.pop(unknown)", None),
        ("d.popitem()", None),
        ("d.setdefault('loss', 'mae')", "mean_squared_error"),
        ("d = {}\nd.setdefault('loss', 'mae')", "mean_absolute_error"),
        ("del d['loss']", None),
        ("del d['other'], unknown", "mean_squared_error"),
        ("for name in unknown:\n    del d[name]", None),
        ("d.pop('loss')\nd = {'loss': 'mae', **d}", "mean_absolute_error"),
        ("d = dict(d, **unknown)", None),
        ("d = dict(d, other=2)", "mean_squared_error"),
        ("d.get('loss')\nd.items()\nd.keys()", "mean_squared_error"),
    ],
)
def test_what_is_taken_out_of_a_dict_is_not_in_it(see: See, change: str, expected: str | None) -> None:
    lines = ("d = {'loss': 'mse', 'other': 1}", change, "keras.Sequential([layers.Dense(1)]).compile(loss=d['loss'])")
    assert [one.loss for one in see("\n".join(lines))] == [expected]


def test_a_list_that_items_are_deleted_from_is_not_known(see: See) -> None:
    [output] = see("""
        losses = ['mse', 'mae']
        del losses[0]
        keras.Sequential([layers.Dense(1)]).compile(loss=losses[0])
    """)
    assert output.loss is None


def test_a_variable_assigned_anew_is_another_condition(see: See) -> None:
    found = pairs(
        see,
        """
        import sys
        n = int(sys.argv[1])
        activation = 'sigmoid' if n == 2 else 'softmax'
        n = int(sys.argv[2])
        keras.Sequential([layers.Dense(4, activation=activation)]).compile(
            loss='binary_crossentropy' if n == 2 else 'categorical_crossentropy')
        """,
    )
    assert len(found) == 4


def test_the_conditions_of_a_setup_are_told(read: Read) -> None:
    setups = read("""
        def train(binary):
            keras.Sequential([layers.Dense(4, activation='sigmoid' if binary else 'softmax')]).compile(loss='mse')
    """).setups
    assert {(a.condition, a.holds) for s in setups for a in s.assumptions} == {("binary", True), ("binary", False)}


def test_known_conditions_leave_one_side(see: See) -> None:
    assert pairs(
        see,
        """
        N = 3
        activation = 'softmax' if N > 2 else 'sigmoid'
        keras.Sequential([layers.Dense(N, activation=activation)]).compile(loss='mse')
    """,
    ) == {("softmax", "mean_squared_error")}


def test_each_compile_sees_what_its_names_hold_at_that_time(see: See) -> None:
    outputs = see("""
        loss = 'mse'
        model = keras.Sequential([layers.Dense(1)])
        model.compile(loss=loss)
        model = keras.Sequential([layers.Dense(3, activation='softmax')])
        loss = 'categorical_crossentropy'
        model.compile(loss=loss)
        model.add(layers.Dense(2, activation='tanh'))
    """)
    assert [(one.activation, one.loss) for one in outputs] == [
        ("linear", "mean_squared_error"),
        ("softmax", "categorical_crossentropy"),
    ]


def test_each_call_of_a_factory_is_its_own_setup(read: Read) -> None:
    setups = read("""
        def train(units, activation):
            keras.Sequential([layers.Dense(units, activation=activation)]).compile(loss='mse')
        train(1, 'sigmoid')
        train(3, 'softmax')
    """).setups
    assert [seen(setup)[0][:2] for setup in setups] == [("sigmoid", 1), ("softmax", 3)]
    assert [len(setup.called_from) for setup in setups] == [1, 1]


def test_an_attribute_set_in_a_later_method_is_found(see: See) -> None:
    (output,) = see("""
        class Trainer:
            def train(self):
                self.model.compile(loss='mse')
            def build(self):
                self.model = keras.Sequential([layers.Dense(3, activation='softmax')])
    """)
    assert output.activation == "softmax"


def test_a_number_that_changes_in_a_loop_is_not_known(see: See) -> None:
    (output,) = see("""
        units = 64
        while units > 3:
            units = units // 2
        keras.Sequential([layers.Dense(units)]).compile(loss='mse')
    """)
    assert output.units is None


def test_unit_tests_are_told_from_training(read: Read) -> None:
    (setup,) = read("""
        import unittest
        class ModelTest(unittest.TestCase):
            def check(self):
                keras.Sequential([layers.Dense(1)]).compile(loss='mse')
    """).setups
    assert setup.in_unit_test


MAKES_A_MODEL = "def model():\n    keras.Sequential([keras.layers.Dense(1)]).compile(loss='mse')\n"
A_TEST = "def test_training():\n    pass\n"


@pytest.mark.parametrize(
    ("name", "source", "expected"),
    [
        ("model_test.py", MAKES_A_MODEL + A_TEST, True),
        ("test_model.py", MAKES_A_MODEL + "class ModelTest(tf.test.TestCase):\n    pass\n", True),
        ("test_model.py", MAKES_A_MODEL, False),
        ("model.py", MAKES_A_MODEL + A_TEST, False),
        ("model_test.py", "keras.Sequential([keras.layers.Dense(1)]).compile(loss='mse')\n" + A_TEST, False),
    ],
)
def test_what_a_module_of_tests_defines_is_for_them(name: str, source: str, expected: bool) -> None:
    document = read_document(name, b"import keras\nimport tensorflow as tf\n" + source.encode())
    (setup,) = SourceLens(document).read().setups
    assert setup.in_unit_test is expected


ENDLESS = {
    "mutual recursion": "def a(n):\n    return b(n)\ndef b(n):\n    return a(n)\na(1)\n",
    "a function that calls itself twice": "def f(n):\n    return f(n - 1) + f(n - 2)\nf(9)\n",
    "fan-out": "".join(f"def f{i}():\n    f{i + 1}()\n    f{i + 1}()\n" for i in range(20))
    + "def f20():\n    pass\nf0()\n",
    "nested loops": "for a in range(20):\n"
    + "".join(f"{'    ' * (i + 1)}for x{i} in range(20):\n" for i in range(6))
    + "    " * 7
    + "pass\n",
    "a list in itself": "a = []\na.append(a)\nmodel.compile(loss=a)\n",
    "a layer on itself": "class L(layers.Layer):\n    def call(self, x):\n        return self(x)\nL()(1)\n",
    "a class that makes itself": "class C:\n    def __init__(self):\n        C()\nC()\n",
    "a class that derives from itself": "class C:\n    pass\nclass C(C):\n    def f(self):\n        self.x\nC().f()\n",
    "huge power": "x = 9 ** 9 ** 9 ** 9\ny = 'a' * 10 ** 10\n",
    "many conditions": "".join(f"if c{i}:\n    units{i} = {i}\nelse:\n    units{i} = 0\n" for i in range(30))
    + "keras.Sequential([layers.Dense("
    + "+".join(f"units{i}" for i in range(30))
    + ")]).compile(loss='mse')\n",
    "an object that is written under unknown names on many paths": "class C:\n    def __init__(self):\n"
    + "        self.loss = 'mse'\n        self.options = {'sizes': [1, 2], 'steps': (1, 2)}\nc = C()\n"
    + "".join(f"if c{i}:\n    setattr(c, name, {i})\n" for i in range(40))
    + "keras.Sequential([layers.Dense(1)]).compile(loss=c.loss)\n",
}


@pytest.mark.parametrize("source", ENDLESS.values(), ids=ENDLESS.keys())
def test_every_program_ends(read: Read, source: str) -> None:
    reading = read(source + "\nkeras.Sequential([layers.Dense(3, activation='softmax')]).compile(loss='mse')\n")
    assert isinstance(reading.setups, tuple)


def test_a_program_that_is_too_long_says_so(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mllint.source.program.interpreter.STEP_BUDGET", 50)
    reading = read("keras.Sequential([layers.Dense(3)]).compile(loss='mse')\n" + "x = 1\n" * 100)
    assert len(reading.setups) == 1
    assert [note.reason for note in reading.notes] == ["the program is too long to follow to its end"]


def test_a_site_with_too_many_combinations_says_so(read: Read) -> None:
    ifs = "".join(f"if c{i}:\n    model.add(layers.Dropout(0.1))\n" for i in range(12))
    reading = read("model = keras.Sequential([layers.Dense(3)])\n" + ifs + "model.compile(loss='mse')\n")
    assert [note.reason for note in reading.notes] == ["it depends on too many conditions of the program"]


def test_a_notebook_is_one_flow_across_its_cells() -> None:
    cells = [
        "import tensorflow as tf\n%matplotlib inline",
        "!pip install x\nmodel = tf.keras.Sequential([tf.keras.layers.Dense(3, activation='softmax')])",
        "this does not parse (",
        "model.compile(loss='mse')",
    ]
    notebook = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {},
        "cells": [{"cell_type": "code", "source": one, "metadata": {}, "outputs": []} for one in cells],
    }
    lens = SourceLens(read_document("a.ipynb", json.dumps(notebook).encode()))
    (setup,) = lens.read().setups
    assert setup.outputs[0].head.activation == Known("softmax", setup.outputs[0].head.stages[-1].place)
    location = lens.locate(_mark(setup))
    assert (location.cell, location.line, location.column) == (4, 1, 1)


def _mark(setup: TrainingSetup):
    from mllint.findings import Mark

    return Mark("evidence", setup.place, "")


@pytest.mark.parametrize("literal", ["9" * 5000, r"'\N{NO SUCH LETTER}'", r"'a' '\x'", r"b'\x'"])
def test_a_literal_that_only_libcst_reads_is_not_known(see: See, literal: str) -> None:
    [output] = see(f"a = {literal}\nkeras.Sequential([layers.Dense(a)]).compile(loss='mse')")
    assert (output.units, output.loss) == (None, "mean_squared_error")
