"""The source of a program and the model it saves lead to the same verdicts: every program of the rules' pages is run
once, the models that it compiles are saved, and what the archive lens makes of the files is judged beside the text."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mllint import registry
from mllint.archive.lens import ArchiveLens
from mllint.archive.opening import read_contents
from mllint.facts import Fact, Known, Output, TrainingSetup
from mllint.reading.labels import unknown_labels
from mllint.source.lens import SourceLens
from mllint.source.text.document import read_document

pytest.importorskip("tensorflow")
pytestmark = [pytest.mark.tensorflow, pytest.mark.filterwarnings("ignore")]

NEVER_COMPILED = {
    "unknown-identifier-2": "Keras raises while the layer is made",
    "label-smoothing-with-sparse-crossentropy-1": "Keras raises while the loss is made",
}
EXCEPTIONS = {
    ("unknown-identifier-1", ".h5"): "the older format does not tell a misspelt string from the name of a function",
}
"""Programs and formats whose readings differ, and why that is right."""


def programs() -> list[Any]:
    """The programs on the pages that compile a model."""
    found = []
    for rule in registry.rules():
        if rule.family == "probes":
            continue  # they judge what was measured on a live model
        for number, text in enumerate(re.findall(r"^```python\n(.*?)^```$", rule.page(), re.MULTILINE | re.DOTALL), 1):
            if ".compile(" in text:
                found.append(pytest.param(text, id=f"{rule.name}-{number}"))
    return found


def compiled_by(text: str, patch: pytest.MonkeyPatch) -> list[Any]:
    """The models that a program compiles, in the order of its compile calls.

    fit builds the model and trains nothing, to save time: what the program does with the result may then fail. That
    the programs run is tested with the rules.
    """
    import keras

    models: list[Any] = []
    original = keras.Model.compile

    def compile_and_keep(self: Any, *arguments: Any, **options: Any) -> None:
        models.append(self)
        original(self, *arguments, **options)

    def build(self: Any, x: Any = None, *arguments: Any, **options: Any) -> Any:
        batch = next(iter(x))[0] if hasattr(x, "element_spec") or not hasattr(x, "__len__") else x
        self(keras.tree.map_structure(lambda values: values[:1], batch))
        return keras.callbacks.History()

    patch.setattr(keras.Model, "compile", compile_and_keep)
    patch.setattr(keras.Model, "fit", build)
    try:
        exec(compile(text, "page.py", "exec"), {"__name__": "__main__"})
    except Exception:
        pass  # the models that it compiled so far count
    finally:
        keras.config.set_dtype_policy("float32")
    return models


def comparable(setup: TrainingSetup, encodings: list[Known[Any] | None]) -> TrainingSetup:
    """A setup without what one of the two cannot know: the labels beyond their encoding, what is done with
    predictions, how fit is called; and the source does not always say which Keras runs it."""
    outputs = [
        replace(output, labels=replace(unknown_labels("not compared"), **known(encoding)), decodings=())
        for output, encoding in zip(setup.outputs, encodings, strict=True)
    ]
    return replace(setup, outputs=tuple(outputs), fits=(), bare_metrics=None, assumptions=(), framework=Known("keras3"))


def known(encoding: Known[Any] | None) -> dict[str, Known[Any]]:
    return {"encoding": encoding} if encoding is not None else {}


def encoding_of(output: Output) -> Known[Any] | None:
    return output.labels.encoding if isinstance(output.labels.encoding, Known) else None


def verdicts(setup: TrainingSetup, encodings: list[Known[Any] | None]) -> set[tuple[str, str, str]]:
    judged = comparable(setup, encodings)
    return {
        (rule.name, problem.severity.label, problem.message)
        for rule in registry.rules()
        for problem in rule.rule.judge(judged)
    }


def facts(output: Output) -> dict[str, Fact[Any]]:
    head, loss = output.head, output.loss
    return {
        "activation": head.activation,
        "units": head.units,
        "dtype": head.dtype,
        "loss": loss.name,
        "from_logits": loss.from_logits,
        "label_smoothing": loss.label_smoothing,
        "axis": loss.axis,
    }


def contradictions(source: Output, saved: Output) -> dict[str, tuple[Any, Any]]:
    """Facts that both know, and know differently."""
    return {
        name: (fact.value, other.value)
        for (name, fact), other in zip(facts(source).items(), facts(saved).values(), strict=True)
        if isinstance(fact, Known) and isinstance(other, Known) and fact.value != other.value
    }


@pytest.mark.parametrize("text", programs())
def test_source_and_file_agree(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    name = request.node.callspec.id
    models = compiled_by(text, monkeypatch)
    reading = SourceLens(read_document("page.py", text.encode())).read()
    setups = [setup for setup in reading.setups if setup.via == "compile"]
    if name in NEVER_COMPILED:
        assert models == []
        return
    assert len(setups) == len(models)
    for setup, model in zip(setups, models, strict=True):
        assert models.count(model) == 1, "a file holds the last of several compile calls"
        for suffix in (".keras", ".h5"):
            path = tmp_path / f"model{suffix}"
            model.save(path)
            (saved,) = ArchiveLens(path.name, read_contents(path)).read().setups
            for one, other in zip(setup.outputs, saved.outputs, strict=True):
                assert contradictions(one, other) == {}
            for encodings in ([encoding_of(one) for one in setup.outputs], [None] * len(setup.outputs)):
                difference = verdicts(setup, encodings) ^ verdicts(saved, encodings)
                assert bool(difference) == ((name, suffix) in EXCEPTIONS)
