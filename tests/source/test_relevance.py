"""What nothing calls and cannot matter is not run: whatever is said of a program is the same as if it were."""

from __future__ import annotations

import random
from textwrap import dedent, indent

import pytest

from mllint.engine import lint_source
from mllint.findings import Mark
from mllint.reports.facts import render
from mllint.source.lens import SourceLens
from mllint.source.parsing.parsed import parsed_quickly
from mllint.source.relevance import Relevance
from mllint.source.text.document import Document

HEAD = """\
import numpy as np
import keras
import tensorflow as tf
from keras import layers
from keras.layers import Dense as D
from keras.losses import CategoricalCrossentropy as CCE

"""


def said(text: str) -> list[object]:
    """All that is said of a program: the facts, strings that were asked for, and the report."""
    document = Document("program.py", text)
    lens = SourceLens(document, None, parsed_quickly)
    reading = lens.read()
    beside = [
        (
            setup.in_unit_test,
            [(one.kind, one.text, lens.locate(Mark("evidence", one.place, ""))) for one in setup.identifiers],
        )
        for setup in reading.setups
    ]
    report = lint_source(text.encode(), "program.py")
    return [
        list(render(reading, lens.locate)),
        beside,
        report.findings,
        report.not_judged,
        report.judged,
        report.errors,
    ]


def said_of_all(text: str, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The same where everything is run."""
    with monkeypatch.context() as patch:
        patch.setattr(Relevance, "may_matter", lambda self, definition: True)
        return said(text)


def relevance(text: str) -> Relevance:
    return Relevance(Document("program.py", text), lambda name: False)


def ran(text: str) -> set[str]:
    """The names of the definitions that may matter."""
    found = relevance(text)
    return {part.name for part in found._parts if part.name and found.may_matter(part.tree)}


MODEL = "MODEL = keras.Sequential([layers.Dense(3, activation='softmax')])\n"

CHANGES = {
    "a global": """
        LOSS = "mse"
        def change():
            global LOSS
            LOSS = keras.losses.BinaryCrossentropy()
        def train():
            MODEL.compile("adam", LOSS)
    """,
    "a list": """
        LAYERS = []
        def change():
            LAYERS.append(layers.Dense(1, activation="sigmoid"))
        def train():
            keras.Sequential(LAYERS).compile("adam", "mse")
    """,
    "a list under another name": """
        LAYERS = []
        ALL = LAYERS
        def change():
            more = ALL
            more += [layers.Dense(1, activation="sigmoid")]
        def train():
            keras.Sequential(LAYERS).compile("adam", "mse")
    """,
    "a list that a function hands out": """
        LAYERS = []
        def all_of_them():
            return LAYERS
        def change():
            all_of_them().append(layers.Dense(1, activation="sigmoid"))
        def train():
            keras.Sequential(LAYERS).compile("adam", "mse")
    """,
    "a list that a function is given": """
        LAYERS = []
        def put(into):
            into.append(layers.Dense(1, activation="sigmoid"))
        def change():
            put(LAYERS)
        def train():
            keras.Sequential(LAYERS).compile("adam", "mse")
    """,
    "a dict": """
        CONFIG = {"loss": "mse"}
        def change():
            CONFIG["loss"] = "binary_crossentropy"
        def train():
            MODEL.compile("adam", loss=CONFIG["loss"])
    """,
    "a dict by update": """
        CONFIG = dict(loss="mse")
        def change():
            CONFIG.update(loss="binary_crossentropy")
        def train():
            MODEL.compile("adam", **CONFIG)
    """,
    "a default": """
        def collect(more, into=[]):
            into.append(more)
            return into
        def first():
            collect(layers.Dense(2))
        def train():
            keras.Sequential(collect(layers.Dense(1))).compile("adam", "mse")
    """,
    "an attribute": """
        class Config:
            loss = "mse"
        CONFIG = Config()
        def change():
            CONFIG.loss = "binary_crossentropy"
        def train():
            MODEL.compile("adam", CONFIG.loss)
    """,
    "an attribute by setattr": """
        class Config:
            loss = "mse"
        CONFIG = Config()
        def change():
            setattr(CONFIG, "loss", "binary_crossentropy")
        def train():
            MODEL.compile("adam", CONFIG.loss)
    """,
    "an attribute by a computed name": """
        class Config:
            loss = "mse"
        CONFIG = Config()
        def change():
            setattr(CONFIG, "lo" + "ss", "binary_crossentropy")
        def train():
            MODEL.compile("adam", CONFIG.loss)
    """,
    "attributes out of sight": """
        class Config:
            loss = "mse"
        CONFIG = Config()
        def change():
            vars(CONFIG)["loss"] = "binary_crossentropy"
        def train():
            MODEL.compile("adam", CONFIG.loss)
    """,
    "attributes by __dict__": """
        class Config:
            loss = "mse"
        CONFIG = Config()
        def change():
            CONFIG.__dict__["loss"] = "binary_crossentropy"
        def train():
            MODEL.compile("adam", CONFIG.loss)
    """,
    "an attribute of the class": """
        class Config:
            loss = "mse"
        def change():
            Config.loss = "binary_crossentropy"
        def train():
            MODEL.compile("adam", Config.loss)
    """,
    "an attribute of a class that only instances show": """
        class Config:
            loss = "mse"
        def change():
            Config.loss = "binary_crossentropy"
        def train():
            keras.Sequential([layers.Dense(3)]).compile("adam", Config().loss)
    """,
    "an attribute of a class under another name": """
        class Config:
            loss = "mse"
        def change():
            other = Config
            other.loss = "binary_crossentropy"
        def train():
            keras.Sequential([layers.Dense(3)]).compile("adam", Config().loss)
    """,
    "an attribute of a class, by its own method": """
        class Config:
            loss = "mse"
            @classmethod
            def change(cls):
                cls.loss = "binary_crossentropy"
        def train():
            keras.Sequential([layers.Dense(3)]).compile("adam", Config().loss)
    """,
    "an attribute of the module": """
        import sys
        LOSS = "mse"
        def change():
            sys.modules[__name__].LOSS = "binary_crossentropy"
        def train():
            MODEL.compile("adam", LOSS)
    """,
    "a setter": """
        class Trainer:
            def __init__(self):
                self.loss = "mse"
            def use(self):
                self.loss = "binary_crossentropy"
            def train(self):
                MODEL.compile("adam", self.loss)
    """,
    "what a test sets up": """
        import unittest
        class TestIt(unittest.TestCase):
            def setUp(self):
                self.model = keras.Sequential([layers.Dense(1, activation="softmax")])
            def test_other(self):
                self.assertEqual(1, 1)
            def test_train(self):
                self.model.compile("adam", "binary_crossentropy")
    """,
    "what a test hands on": """
        import unittest
        class TestIt(unittest.TestCase):
            def setUp(self):
                self.layers = []
            def test_a(self):
                mine = self
                mine.layers.append(layers.Dense(1, activation="softmax"))
            def test_train(self):
                keras.Sequential(self.layers).compile("adam", "binary_crossentropy")
    """,
    "an instance from another function": """
        class Trainer:
            def __init__(self, loss="mse"):
                self.loss = loss
            def train(self):
                MODEL.compile("adam", self.loss)
        def make():
            return Trainer("binary_crossentropy")
    """,
    "an instance of the class method": """
        class Trainer:
            def __init__(self, loss="mse"):
                self.loss = loss
            @classmethod
            def special(cls):
                return cls("binary_crossentropy")
            def train(self):
                MODEL.compile("adam", self.loss)
    """,
    "the model": """
        def change():
            MODEL.add(layers.Dense(1, activation="sigmoid"))
        def train():
            MODEL.compile("adam", "categorical_crossentropy")
    """,
    "a layer of the model": """
        def change():
            MODEL.layers[-1].activation = tf.nn.sigmoid
        def train():
            MODEL.compile("adam", "categorical_crossentropy")
    """,
    "a layer that is not known": """
        def change(layer):
            layer.activation = tf.nn.sigmoid
        def train():
            MODEL.compile("adam", "categorical_crossentropy")
    """,
    "its own activation, of something else": """
        class Own:
            def use(self):
                self.activation = "softmax"
        def change(layer):
            Own.use(layer)
        def train():
            MODEL.compile("adam", "categorical_crossentropy")
    """,
    "the output of a layer": """
        LAST = layers.Dense(1, activation="sigmoid")
        INPUTS = keras.Input((3,))
        def change():
            LAST(INPUTS)
        def train():
            keras.Model(INPUTS, LAST.output).compile("adam", "mse")
    """,
    "the method that trains": """
        class Mine(keras.Model):
            def call(self, x):
                return layers.Dense(1)(x)
        def own(self, data):
            return {}
        def change():
            Mine.train_step = own
        def train():
            Mine().compile("adam", "binary_crossentropy")
    """,
    "a variable behind a number": """
        COUNTS = [3]
        def change():
            x = 1.
            COUNTS[0] = x
            y = 2.
            COUNTS.append(4)
        def train():
            keras.Sequential([layers.Dense(COUNTS[0])]).compile("adam", "mse")
    """,
    "attributes on lines of their own": """
        class Config:
            loss = "mse"
        def config():
            return Config
        def change():
            (
                config()
                . loss
            ) = "hinge"
            Config. \\
                loss = "binary_crossentropy"
        def train():
            MODEL. compile("adam", Config .loss)
    """,
    "another version of Keras": """
        from keras import ops
        def change():
            from tf_keras import layers
        def train():
            MODEL.compile("adam", "mse")
    """,
    "the version of Keras": """
        def change():
            from keras import ops
        def train():
            MODEL.compile("adam", "mse")
    """,
    "an activation that nobody knows": """
        def other():
            return layers.Dense(3, activation="sofmax")
        def train():
            MODEL.compile("adam", "mse")
    """,
    "an activation that nobody knows, under another name": """
        def other(kind="sofmax"):
            return D(3, kind)
        def train():
            MODEL.compile("adam", "mse")
    """,
    "an activation that nobody knows, in a call of something": """
        KINDS = [layers.Dense, layers.GRU]
        def other():
            return [kind(3, activation="sofmax") for kind in KINDS]
        def train():
            MODEL.compile("adam", "mse")
    """,
    "an activation that nobody knows, by a helper": """
        def make(kind, how):
            return kind(3, how)
        def other():
            return make(layers.Dense, "sofmax")
        def train():
            MODEL.compile("adam", "mse")
    """,
    "numbers in an array": """
        Y = np.zeros((10, 3))
        def change():
            Y[:, 1] = 1
        def train():
            MODEL.compile("adam", "categorical_crossentropy")
            MODEL.fit(np.ones((10, 2)), Y)
    """,
    "numbers in an array, in place": """
        Y = np.zeros((10, 3))
        def change():
            np.add(Y, 1, out=Y)
        def train():
            MODEL.compile("adam", "categorical_crossentropy")
            MODEL.fit(np.ones((10, 2)), Y)
    """,
    "attributes by __dict__.update": """
        class T:
            def __init__(self): self.loss = "mse"
            def change(self):
                self.__dict__.update(loss="binary_crossentropy")
            def train(self):
                MODEL.compile("adam", self.loss)
    """,
    "an activation that nobody knows, of an import within": """
        def other():
            from keras.layers import Dense as Q
            return Q(3, activation="sofmax")
        def train():
            MODEL.compile("adam", "mse")
    """,
    "an activation that nobody knows, by something called isinstance": """
        def isinstance(kind, how):
            return kind(3, activation=how)
        def other():
            return isinstance(layers.Dense, "sofmax")
        def train():
            MODEL.compile("adam", "mse")
    """,
    "a layer that a model adds to itself": """
        class Mine(keras.Sequential):
            def __init__(self):
                super().__init__([layers.Dense(3)])
            def grow(self): self.add(layers.Dense(1, activation="softmax"))
            def go(self): self.compile("adam", "binary_crossentropy")
    """,
    "a layer that a model takes from itself": """
        class Mine(keras.Sequential):
            def __init__(self):
                super().__init__([layers.Dense(3)])
            def shrink(self): self.pop()
            def go(self): self.compile("adam", "binary_crossentropy")
    """,
    "a default of a default": """
        def config(c=(lambda k=[]: k)): return c()
        def change(): config().append(layers.Dense(1, activation="softmax"))
        def train(): keras.Sequential(config()).compile("adam", "binary_crossentropy")
    """,
    "a variable by globals()": """
        LOSS = "mse"
        def change():
            globals()["LOSS"] = "binary_crossentropy"
        def train():
            MODEL.compile("adam", LOSS)
    """,
    "an attribute read by a computed name": """
        class T:
            def __init__(self):
                self.loss = "mse"
            def use(self):
                self.loss = "binary_crossentropy"
            def train(self):
                MODEL.compile("adam", getattr(self, "lo" + "ss"))
    """,
}

USES = {
    "fit in another function": """
        MODEL.compile("adam", "categorical_crossentropy")
        def train():
            MODEL.fit(np.ones((10, 2)), np.zeros((10, 3)), validation_split=0.1)
    """,
    "fit in another function, of a model in an attribute": """
        class Holder:
            pass
        HOLDER = Holder()
        def build():
            HOLDER.model = keras.Sequential([layers.Dense(1)])
            HOLDER.model.compile("adam", "binary_crossentropy")
        def train():
            HOLDER.model.fit(np.ones((10, 2)), np.zeros((10, 1)))
    """,
    "a decoding in another function": """
        MODEL.compile("adam", "categorical_crossentropy")
        MODEL.fit(np.ones((10, 2)), np.zeros((10, 3)))
        def show():
            print(MODEL.predict(np.ones((10, 2))).argmax(axis=0))
    """,
    "a decoding of what another function predicts": """
        MODEL.compile("adam", "categorical_crossentropy")
        MODEL.fit(np.ones((10, 2)), np.zeros((10, 3)))
        def predicted():
            return MODEL.predict(np.ones((10, 2)))
        def show():
            print(predicted() > 0.5)
    """,
    "a decoding of what is predicted": """
        MODEL.compile("adam", "categorical_crossentropy")
        MODEL.fit(np.ones((10, 2)), np.zeros((10, 3)))
        PREDICTED = MODEL.predict(np.ones((10, 2)))
        def show():
            print(np.round(PREDICTED))
    """,
    "a method by its name": """
        class Trainer:
            def train(self):
                MODEL.compile("adam", "binary_crossentropy")
        def other():
            getattr(Trainer(), "train")()
    """,
    "a method by a computed name": """
        class Trainer:
            def train(self):
                MODEL.compile("adam", "binary_crossentropy")
        def other(name="tra"):
            getattr(Trainer(), name + "in")()
    """,
    "compile by its name": """
        def other():
            getattr(MODEL, "compile")("adam", "binary_crossentropy")
    """,
    "a function in a list": """
        def train(loss="mse"):
            MODEL.compile("adam", loss)
        ALL = [train]
        def other():
            for one in ALL:
                one("binary_crossentropy")
    """,
    "a partial": """
        from functools import partial
        def train(loss="mse"):
            MODEL.compile("adam", loss)
        special = partial(train, loss="binary_crossentropy")
        def other():
            special()
    """,
    "a lambda": """
        start = lambda loss: MODEL.compile("adam", loss)
        def other():
            start("binary_crossentropy")
    """,
    "a property": """
        class Trainer:
            @property
            def compiled(self):
                MODEL.compile("adam", "binary_crossentropy")
                return MODEL
            def other(self):
                return self.compiled
    """,
    "a nested function": """
        def outer():
            def inner():
                MODEL.compile("adam", "binary_crossentropy")
            return 3
    """,
    "a nested function with what it is given": """
        def outer(loss):
            def inner(x, y):
                return loss(y, tf.nn.softmax(x))
            return inner
        outer(keras.losses.BinaryCrossentropy())
    """,
    "a base": """
        class Base:
            def __init__(self):
                self.build()
                self.model.compile("adam", "categorical_crossentropy")
            def build(self):
                self.model = keras.Sequential([layers.Dense(1)])
        class Heir(Base):
            def build(self):
                self.model = keras.Sequential([layers.Dense(3, activation="sigmoid")])
    """,
    "an abstract base": """
        import abc
        class Base(abc.ABC):
            @abc.abstractmethod
            def build(self): ...
            def train(self):
                self.build().compile("adam", "categorical_crossentropy")
        class Heir(Base):
            def build(self):
                return keras.Sequential([layers.Dense(3, activation="sigmoid")])
    """,
    "a loss in an attribute": """
        class Trainer:
            def __init__(self, criterion=keras.losses.CategoricalCrossentropy()):
                self.criterion = criterion
            def step(self, x, y):
                return self.criterion(y, layers.Dense(3, activation="softmax")(x))
        def other():
            Trainer(keras.losses.BinaryCrossentropy())
    """,
    "a loss put into an attribute from outside": """
        class Trainer:
            def step(self, x, y):
                return self.criterion(y, layers.Dense(3)(x))
        def other():
            trainer = Trainer()
            trainer.criterion = keras.losses.BinaryCrossentropy()
            trainer.step(np.ones((2, 3)), np.ones((2, 3)))
    """,
    "a loss under another name": """
        def step(x, y):
            return CCE()(y, tf.nn.sigmoid(x))
    """,
    "a loss of a function": """
        def loss():
            return CCE()
        def head(x):
            return layers.Dense(3, activation="sigmoid")(x)
        def step(x, y):
            return loss()(y, head(x))
    """,
    "a loss that a dict holds": """
        LOSSES = {"a": keras.losses.CategoricalCrossentropy()}
        def step(x, y):
            return LOSSES["a"](y, layers.Dense(3)(x))
    """,
    "a loss of an alias of a module": """
        def step(x, y):
            module = tf.nn
            return module.softmax_cross_entropy_with_logits(y, module.softmax(x))
    """,
    "a loss by a computed name": """
        def step(x, y, kind="categorical"):
            return getattr(keras.losses, kind + "_crossentropy")(y, tf.nn.sigmoid(x))
    """,
    "a loss by a name that is put together": """
        def step(x, y, kind="categorical"):
            return getattr(keras.losses, f"{kind}_crossentropy")(y, tf.nn.sigmoid(x))
    """,
    "a policy": """
        def other():
            keras.mixed_precision.set_global_policy("mixed_float16")
        def train():
            MODEL.compile("adam", "mse")
    """,
    "a decorator": """
        def announced(function):
            def inner(*given):
                return function(*given)
            return inner
        @announced
        def train(loss="mse"):
            MODEL.compile("adam", loss)
    """,
    "a dataclass": """
        from dataclasses import dataclass, field
        def default():
            return ["binary_crossentropy"]
        @dataclass
        class Config:
            losses: list = field(default_factory=default)
            def train(self):
                MODEL.compile("adam", self.losses[0])
    """,
    "a data set": """
        class Data(keras.utils.Sequence):
            def __getitem__(self, index):
                return np.ones((4, 2)), np.zeros((4, 3))
        def train():
            MODEL.compile("adam", "sparse_categorical_crossentropy")
            MODEL.fit(Data())
    """,
    "the class method of an abstract base": """
        import abc
        class Base(abc.ABC):
            @abc.abstractmethod
            def build(self): ...
            @classmethod
            def special(cls):
                return cls("binary_crossentropy")
        class Heir(Base):
            def __init__(self, loss="mse"):
                MODEL.compile("adam", loss)
            def build(self): return 3
    """,
    "a loss of a module in an attribute": """
        class T:
            def __init__(self):
                self.kind = keras.losses
            def step(self, x, y):
                return self.kind.binary_crossentropy(y, layers.Dense(3, activation="softmax")(x))
    """,
    "a loss in train_step": """
        class M(keras.Model):
            def train_step(self, data):
                x, y = data
                return keras.losses.binary_crossentropy(y, self(x))
    """,
    "a loss of what the model itself puts out": """
        class M(keras.Model):
            def step(self, x, y):
                return keras.losses.binary_crossentropy(y, self(x, training=True))
    """,
}


@pytest.mark.parametrize("body", [*CHANGES.values(), *USES.values()], ids=[*CHANGES, *USES])
def test_what_is_said_is_the_same(body, monkeypatch):
    text = HEAD + MODEL + dedent(body)
    everything = said_of_all(text, monkeypatch)
    assert everything[0], "nothing is said of it: this proves nothing"
    assert said(text) == everything


@pytest.mark.parametrize("body", CHANGES.values(), ids=CHANGES)
def test_order_does_not_matter(body, monkeypatch):
    """The same, with the function that trains before the one that changes what it reads."""
    head, *functions = dedent(body).split("\ndef ")
    text = HEAD + MODEL + "\ndef ".join([head, *reversed(functions)]) + "\n"
    assert said(text) == said_of_all(text, monkeypatch)


# ---- programs at random ----------------------------------------------------------------------------------------------

STATE = """\
LOSS = "mse"
LOSS_FN = keras.losses.BinaryCrossentropy(from_logits=True)
CONFIG = {"loss": "mse", "units": 3, "act": "softmax"}
STACK = [layers.Dense(4, activation="relu")]
SAME = STACK
FUNCTIONS = []
X, Y = np.ones((10, 2)), np.zeros((10, 3))
MODEL = keras.Sequential([layers.Dense(3, activation="softmax")])
def get():
    return MODEL
def config():
    return CONFIG
def put(into, what):
    into.append(what)
def finish(model, loss="mse"):
    model.compile("adam", loss)
    return model
class Holder:
    loss = "mae"
    kept = []
    def __init__(self, loss=None):
        self.model = keras.Sequential([layers.Dense(1)])
        self.own = loss
    def set(self, loss):
        self.own = loss
    def grow(self):
        self.model.add(layers.Dense(2, activation="sigmoid"))
    @property
    def current(self):
        return self.own
    @classmethod
    def special(cls):
        return cls("poisson")
HOLDER = Holder()
"""

STATEMENTS = """\
LOSS = "hinge"
CONFIG["loss"] = "categorical_crossentropy"
config()["loss"] = "binary_crossentropy"
config().update(units=5)
CONFIG["act"] = "sigmoid"
STACK.append(layers.Dense(2, activation="softmax"))
SAME.append(layers.Dense(CONFIG["units"]))
put(STACK, layers.Dense(1, activation="sigmoid"))
put(Holder.kept, layers.Dense(6))
put(FUNCTIONS, finish)
Y[0] = 1
HOLDER.loss = "log_cosh"
HOLDER.own = keras.losses.MeanSquaredError()
HOLDER.set("mape")
HOLDER.grow()
HOLDER.model = get()
Holder.loss = LOSS_FN
setattr(HOLDER, "own", "msle")
Holder("kld")
Holder.special()
vars(HOLDER)
get().add(layers.Dense(4, activation=CONFIG["act"]))
get().pop()
MODEL.layers[-1].activation = tf.nn.relu
layers.Dense(3, activation="sofmax")
D(2, CONFIG["act"])
local = [layers.Dense(1)]
local = HOLDER
local = STACK
local.append(3)
local.loss = "mae"
MODEL.compile("adam", LOSS)
MODEL.compile("adam", CONFIG["loss"])
get().compile("adam", loss=HOLDER.current)
HOLDER.model.compile("adam", HOLDER.loss)
keras.Sequential(STACK).compile("adam", loss=LOSS)
keras.Sequential(Holder.kept).compile("adam", "mse")
finish(keras.Sequential([layers.Dense(CONFIG["units"], activation=CONFIG["act"])]), HOLDER.own)
finish(get())
LOSS_FN(Y, MODEL(X))
HOLDER.own(Y, layers.Dense(3)(X))
MODEL.fit(X, Y)
get().fit(X, Y, validation_split=0.2)
HOLDER.model.evaluate(X, Y)
np.argmax(MODEL.predict(X), axis=0)
shown = get().predict(X) > 0.5
for one in FUNCTIONS: one(MODEL)
getattr(HOLDER, "grow")()
keras.mixed_precision.set_global_policy("mixed_float16")
from keras import ops
print(1)
total = sum([1, 2])
""".splitlines()

OWN = """\
self.model = get()
self.own = LOSS
self.extra = 3
self.grow()
self.own = self.current
self.kept.append(layers.Dense(2))
self.model.compile("adam", self.own)
self.model.compile("adam", self.loss)
self.model.fit(X, Y)
self.activation = "relu"
put(self.kept, layers.Dense(1))
mine = self
""".splitlines()


def program(chance: random.Random) -> str:
    """A program whose functions and methods change and use what they share, each in its own way."""
    pool = chance.sample(STATEMENTS, chance.choice((6, 15, len(STATEMENTS))))
    parts = (chance.choice((_function, _class))(chance, pool, number) for number in range(chance.randint(2, 6)))
    return HEAD + STATE + "".join(parts)


def _lines(chance: random.Random, pool: list[str], number: int) -> str:
    lines = ["global LOSS"] if chance.random() < 0.3 else []
    for _ in range(chance.randint(1, 3)):
        lines.append(f"f{chance.randrange(number)}()" if number and chance.random() < 0.2 else chance.choice(pool))
    return "\n".join(lines)


def _function(chance: random.Random, pool: list[str], number: int) -> str:
    body = _lines(chance, pool, number)
    if chance.random() < 0.2:
        body = f"def inner():\n{indent(body, '    ')}\n" + chance.choice(("inner()", "return inner", "pass"))
    elif chance.random() < 0.2:
        body = f"if X.shape[0] > 3:\n{indent(body.replace('global LOSS', 'pass'), '    ')}"
    given = chance.choice(("", "model=MODEL", "into=[]", "loss=LOSS", "unknown=None"))
    return f"def f{number}({given}):\n{indent(body, '    ')}\n"


def _class(chance: random.Random, pool: list[str], number: int) -> str:
    base = chance.choice(("", "Holder", "keras.Model", "keras.layers.Layer", "object"))
    text = f"class C{number}({base}):\n    units = 3\n"
    own = pool + chance.sample(OWN, 6) * 4
    for method in chance.sample(("__init__", "run", "grow", "call", "setUp", "f0", "current"), chance.randint(1, 4)):
        given = "self, x=None" if method == "call" else "self"
        text += f"    def {method}({given}):\n{indent(_lines(chance, own, number), ' ' * 8)}\n"
    last = chance.choice((f"C{number}().run()", f"return C{number}", "pass"))
    return f"{text}def f{number}():\n    {last}\n"


@pytest.mark.parametrize("seed", range(150))
def test_what_is_said_of_programs_at_random_is_the_same(seed, monkeypatch):
    text = program(random.Random(seed))
    assert said(text) == said_of_all(text, monkeypatch), text


# ---- what is left out ------------------------------------------------------------------------------------------------

LEFT_OUT = {
    "a helper": """
        def other(x):
            return x.reshape(-1)
        def train():
            MODEL.compile("adam", "mse")
    """,
    "another variable": """
        COUNTS = []
        def other():
            COUNTS.append(3)
        def train():
            MODEL.compile("adam", "mse")
    """,
    "the class of a layer": """
        def other(config):
            return layers.Dense.from_config(config)
        def train():
            MODEL.compile("adam", "mse")
    """,
}


@pytest.mark.parametrize("body", LEFT_OUT.values(), ids=LEFT_OUT)
def test_what_cannot_matter_is_left_out(body, monkeypatch):
    text = HEAD + MODEL + dedent(body)
    matter = ran(text)
    assert matter & {"train", "test_train"}
    assert not matter & {"other", "test_other", "Other"}
    assert said(text) == said_of_all(text, monkeypatch)


def test_a_file_without_a_site_runs_nothing():
    text = "import keras\ndef mine(y, p):\n    return keras.losses.mse(y, p)\ndef use():\n    return mine(1, 2)\n"
    assert not ran(text)


def test_what_uses_another_file_of_the_program_matters():
    text = "from models import build\ndef train():\n    build().fit([1], [2])\ndef other():\n    return 1\n"
    found = Relevance(Document("program.py", text), lambda name: name.partition(".")[0] == "models")
    matter = {part.name for part in found._parts if part.name and found.may_matter(part.tree)}
    assert matter == {"train", "other"}
