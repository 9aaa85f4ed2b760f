"""What else an edit would reach: hidden layers, other arguments, anything that is not part of the problem."""

from __future__ import annotations

import pytest

from tests.fixes.programs import fixed, reasons, text_of

COMPILED = """
model.compile("adam", loss="categorical_crossentropy")
model.fit(x, one_hot)
"""


@pytest.mark.parametrize(
    ("program", "line"),
    [
        (
            'ACT = "relu"\nmodel = keras.Sequential([layers.Dense(64, activation=ACT)])\n'
            "model.add(layers.Dense(10, activation=ACT))",
            9,
        ),
        (
            'def build(act="relu"):\n    model = keras.Sequential([layers.Dense(64, activation=act)])\n'
            "    model.add(layers.Dense(10, activation=act))\n    return model\nmodel = build()",
            9,
        ),
        (
            "def build(act):\n    h = layers.Dense(64, act)(keras.Input((3,)))\n    out = layers.Dense(10, act)(h)\n"
            '    return keras.Model(h, out)\nmodel = build("relu")',
            9,
        ),
        (
            'ACT = "sigmoid"\nprint(f"training with {ACT}")\n'
            "model = keras.Sequential([layers.Dense(10, activation=ACT)])",
            9,
        ),
        (
            'class Config:\n    act = "sigmoid"\nlog = open("act.txt", "w")\nlog.write(Config.act)\n'
            "model = keras.Sequential([layers.Dense(10, activation=Config.act)])",
            11,
        ),
        (
            'config = {"act": "sigmoid", "units": 64}\nwandb.init(config=config)\n'
            'model = keras.Sequential([layers.Dense(10, activation=config["act"])])',
            9,
        ),
    ],
)
def test_a_constant_that_serves_something_else_stays(program, line):
    report = fixed(program + COMPILED)
    assert report.rewrite is None
    assert reasons(report) == [f"line {line} uses it too, for something else"]


@pytest.mark.parametrize(
    ("program", "line"),
    [
        (
            "model = keras.Sequential([keras.Input((3,))])\nfor units in (64, 10):\n"
            '    model.add(layers.Dense(units, activation="relu"))',
            10,
        ),
        (
            'def dense(units):\n    return layers.Dense(units, activation="relu")\n'
            "model = keras.Sequential([dense(64), dense(10)])",
            9,
        ),
        (
            'dense = lambda units: layers.Dense(units, activation="relu")\n'
            "model = keras.Sequential([dense(64), dense(10)])",
            8,
        ),
        (
            'def build():\n    return keras.Sequential([layers.Dense(10, activation="sigmoid")])\n'
            "other = build()\nmodel = build()",
            9,
        ),
    ],
)
def test_a_line_that_also_makes_something_else_stays(program, line):
    report = fixed(program + COMPILED)
    assert report.rewrite is None
    assert reasons(report) == [f"line {line} is run for something else too"]


@pytest.mark.parametrize(
    "program",
    [
        'ACT = "sigmoid"\nmodel = keras.Sequential([layers.Dense(64, "relu"), layers.Dense(10, activation=ACT)])',
        'acts = ["relu", "sigmoid"]\nmodel = keras.Sequential([layers.Dense(8, acts[0]), layers.Dense(10, acts[1])])',
        'def build(act):\n    return keras.Sequential([layers.Dense(10, activation=act)])\nmodel = build("sigmoid")',
        "def dense(units, act):\n    return layers.Dense(units, activation=act)\n"
        'model = keras.Sequential([dense(64, "relu"), dense(10, "sigmoid")])',
        'config = {"act": "sigmoid", "units": 64}\nmodel = keras.Sequential([layers.Dense(config["units"])])\n'
        'model.add(layers.Dense(10, activation=config["act"]))',
        'class Net:\n    def __init__(self, act="sigmoid"):\n        self.act = act\n'
        "    def build(self):\n        return keras.Sequential([layers.Dense(10, activation=self.act)])\n"
        "model = Net().build()",
    ],
)
def test_a_constant_that_serves_the_head_alone_is_changed(program):
    assert text_of(fixed(program + COMPILED)) == program.replace("sigmoid", "softmax") + COMPILED
