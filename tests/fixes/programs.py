"""Small programs, fixed."""

from __future__ import annotations

from mllint.engine import fix_source
from mllint.fixes.plan import UNSAFE, Plan
from mllint.results import FixReport
from mllint.settings import Settings

PREAMBLE = """\
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

x = np.zeros((100, 3))
one_hot = keras.utils.to_categorical(np.random.randint(0, 10, 100), 10)
multi_hot = np.random.randint(0, 2, size=(100, 10))
"""


def fixed(program: str, plan: Plan = UNSAFE, path: str = "train.py", settings: Settings | None = None) -> FixReport:
    """The report on a program fixed; the preamble stands before it."""
    return fix_source((PREAMBLE + program).encode(), path, settings or Settings(), plan)


def text_of(report: FixReport) -> str:
    """The program after its fixes, without the preamble."""
    assert report.rewrite is not None, report
    return report.rewrite.after.decode().removeprefix(PREAMBLE)


def reasons(report: FixReport) -> list[str]:
    return [one.reason for one in report.refused]


UNSAFE_CASE = """
model = keras.Sequential([keras.Input((3,)), layers.Dense(10, activation="sigmoid")])
model.compile("adam", loss="categorical_crossentropy")
model.fit(x, one_hot)
"""
"""sigmoid-with-categorical-crossentropy: its repair is unsafe."""

SAFE_CASE = """
model = keras.Sequential([keras.Input((3,)), layers.Dense(10, activation="softmax")])
model.compile("adam", loss="categorical_crossentropy")
model.fit(x, np.random.randint(0, 10, 100))
"""
"""integer-labels-with-categorical-crossentropy: its repair is safe."""

OPEN_CASE = """
model = keras.Sequential([keras.Input((3,)), layers.Dense(10, activation="sigmoid")])
model.compile("adam", loss="categorical_crossentropy")
"""
"""sigmoid-with-categorical-crossentropy without labels: only the author knows which way is right."""
