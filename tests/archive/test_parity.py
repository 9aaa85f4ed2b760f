"""The source of a program and the model it saves lead to the same verdicts: every program of the rules' pages is run
once, the models that it compiles are saved, and what the archive lens makes of the files is judged beside its text."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

import pytest

from mllint import registry
from mllint.facts import Known, Labels, Output, TrainingSetup
from mllint.reading.labels import unknown_labels

pytest.importorskip("tensorflow")
pytestmark = pytest.mark.tensorflow

FORMATS = (".keras", ".h5")


def programs() -> list[Any]:
    """The programs on the pages that compile a model and run to their end."""
    found = []
    for rule in registry.rules():
        if rule.family == "probes":
            continue  # they judge what was measured, and no program
        for number, text in enumerate(re.findall(r"^```python\n(.*?)^```$", rule.page(), re.MULTILINE | re.DOTALL), 1):
            if ".compile(" in text and not text.startswith("# raises"):
                found.append(pytest.param(text, id=f"{rule.name}-{number}"))
    return found


@dataclass(frozen=True)
class Compiled:
    """A model, and how often the program compiled it."""

    model: Any
    times: int


def run(text: str, patch: pytest.MonkeyPatch) -> list[Compiled]:
    """The models that a program compiles, in the order of its compile calls."""
    import keras

    compiled: list[Any] = []
    original = keras.Model.compile

    def compile(self: Any, *arguments: Any, **options: Any) -> None:
        compiled.append(self)
        original(self, *arguments, **options)

    patch.setattr(keras.Model, "compile", compile)
    exec(compile_text(text), {"__name__": "__main__"})
    keras.config.set_dtype_policy("float32")
    return [Compiled(model, compiled.count(model)) for model in compiled]


def compile_text(text: str) -> Any:
    return compile(text, "page.py", "exec")


def comparable(setup: TrainingSetup, encodings: list[Known[Any] | None]) -> TrainingSetup:
    """A setup without what one of the two cannot know: the labels beyond their encoding, what is done with
    predictions, how fit was called, and, from the source, which Keras runs it."""
    outputs = [
        replace(output, labels=labels(encoding), decodings=())
        for output, encoding in zip(setup.outputs, encodings, strict=True)
    ]
    return replace(setup, outputs=tuple(outputs), fits=(), bare_metrics=None, assumptions=(), framework=Known("keras3"))


def labels(encoding: Known[Any] | None) -> Labels:
    unknown = unknown_labels("not compared")
    return replace(unknown, encoding=encoding) if encoding is not None else unknown


def encoding_of(output: Output) -> Known[Any] | None:
    return output.labels.encoding if isinstance(output.labels.encoding, Known) else None


def verdicts(setup: TrainingSetup) -> set[tuple[str, str]]:
    return {(rule.name, problem.severity.label) for rule in registry.rules() for problem in rule.rule.judge(setup)}
