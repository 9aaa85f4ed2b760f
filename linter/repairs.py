"""What a repair changes, in the words of the facts: a head's activation, the name of a loss, a metric, a threshold.

A rule names the changes; the package `fixes` turns them into edits of the text that the facts were read from. The
changes of one repair are made together or not at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from mllint.facts import Decoding, Encoding, Head, Labels, Loss, Metric, Monitor, Place, Stage, Swap

Applicability: TypeAlias = Literal["safe", "unsafe", "suggestion"]
"""safe: what the program means is not in doubt, and nothing that was right changes (--fix). unsafe: right by the
evidence, but figures or saved weights change their meaning (--fix --unsafe-fixes). suggestion: one of several ways,
which only the author can choose (shown, for the editor and --interactive)."""

Written: TypeAlias = "str | int | float | bool | None"
"""A value that is written out as it is."""


@dataclass(frozen=True, slots=True)
class SetActivation:
    """The head ends in this activation (canonical name); "linear" leaves its raw scores."""

    head: Head
    activation: str


@dataclass(frozen=True, slots=True)
class RemoveStage:
    """A step of the head is left out: a second softmax, a relu on the scores, dropout on the logits."""

    head: Head
    stage: Stage


@dataclass(frozen=True, slots=True)
class SetUnits:
    """The layer that makes the scores has this many units."""

    head: Head
    units: int


@dataclass(frozen=True, slots=True)
class SetDtype:
    """The last layer computes in this dtype."""

    head: Head
    dtype: str


@dataclass(frozen=True, slots=True)
class SetLoss:
    """The loss has this canonical name. Arguments that the new loss knows too stay, the others go."""

    loss: Loss
    name: str
    from_logits: bool


@dataclass(frozen=True, slots=True)
class SetLossArgument:
    """One argument of the loss has this value; None takes it away."""

    loss: Loss
    parameter: str
    value: Written


@dataclass(frozen=True, slots=True)
class SetMetric:
    """The metric has this canonical name and these arguments, besides those of today that it knows too."""

    metric: Metric
    name: str
    arguments: tuple[tuple[str, Written], ...] = ()


@dataclass(frozen=True, slots=True)
class RemoveMetric:
    """The metric is not computed any more."""

    metric: Metric


@dataclass(frozen=True, slots=True)
class SetThreshold:
    """Predictions above this value count as yes. An argmax becomes a comparison, rounding too."""

    decoding: Decoding
    threshold: float


@dataclass(frozen=True, slots=True)
class SetArgmax:
    """The likeliest unit along this axis is the answer; a threshold or rounding becomes an argmax."""

    decoding: Decoding
    axis: int


@dataclass(frozen=True, slots=True)
class SetItem:
    """An item of what evaluate() returns is read at this index."""

    decoding: Decoding
    index: int


@dataclass(frozen=True, slots=True)
class SetLabels:
    """The labels are written in this encoding, where what encodes them is in sight."""

    labels: Labels
    encoding: Encoding
    classes: int | None = None
    """Number of classes or columns, where the new encoding needs it."""


@dataclass(frozen=True, slots=True)
class SetArgument:
    """A call at `call` passes this value for a parameter; None takes the argument away."""

    call: Place
    parameter: str
    value: Written


@dataclass(frozen=True, slots=True)
class SetMonitor:
    """The callback watches this logged name, in this mode."""

    monitor: Monitor
    name: str
    mode: str | None = None
    """None leaves the mode as it is."""


@dataclass(frozen=True, slots=True)
class SetText:
    """The string at a place reads so; its quotes stay."""

    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class SetIdentifier:
    """Keras is asked for a loss or metric by this string, instead of being given an object. A name that the object is
    given goes; anything else it is given is a reason to refuse."""

    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class SwapArguments:
    """The labels and the prediction of a loss call change places."""

    swap: Swap


@dataclass(frozen=True, slots=True)
class WrapInList:
    """The value at a place becomes a list of one."""

    place: Place


Change: TypeAlias = (
    SetActivation | RemoveStage | SetUnits | SetDtype | SetLoss | SetLossArgument | SetMetric | RemoveMetric
    | SetThreshold | SetArgmax | SetItem | SetLabels | SetArgument | SetMonitor | SetText | SetIdentifier
    | SwapArguments | WrapInList
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Repair:
    """One way out of a problem, whole: head, loss, metrics and decodings fit together after it.

    `title` is an order in plain words, without a full stop: "train a sigmoid head with binary_crossentropy".
    """

    title: str
    applicability: Applicability
    changes: tuple[Change, ...]
