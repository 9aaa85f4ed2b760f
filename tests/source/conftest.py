"""Reads source with the lens and shows its facts in short."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import dedent
from typing import NamedTuple

import pytest

from mllint.facts import Fact, Known, TrainingSetup
from mllint.lens import Reading
from mllint.source.lens import SourceLens
from mllint.source.text.document import read_document


class Seen(NamedTuple):
    """What the lens saw of one output; None stands for unknown."""

    activation: str | None
    units: int | None
    loss: str | None
    from_logits: bool | None


def value(fact: Fact) -> object:
    return fact.value if isinstance(fact, Known) else None


def seen(setup: TrainingSetup) -> list[Seen]:
    return [
        Seen(
            value(output.head.activation),
            value(output.head.units),
            value(output.loss.name),
            value(output.loss.from_logits),
        )
        for output in setup.outputs
    ]


@pytest.fixture
def read() -> Callable[[str], Reading]:
    """The reading of a program; the imports nearly every one needs are there already."""

    def read_source(source: str) -> Reading:
        imports = (
            "import numpy as np\nimport tensorflow as tf\nfrom tensorflow import keras\nfrom keras import layers\n"
        )
        return SourceLens(read_document("program.py", (imports + dedent(source)).encode())).read()

    return read_source


@pytest.fixture
def see(read: Callable[[str], Reading]) -> Callable[[str], list[Seen]]:
    """What the lens saw of all outputs of all setups of a program, in order."""

    def see_source(source: str) -> list[Seen]:
        return [one for setup in read(source).setups for one in seen(setup)]

    return see_source
