"""The contract between lenses and rules.

A lens looks at a model (its source, its saved file, the live object) and states what it saw as facts;
a rule judges facts and knows neither LibCST nor TensorFlow. Everything here is immutable and holds no
logic beyond construction.

A fact is `Known` (a value and the place it came from) or `Unknown` (the reason, and where the trail was lost).
A rule that needs an unknown fact stays silent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeAlias, TypeVar

from mllint.measured import Measured

T_co = TypeVar("T_co", covariant=True)

Encoding: TypeAlias = Literal[
    "integer", "one-hot", "multi-hot", "binary", "signed", "continuous", "distribution", "image", "self", "string"
]
"""Label encodings: class ids; one 1 per row; any number of 1s per row; a single 0/1 column; -1/+1; floats;
rows that sum to one; pictures; the input itself; text."""

Task: TypeAlias = Literal["multi-label", "multi-class", "binary", "regression"]
"""What a user may state a model is for."""

StageRole: TypeAlias = Literal[
    "scores", "activation", "dropout", "shape", "arithmetic", "pool", "normalisation", "cast", "identity", "opaque"
]
"""What one stage of a head does to the values: see `Stage`."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fact comes from.

    `anchor` is the lens's own handle (a LibCST node, an archive key, a layer): it is hashable, and only the lens that
    made it can turn it into lines and columns, which it does once a finding needs them.
    """

    path: str
    anchor: Any


@dataclass(frozen=True, slots=True)
class Known(Generic[T_co]):
    """A value, and the place where it was written (None for a documented default that nobody wrote)."""

    value: T_co
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """No value. `reason` completes the sentence "not judged: …" and starts in lower case."""

    reason: str
    place: Place | None = None


Fact: TypeAlias = Known[T_co] | Unknown


@dataclass(frozen=True, slots=True)
class Stage:
    """One step between the last learned layer and `y_pred`, in order of execution.

    Dense(10, activation="softmax") is two stages: scores (units 10), then activation (softmax).
    """

    role: StageRole
    symbol: str
    """Canonical name of what does the step: keras.layers.Dense, keras.layers.Dropout, tf.nn.softmax, operator.mul."""
    place: Place
    activation: Fact[str] | None = None
    """Canonical activation name (softmax, sigmoid, relu, …); only for the role activation."""
    units: Fact[int] | None = None
    """Size of the last axis after this stage; only for the role scores."""
    axis: Fact[int] | None = None
    """Axis a softmax runs over; only for the role activation, None where the default (-1) holds."""
    factor: Fact[float] | None = None
    """Constant that the values are multiplied by; only for the role arithmetic."""


@dataclass(frozen=True, slots=True)
class Head:
    """What produces one `y_pred`."""

    activation: Fact[str]
    """The activation that fixes the range of y_pred: "linear" where the scores come out as they are. Unknown where
    something after it changes the values (multiplication, pooling, …): `stages` still shows what."""
    units: Fact[int]
    """Size of y_pred's last axis."""
    dtype: Fact[str]
    """float32, float16, bfloat16: the dtype of y_pred."""
    stages: tuple[Stage, ...]
    """From the last learned layer to y_pred. Empty where the lens could not see the head."""
    place: Place | None
    """The layer that makes the scores, or the activation where the scores are out of sight."""
    rank: Fact[int] | None = None
    """Number of axes of y_pred, batch included; None where the lens does not tell."""


@dataclass(frozen=True, slots=True)
class Loss:
    """What compares `y_pred` with the labels."""

    name: Fact[str]
    """Canonical name from knowledge/losses.yaml: categorical_crossentropy, mean_squared_error, …"""
    from_logits: Fact[bool]
    """Known(False) by default for cross-entropies; Known(True) for *_with_logits ops."""
    label_smoothing: Fact[float]
    axis: Fact[int]
    spelling: Literal["string", "function", "class", "instance", "op", "wrapped", "missing"]
    """How it is written. "op" is a TensorFlow function (tf.nn.*, tf.compat.v1.losses.*); "wrapped" a known loss inside
    the user's own function, lambda or partial; "missing" no loss at all."""
    place: Place | None


@dataclass(frozen=True, slots=True)
class Labels:
    """What the model is trained against, read from the data that reach fit or the loss call."""

    encoding: Fact[Encoding]
    classes: Fact[int]
    """Number of distinct classes."""
    rank: Fact[int]
    """Number of axes, batch included."""
    last_axis: Fact[int]
    """Size of the last axis, for rank >= 2."""
    dtype: Fact[str]
    low: Fact[float]
    """Smallest value, as far as the program tells it."""
    high: Fact[float]
    place: Place | None
    """Where the encoding was made, or the labels handed over."""
    divided_by: Fact[float] | None = None
    """Constant that class ids were divided by; None where they were not."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric of one output."""

    name: Fact[str]
    """Canonical name from knowledge/metrics.yaml, or "accuracy" where Keras picks one by shape."""
    threshold: Fact[float]
    from_logits: Fact[bool]
    spelling: Literal["string", "function", "class", "instance", "wrapped"]
    place: Place
    arguments: tuple[tuple[str, Fact[Any]], ...] = ()
    """What the program passes, by the name of the parameter; the rest are defaults."""


@dataclass(frozen=True, slots=True)
class Decoding:
    """What the program does with predictions of this output: argmax, a threshold, rounding.

    "evaluate" is an item of what evaluate() returns that the program calls an accuracy: `index` says which.
    """

    kind: Literal["argmax", "threshold", "round", "predict_classes", "evaluate"]
    axis: Fact[int]
    threshold: Fact[float]
    place: Place
    index: Fact[int] | None = None


@dataclass(frozen=True, slots=True)
class Monitor:
    """A callback that watches a logged name: EarlyStopping(monitor="val_acc", mode="max")."""

    callback: str
    """Canonical symbol: keras.callbacks.EarlyStopping."""
    name: str
    mode: Fact[str]
    place: Place


@dataclass(frozen=True, slots=True)
class Fit:
    """One call of fit on the model, as far as more than the labels matters."""

    place: Place
    validated: Fact[bool]
    """Whether validation data or a validation split is given."""
    monitors: tuple[Monitor, ...]
    class_weight: Fact[tuple[object, ...]] | None = None
    """The keys of class_weight; None where none is given."""


@dataclass(frozen=True, slots=True)
class Output:
    """One output of a training setup with everything that must fit together."""

    name: str | None
    """Name of the output where the model has several; None for a single one."""
    head: Head
    loss: Loss
    labels: Labels
    metrics: tuple[Metric, ...] = ()
    decodings: tuple[Decoding, ...] = ()
    measured: Measured | None = None
    """What running the model showed; only the live lens fills it."""


@dataclass(frozen=True, slots=True)
class Identifier:
    """A string by which the program asks Keras for something: activation="relu", loss="mse", metrics=["acc"]."""

    kind: Literal["activation", "loss", "metric"]
    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class LossStructure:
    """How the losses of a model with several outputs were given, against the outputs it has."""

    form: Literal["single", "list", "dict"]
    size: int
    """Number of losses in the list or dict; 1 for a single one."""
    keys: tuple[str, ...]
    """The keys of a dict."""
    outputs: Fact[int]
    output_names: Fact[tuple[str, ...]]
    place: Place


@dataclass(frozen=True, slots=True)
class Swap:
    """A loss that was called with the prediction where the labels belong."""

    loss: str
    labels: Place
    prediction: Place


@dataclass(frozen=True, slots=True)
class Assumption:
    """A condition of the program that was taken to hold, or not, for this setup."""

    condition: str
    holds: bool


@dataclass(frozen=True, slots=True)
class TrainingSetup:
    """One model compiled or trained with its losses, labels and metrics."""

    path: str
    place: Place
    """The compile call, or the call of the loss in a custom loop."""
    via: Literal["compile", "loss-call"]
    outputs: tuple[Output, ...]
    framework: Fact[Literal["keras2", "keras3"]]
    run_eagerly: Fact[bool]
    identifiers: tuple[Identifier, ...] = ()
    structure: LossStructure | None = None
    swap: Swap | None = None
    fits: tuple[Fit, ...] = ()
    called_from: tuple[Place, ...] = ()
    """The calls of local functions that led here, outermost first."""
    bare_metrics: Place | None = None
    """Where metrics is one string instead of a list; None where it is not."""
    assumptions: tuple[Assumption, ...] = ()
    """Setups of one place that differ only in these are the branches of the program."""
    in_unit_test: bool = False
    """The model exists to be tested, not to be trained."""
