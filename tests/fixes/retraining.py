"""Runs a program of a rule page on data that can be learned, and measures what it then gets right.

The programs on the pages fit on noise. Here their features are made to depend on their labels: each label has a
direction in feature space, plus noise. What the program does with them is its own affair: head, loss, label encoding,
metrics and decodings are those of the text.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]

ROWS, TEST, EPOCHS = 4096, 1024, 12
EASY, HARD = 0.7, 4.0
"""Noise on the features: classes hardly overlap, or do."""


@dataclass
class Retrained:
    """What is left of a program after it ran; `y` is the labels of the test rows as the program encodes them."""

    names: dict[str, Any] = field(default_factory=dict)
    raised: Exception | None = None
    model: Any = None
    x: Any = None
    y: Any = None
    history: dict[str, list[float]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    """What Keras warns of while it trains."""

    @property
    def outputs(self) -> Array:
        return np.asarray(self.model.predict(self.x, verbose=0), dtype="float64")

    @property
    def truth(self) -> Array:
        """The labels free of their encoding: class numbers, rows of 0 and 1, or numbers; signs become 0 and 1."""
        return unencoded(self.y)

    def reported(self, name: str) -> float:
        """What evaluate() says of the test rows under this name; of its first metric where the name is ""."""
        said = self.model.evaluate(self.x, self.y, verbose=0, return_dict=True)
        first = next((key for key in said if key != "loss"), "loss")
        return float(np.mean(said[name or first]))


def retrain(program: str, noise: float = EASY) -> Retrained:
    """Raises nothing that the program raises: it is in the result."""
    import keras

    keras.utils.set_random_seed(1)
    result = Retrained()
    with _learnable_data(result, noise):
        try:
            exec(compile(program, "page.py", "exec"), result.names)
        except Exception as error:
            result.raised = error
    return result


@contextmanager
def _learnable_data(result: Retrained, noise: float) -> Iterator[None]:
    """Model.fit on more rows with features that depend on the labels; the program's own features are changed too, so
    that what it predicts for them means something."""
    import keras

    original = keras.Model.fit

    def fit(model: Any, x: Any = None, y: Any = None, **options: Any) -> Any:
        random = np.random.default_rng(5)
        chosen = random.integers(0, len(x), ROWS + TEST)
        labels = _rows(y, chosen)
        features = features_of(labels, x.shape[1:], noise, random)
        x[...] = features_of(y, x.shape[1:], noise, random)
        model.optimizer.learning_rate = 0.01
        result.model = model
        result.x, result.y = features[ROWS:], _rows(labels, slice(ROWS, None))
        options |= {"epochs": EPOCHS, "batch_size": 256, "verbose": 0}
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            history = original(model, features[:ROWS], _rows(labels, slice(ROWS)), **options)
        result.history = history.history
        result.warnings = [str(warning.message) for warning in warned]
        return history

    keras.Model.fit = fit
    try:
        yield
    finally:
        keras.Model.fit = original


def _rows(labels: Any, chosen: Any) -> Any:
    if isinstance(labels, dict):
        return {name: _rows(one, chosen) for name, one in labels.items()}
    return np.asarray(labels)[chosen]


def features_of(labels: Any, shape: tuple[int, ...], noise: float, random: np.random.Generator) -> Array:
    """Features of this shape for each row of labels."""
    codes = np.concatenate([_codes(one) for one in (labels.values() if isinstance(labels, dict) else [labels])], axis=1)
    directions = np.random.default_rng(11).normal(size=(codes.shape[1], int(np.prod(shape))))
    clean = codes @ directions
    return (clean + noise * random.normal(size=clean.shape)).reshape(len(codes), *shape)


def _codes(labels: Any) -> Array:
    """One column per label or class, of about unit size; the same for class numbers and one-hot rows."""
    truth = unencoded(labels)
    if truth.ndim == 1 and truth.dtype.kind in "iu":
        return np.eye(int(truth.max()) + 1)[truth]
    columns = truth.reshape(len(truth), -1).astype("float64")
    return (columns - columns.mean(axis=0)) / (columns.std(axis=0) + 1e-9)


def unencoded(labels: Any) -> Array:
    """Class numbers (n,) for one-hot rows, class numbers, strings, signs and 0/1 columns; else the rows as they are."""
    values = np.asarray(labels)
    if values.dtype.kind in "US":
        return np.unique(values, return_inverse=True)[1]
    if values.ndim == 2 and values.shape[1] > 1:
        is_one_hot = set(np.unique(values)) <= {0, 1} and bool((values.sum(axis=1) == 1).all())
        return values.argmax(axis=1) if is_one_hot else values
    column = values.reshape(-1)
    if set(np.unique(column)) == {-1, 1}:
        return (column > 0).astype("int64")
    return column.astype("int64") if np.array_equal(column, column.astype("int64")) else column


def right_decisions(run: Retrained) -> float:
    """The share of answers that are right, read as the head and loss suggest: per label for multi-hot rows, the
    largest of several units for classes, a threshold for one unit; R2 for numbers. NaN where the outputs are."""
    outputs, truth = run.outputs, run.truth
    if not np.isfinite(outputs).all():
        return float("nan")
    if truth.dtype.kind == "f" and not set(np.unique(truth)) <= {0.0, 1.0}:
        answers = outputs.reshape(truth.shape) if outputs.size == truth.size else outputs[:, :1]
        return float(1 - ((truth - answers) ** 2).sum() / ((truth - truth.mean(axis=0)) ** 2).sum())
    if truth.ndim == 2:
        return float(((outputs > threshold(run)) == truth).mean())
    if outputs.shape[-1] > 1:
        return float((outputs.argmax(axis=-1) == truth).mean())
    if truth.max() > 1:
        return float((outputs[:, 0].round() == truth).mean())
    return float(((outputs[:, 0] > threshold(run)) == truth).mean())


def threshold(run: Retrained) -> float:
    """0 where the loss reads scores or signs, 0.5 where it reads probabilities."""
    loss = run.model.loss
    name = loss if isinstance(loss, str) else getattr(loss, "name", "")
    reads_scores = getattr(loss, "from_logits", False) or getattr(loss, "_fn_kwargs", {}).get("from_logits", False)
    return 0.0 if reads_scores or "hinge" in name else 0.5


def off_from_distribution(run: Retrained) -> float:
    """How far the rows of the output are from summing to one, on average."""
    return float(np.abs(run.outputs.sum(axis=-1) - 1).mean())
