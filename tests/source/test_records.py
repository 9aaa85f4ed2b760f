"""Dataclasses and their like, abstract classes and decorated functions: given values win, and what a library may set is
not known."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import dedent

import pytest

from tests.source.conftest import Seen

See = Callable[[str], list[Seen]]

TRAIN = """
def train(cfg):
    model = keras.Sequential([keras.Input((4,)), layers.Dense(10, activation=cfg.act)])
    model.compile("adam", loss=cfg.loss)
"""
IMPORTS = """
import attr, attrs, copy, dataclasses, functools, gin, hydra, os, yaml
from abc import ABC, ABCMeta, abstractmethod
from dataclasses import KW_ONLY, InitVar, dataclass, field
from typing import ClassVar, NamedTuple
from pydantic import BaseModel
from pydantic_settings import BaseSettings
"""
CONFIG = """
@dataclass
class C:
    act: str = "sigmoid"
    loss: str = "categorical_crossentropy"
"""


def pairs(see: See, source: str) -> list[tuple[str | None, str | None]]:
    return [(one.activation, one.loss) for one in see(IMPORTS + dedent(source))]


def trained(see: See, config: str, made: str) -> tuple[str | None, str | None]:
    """The head and loss that the last compile of a program has."""
    return pairs(see, f"{dedent(config)}\n{TRAIN}\ntrain({made})\n")[-1]


RIGHT = ("softmax", "categorical_crossentropy")
PLAIN = CONFIG.replace("@dataclass\n", "")
BASE_MODEL = PLAIN.replace("class C", "class C(BaseModel)")

BOUND = {
    "keyword": (CONFIG, 'C(act="softmax")'),
    "position": (CONFIG, 'C("softmax")'),
    "known dict": (CONFIG, 'C(**{"act": "softmax"})'),
    "frozen": (CONFIG.replace("@dataclass", "@dataclasses.dataclass(frozen=True)"), 'C("softmax")'),
    "inherited": (CONFIG + "\n@dataclass\nclass D(C):\n    units: int = 3\n", 'D("softmax", units=10)'),
    "fields of bases first": (
        '@dataclass\nclass B:\n    units: int\n\n@dataclass\nclass C(B):\n    act: str = "sigmoid"\n'
        '    loss: str = "categorical_crossentropy"\n',
        'C(10, "softmax")',
    ),
    "default of a base overridden": (CONFIG + '\n@dataclass\nclass D(C):\n    act: str = "softmax"\n', "D()"),
    "field with a default": (CONFIG.replace('"sigmoid"', 'field(default="softmax")'), "C()"),
    "factory": (CONFIG.replace('"sigmoid"', 'field(default_factory=lambda: "softmax")'), "C()"),
    "after __post_init__": (CONFIG + '\n    def __post_init__(self):\n        self.act = "softmax"\n', "C()"),
    "InitVar": (
        CONFIG + "    head: InitVar[str] = 'relu'\n    def __post_init__(self, head):\n        self.act = head\n",
        'C(head="softmax")',
    ),
    "ClassVar is no field": ("@dataclass\nclass C:\n    n: ClassVar[int] = 3\n" + CONFIG[20:], 'C("softmax")'),
    "only by keyword": (CONFIG.replace("class C:", "class C:\n    _: KW_ONLY"), 'C(act="softmax")'),
    "not in the constructor": (CONFIG.replace("class C:", "class C:\n    n: int = field(init=False)"), 'C("softmax")'),
    "replaced": (CONFIG, 'dataclasses.replace(C(), act="softmax")'),
    "attrs": (CONFIG.replace("@dataclass", "@attrs.define"), 'C("softmax")'),
    "attr.ib": (
        '@attr.s\nclass C:\n    act = attr.ib(default="sigmoid")\n'
        '    loss = attr.ib(default="categorical_crossentropy")\n',
        'C("softmax")',
    ),
    "evolved": (CONFIG.replace("@dataclass", "@attr.define"), 'attr.evolve(C(), act="softmax")'),
    "through super()": (
        CONFIG + "\nclass D(C):\n    def __init__(self, act):\n        super().__init__(act=act)\n",
        'D("softmax")',
    ),
    "named tuple": (PLAIN.replace("class C", "class C(NamedTuple)"), 'C("softmax")'),
}


@pytest.mark.parametrize(("config", "made"), BOUND.values(), ids=BOUND)
def test_fields_have_the_values_they_are_given(see: See, config: str, made: str) -> None:
    assert trained(see, config, made) == RIGHT


def test_fields_without_arguments_have_their_defaults(see: See) -> None:
    assert trained(see, CONFIG, "C()") == ("sigmoid", "categorical_crossentropy")


def test_a_constructor_of_its_own_is_the_one_that_runs(see: See) -> None:
    config = CONFIG + "\n    def __init__(self, kind):\n        self.act = kind\n"
    assert trained(see, config, 'C("softmax")') == RIGHT


UNKNOWN = {
    "a file": (CONFIG, "C(**yaml.safe_load(open('c.yaml')))"),
    "a list": (CONFIG, "C(*os.environ.values())"),
    "more than the fields": (CONFIG, "C(1, 2, 3, 4)"),
    "pydantic": (BASE_MODEL, 'C(act="softmax")'),
    "pydantic without arguments": (BASE_MODEL, "C()"),
    "environment": (BASE_MODEL.replace("BaseModel", "BaseSettings"), "C()"),
    "below pydantic": (BASE_MODEL + "\nclass D(C):\n    units: int = 10\n", "D()"),
    "unknown decorator": ("@gin.configurable\n" + PLAIN.strip(), "C()"),
    "unknown decorator of a dataclass": ("@gin.configurable\n" + CONFIG.strip(), "C()"),
    "unknown decorator of a class with a constructor": (
        '@gin.configurable\nclass C:\n    def __init__(self, act="sigmoid", loss="categorical_crossentropy"):\n'
        "        self.act, self.loss = act, loss\n",
        "C()",
    ),
    "constructor of a base, by name": (
        CONFIG + "\nclass D(C):\n    def __init__(self, act):\n        C.__init__(self, act)\n",
        'D("softmax")',
    ),
    "class with arguments": (
        PLAIN + "    def __init_subclass__(cls, act, **kw):\n        cls.act = act\n"
        'class D(C, act="softmax"):\n    pass\n',
        "D()",
    ),
    "made by __new__": (PLAIN + "    def __new__(cls):\n        return load(cls)\n", "C()"),
    "unknown factory": (CONFIG.replace('"sigmoid"', "field(default_factory=os.getlogin)"), "C()"),
    "converted": (
        CONFIG.replace("@dataclass", "@attrs.define").replace(
            '"sigmoid"', "attrs.field(default='sigmoid', converter=str.lower)"
        ),
        "C()",
    ),
    "replaced by a file": (CONFIG, "dataclasses.replace(C(), **yaml.safe_load(open('c.yaml')))"),
}


@pytest.mark.parametrize(("config", "made"), UNKNOWN.values(), ids=UNKNOWN)
def test_what_may_be_set_elsewhere_is_not_known(see: See, config: str, made: str) -> None:
    assert trained(see, config, made)[0] is None


BUILD = """
    def build(self):
        model = keras.Sequential([keras.Input((4,)), layers.Dense(10, activation=self.act)])
        model.compile("adam", loss="categorical_crossentropy")
"""
ABSTRACT = {
    "ABC": 'class Base(ABC):\n    act = "sigmoid"\n',
    "metaclass": 'class Base(metaclass=ABCMeta):\n    act = "sigmoid"\n',
    "abstract method": 'class Base:\n    act = "sigmoid"\n    @abstractmethod\n    def data(self): ...\n',
    "abstract method inherited": (
        'class Root:\n    @abstractmethod\n    def data(self): ...\nclass Base(Root):\n    act = "sigmoid"\n'
    ),
}


@pytest.mark.parametrize("base", ABSTRACT.values(), ids=ABSTRACT)
def test_methods_of_abstract_classes_run_for_the_classes_below(see: See, base: str) -> None:
    assert pairs(see, base + BUILD) == []
    below = '\nclass Net(Base):\n    act = "softmax"\n    def data(self):\n        return 1\n'
    assert pairs(see, base + BUILD + below) == [RIGHT]
    assert pairs(see, 'class Base:\n    act = "sigmoid"\n' + BUILD) == [("sigmoid", "categorical_crossentropy")]


FUNCTION = """
def build(act="sigmoid"):
    model = keras.Sequential([keras.Input((4,)), layers.Dense(10, activation=act)])
    model.compile("adam", loss="categorical_crossentropy")
"""


@pytest.mark.parametrize(
    "decorator", ["gin.configurable", "gin.configurable('b')", "hydra.main()", "unheard_of", "own"]
)
def test_defaults_below_an_unknown_decorator_are_not_known(see: See, decorator: str) -> None:
    program = f"def own(f):\n    return functools.partial(f, act='softmax')\n@{decorator}{FUNCTION}"
    assert [one[0] for one in pairs(see, program)] == [None]
    assert pairs(see, program + "build(act='softmax')\n") == [RIGHT]


@pytest.mark.parametrize(
    "decorator",
    ["tf.function", "functools.lru_cache(None)", "staticmethod", "keras.saving.register_keras_serializable()"],
)
def test_defaults_below_a_known_decorator_hold(see: See, decorator: str) -> None:
    assert pairs(see, f"@{decorator}{FUNCTION}") == [("sigmoid", "categorical_crossentropy")]
