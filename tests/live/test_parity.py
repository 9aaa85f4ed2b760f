"""The source of a program and the model that it holds lead to the same verdicts: every program of the rules' pages that
fits a model is run, and model and data are judged, as fit is given them, beside the text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any

import pytest

from mllint import registry
from mllint.facts import Fact, Known, Labels, Output, TrainingSetup
from mllint.reading.labels import unknown_labels
from mllint.source.lens import SourceLens
from mllint.source.text.document import read_document
from tests.archive.test_parity import contradictions, programs

pytest.importorskip("tensorflow")
pytestmark = [pytest.mark.tensorflow, pytest.mark.filterwarnings("ignore")]

NEVER_FITTED = {
    "unknown-identifier-2": "Keras raises while the layer is made",
    "label-smoothing-with-sparse-crossentropy-1": "Keras raises while the loss is made",
    "bare-string-metrics-1": "Keras raises while the model is compiled",
}
DIFFERENCES = {
    "units-more-than-classes-1": (
        {"units-more-than-classes"},
        "the program draws class numbers below 2; a batch without a class does not prove that there is none",
    ),
    "scaled-class-ids-1": (
        {"scaled-class-ids", "continuous-targets-with-crossentropy"},
        "the program divides class numbers; a batch only shows numbers that are not whole, which is as bad",
    ),
    "continuous-targets-with-crossentropy-3": (
        set(),
        "the program reconstructs its pixels; a batch only shows whole numbers, which is as bad",
    ),
    "bounded-head-with-unbounded-targets-3": (
        {"bounded-head-with-unbounded-targets"},
        "the program reconstructs its pixels; a batch only shows whole numbers",
    ),
}
"""Programs of which one lens says more, the rules that tell, and why that is right."""

ROWS = 32
"""What fit trains on in a step, unless it is told otherwise."""
LABEL_FACTS = ("encoding", "classes", "rank", "last_axis", "dtype")


@dataclass
class Fitted:
    """A model as a program compiled it, and what the live lens read when it was fitted for the first time."""

    model: Any
    with_labels: TrainingSetup | None = None
    without: TrainingSetup | None = None


def fitted_by(text: str, patch: pytest.MonkeyPatch) -> list[Fitted]:
    """One for each compile call. fit trains nothing: what the program does with the result may then fail."""
    import keras
    import numpy as np

    compiled: list[Fitted] = []
    original = keras.Model.compile

    def compile_and_keep(self: Any, *arguments: Any, **options: Any) -> None:
        compiled.append(Fitted(self))
        original(self, *arguments, **options)

    def look(self: Any, x: Any = None, y: Any = None, *_: Any, **__: Any) -> Any:
        fitted = next(one for one in reversed(compiled) if one.model is self)
        if fitted.with_labels is None:
            x, y = first_batch(x, y)
            fitted.with_labels, fitted.without = looked_at(self, x, y), looked_at(self, x, None)
        return keras.callbacks.History()

    patch.setattr(keras.Model, "compile", compile_and_keep)
    patch.setattr(keras.Model, "fit", look)
    np.random.seed(0)
    try:
        exec(compile(text, "page.py", "exec"), {"__name__": "__main__"})
    except Exception:
        pass  # the models that it fitted so far count
    finally:
        keras.config.set_dtype_policy("float32")
    return compiled


def first_batch(x: Any, y: Any) -> tuple[Any, Any]:
    """What fit is given, or the first batch of a dataset or generator."""
    if y is not None or (hasattr(x, "__len__") and not hasattr(x, "element_spec")):
        return x, y
    batch = next(iter(x))
    return (batch[0], batch[1]) if isinstance(batch, tuple) else (batch, None)


def looked_at(model: Any, x: Any, y: Any) -> TrainingSetup:
    """The facts alone: the time of the probes is spent before they begin."""
    from mllint.live.batches import Batch, arrays, sample
    from mllint.live.running import run
    from mllint.live.study import study

    batch = Batch(sample(arrays(x), ROWS), sample(arrays(y), ROWS) if y is not None else None, "the batch")
    return study(run(model, batch.x), batch, "page.py", {}, seconds=0)


def verdicts(setup: TrainingSetup) -> set[tuple[str, str, str]]:
    """What is said of the facts that both can know: not of what is measured, of what is done with predictions, and of
    how fit is called; and the source does not always say which Keras runs it."""
    outputs = tuple(replace(output, decodings=(), measured=None) for output in setup.outputs)
    judged = replace(
        setup, outputs=outputs, fits=(), bare_metrics=None, assumptions=(), framework=Known("keras3"), called_from=()
    )
    return {
        (rule.name, problem.severity.label, problem.message)
        for rule in registry.rules()
        for problem in rule.rule.judge(judged)
    }


def without_labels(setup: TrainingSetup) -> TrainingSetup:
    return replace(setup, outputs=tuple(replace(one, labels=unknown_labels("not given")) for one in setup.outputs))


def labels_told_apart(source: Labels, live: Labels) -> dict[str, tuple[Any, Any]]:
    """Facts of the labels that both know, and know differently; a batch may keep within the bounds of the source."""
    told = {name: (getattr(source, name), getattr(live, name)) for name in LABEL_FACTS}
    different = {name: pair for name, pair in told.items() if are_known(*pair) and pair[0].value != pair[1].value}
    if are_known(source.low, live.low) and live.low.value < source.low.value:
        different["low"] = source.low, live.low
    if are_known(source.high, live.high) and live.high.value > source.high.value:
        different["high"] = source.high, live.high
    return different


def are_known(*facts: Fact[Any]) -> bool:
    return all(isinstance(fact, Known) for fact in facts)


def metrics_told_apart(source: Output, live: Output) -> Iterator[tuple[Any, Any]]:
    for one, other in zip_longest(source.metrics, live.metrics):
        if one is None or other is None or (are_known(one.name, other.name) and one.name.value != other.name.value):
            yield one, other


@pytest.mark.parametrize("text", [one for one in programs() if ".fit(" in one.values[0]])
def test_source_and_live_model_agree(
    text: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    name = request.node.callspec.id
    compiled = fitted_by(text, monkeypatch)
    reading = SourceLens(read_document("page.py", text.encode())).read()
    setups = [setup for setup in reading.setups if setup.via == "compile"]
    if name in NEVER_FITTED:
        assert all(fitted.with_labels is None for fitted in compiled)
        return
    assert len(setups) == len(compiled)
    told, _ = DIFFERENCES.get(name, (set(), ""))
    for setup, fitted in zip(setups, compiled, strict=True):
        assert fitted.with_labels is not None
        assert fitted.without is not None
        for one, other in zip(setup.outputs, fitted.with_labels.outputs, strict=True):
            assert contradictions(one, other) == {}
            assert labels_told_apart(one.labels, other.labels) == {} or name in DIFFERENCES
            assert list(metrics_told_apart(one, other)) == []
        assert {rule for rule, *_ in verdicts(setup) ^ verdicts(fitted.with_labels)} == told
        assert verdicts(without_labels(setup)) == verdicts(fitted.without)
