"""What reads an output follows when the output changes: its metrics, and what the program does with predictions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import exp, log

from mllint.facts import Decoding, Known, Metric, Output, TrainingSetup
from mllint.repairs import Change, SetArgmax, SetThreshold, Written
from mllint.rules import knowledge
from mllint.rules.knowledge.rows import MetricRow
from mllint.rules.repairing.metrics import BY_FORM, Chosen, in_its_place
from mllint.rules.repairing.terms import CannotPair, Form, Kind, LabelForm
from mllint.rules.views.decodings import runs_over_units
from mllint.rules.views.pairs import CROSSENTROPIES, value
from mllint.rules.views.readings import ACCURACY

HALFWAY = 0.5
CONFUSIONS = frozenset(
    {"precision", "recall", "true_positives", "true_negatives", "false_positives", "false_negatives"}
)
"""Metrics whose thresholds lie from 0 to 1, whatever they read: keras/src/metrics/metrics_utils.py."""
F_SCORES = frozenset({"f1_score", "f_beta_score"})
"""Metrics whose threshold lies above 0: keras/src/metrics/f_score_metrics.py."""
DEFAULT_K = 5
TOP_K = {"rows": "top_k_categorical_accuracy", "numbers": "sparse_top_k_categorical_accuracy"}
ACCURACIES = frozenset({ACCURACY, "binary_accuracy", *BY_FORM.values()})


@dataclass(frozen=True, slots=True)
class After:
    """The output as metrics and decodings will find it."""

    kind: Kind
    form: Form
    labels: LabelForm
    units: int | None
    loss: str

    @property
    def is_logits(self) -> bool:
        return self.form == "logits"

    @property
    def turning_point(self) -> float:
        """Where a unit that answers for itself turns from no to yes."""
        return 0 if self.is_logits else HALFWAY

    @property
    def has_classes(self) -> bool:
        """Whether the largest unit is the answer."""
        return self.kind == "multi-class"

    def moved(self, threshold: float) -> float:
        """A threshold for probabilities as one for logits, or the other way round; one that fits stays."""
        is_probability = 0 < threshold < 1
        if is_probability is not self.is_logits:
            return threshold
        if threshold == HALFWAY:
            return 0
        return round(log(threshold / (1 - threshold)), 3) if is_probability else round(1 / (1 + exp(-threshold)), 3)


# ---------------------------------------------------------------- metrics


def metrics_after(setup: TrainingSetup, output: Output, after: After) -> Iterator[Change]:
    """The metrics that must change, each logged under its name of today. Raises CannotPair."""
    for metric in output.metrics:
        row = knowledge.metrics().get(metric.name.value) if isinstance(metric.name, Known) else None
        chosen = _chosen(output, metric, row, after) if row is not None else None
        if chosen is not None:
            yield in_its_place(setup, metric, chosen)


def _chosen(output: Output, metric: Metric, row: MetricRow, after: After) -> Chosen | None:
    """The metric and its arguments; None for a metric that may stay as it is."""
    if row.name in ACCURACIES:
        return _accuracy(output, metric, row, after)
    if row.name in TOP_K.values():
        return _top_k(output, metric, row, after)
    if row.name in F_SCORES:
        return _f_score(output, metric, row, after)
    if row.reads == "thresholded" or row.name == "binary_iou":
        return _thresholded(output, metric, row, after)
    if row.reads == "ranking":
        return _ranking(output, metric, row, after)
    if row.reads == "loss":
        return _loss(metric, row, after)
    if row.reads == "regression" and after.has_classes and after.labels == "numbers" and _turns(output, after):
        raise CannotPair(f"{row.name} cannot compare units with class numbers")
    return None


def _accuracy(output: Output, metric: Metric, row: MetricRow, after: After) -> Chosen | None:
    if after.has_classes:
        if row.name in {ACCURACY, BY_FORM[after.labels]}:
            return None
        stays = row.name == "binary_accuracy" and after.labels == "rows" and not after.is_logits
        return None if stays and not _turns(output, after) else (BY_FORM[after.labels], ())
    if row.name == ACCURACY and after.units == 1 and not after.is_logits:
        return None
    if row.name != "binary_accuracy":
        return "binary_accuracy", () if after.turning_point == HALFWAY else (("threshold", 0),)
    return _moved(metric, row, after, "threshold")


def _top_k(output: Output, metric: Metric, row: MetricRow, after: After) -> Chosen | None:
    if after.kind == "binary":
        raise CannotPair(f"{row.name} needs more than one unit")
    name = TOP_K[after.labels]
    if row.name == name and not _turns(output, after):
        return None
    k = _argument(metric, "k") or DEFAULT_K
    if isinstance(k, int) and after.units is not None and after.units <= k:
        raise CannotPair(f"of {after.units} units the right one is always among the best {k}")
    return None if row.name == name else (name, ())


def _f_score(output: Output, metric: Metric, row: MetricRow, after: After) -> Chosen | None:
    given = _argument(metric, "threshold")
    if after.has_classes:
        if after.labels == "numbers" and _turns(output, after):
            raise CannotPair(f"{row.name} needs one column per class")
        return (row.name, (("threshold", None),)) if given is not None and after.is_logits else None
    if after.is_logits:
        raise CannotPair(f"{row.name} takes no threshold of 0, which logits need")
    return (row.name, (("threshold", HALFWAY),)) if given is None else None


def _thresholded(output: Output, metric: Metric, row: MetricRow, after: After) -> Chosen | None:
    """Precision, Recall and their like, which count yes and no."""
    picks = [name for name in ("class_id", "top_k") if _argument(metric, name) is not None]
    if not after.has_classes:
        chosen = _moved(metric, row, after, "thresholds" if row.name in CONFUSIONS else "threshold")
        if not picks or after.units != 1:
            return chosen if "top_k" not in picks else None
        cleared: tuple[tuple[str, Written], ...] = tuple((name, None) for name in picks)
        return row.name, (*(chosen[1] if chosen else ()), *cleared)
    if not after.is_logits and not _turns(output, after) and _is_softmax(output):
        return None
    if after.is_logits and "top_k" not in picks:
        raise CannotPair(f"{row.name} has no threshold for logits of several classes")
    if after.labels == "numbers":
        raise CannotPair(f"{row.name} needs one column per class")
    if not picks and row.name in {"precision", "recall"} and after.units == 2:
        return row.name, (("class_id", 1),)
    if not picks:
        raise CannotPair(f"{row.name} counts yes and no, and which class is meant is not said")
    return None


def _ranking(output: Output, metric: Metric, row: MetricRow, after: After) -> Chosen | None:
    if after.has_classes and after.labels == "numbers" and _turns(output, after):
        raise CannotPair(f"{row.name} needs one column per class")
    told = value(metric.from_logits)
    if after.is_logits and told is False and (after.has_classes or not row.from_logits):
        raise CannotPair(f"{row.name} cannot read logits")
    arguments: list[tuple[str, Written]] = []
    if row.from_logits and told is not None and told is not after.is_logits:
        arguments.append(("from_logits", True if after.is_logits else None))
    if _argument(metric, "multi_label") and (after.units == 1 or after.labels == "numbers"):
        arguments.append(("multi_label", False))
    return (row.name, tuple(arguments)) if arguments else None


def _loss(metric: Metric, row: MetricRow, after: After) -> Chosen | None:
    """A cross-entropy that is measured is the one that is trained."""
    loss = knowledge.losses().get(row.name)
    if loss is None or loss.family not in CROSSENTROPIES:
        return None
    rows = {"numbers": "sparse_categorical_crossentropy", "rows": "categorical_crossentropy"}
    name = rows[after.labels] if after.has_classes else "binary_crossentropy"
    told = value(metric.from_logits)
    if loss.focal:
        raise CannotPair(f"{row.name} as a metric is known for one kind of output only")
    if name == row.name and told is after.is_logits:
        return None
    return name, (("from_logits", True),) if after.is_logits else (("from_logits", None),) if told else ()


def _moved(metric: Metric, row: MetricRow, after: After, parameter: str) -> Chosen | None:
    """The metric with its threshold in the numbers that the head returns; one that is the default goes."""
    given = metric.threshold
    if not isinstance(given, Known):
        return None
    today = row.threshold if given.value is None else given.value
    if not isinstance(today, int | float):
        return None
    moved = after.moved(today)
    if row.name in CONFUSIONS and not 0 <= moved <= 1:
        raise CannotPair(f"{row.name} takes no threshold of {moved:g}")
    written = None if moved == row.threshold else moved
    return (row.name, ((parameter, written),)) if moved != today else None


def _argument(metric: Metric, name: str) -> object:
    """What the program passes, None for a default; an unknown value counts as passed."""
    given = dict(metric.arguments).get(name)
    return given.value if isinstance(given, Known) else given


def _turns(output: Output, after: After) -> bool:
    """Whether the family of the loss changes, or the number of units: then the units answer something else."""
    if value(output.head.units) != after.units:
        return True
    today, then = knowledge.losses().get(value(output.loss.name) or ""), knowledge.losses().get(after.loss)
    return today is None or then is None or today.family != then.family


def _is_softmax(output: Output) -> bool:
    return bool(value(output.head.activation) == "softmax")


# ---------------------------------------------------------------- decodings


def decodings_after(output: Output, after: After) -> Iterator[Change]:
    """The decodings that must change."""
    for decoding in output.decodings:
        if after.has_classes:
            if decoding.kind in {"threshold", "round"} and not _decides_as_argmax(output, after):
                yield SetArgmax(decoding, -1)
        elif decoding.kind == "predict_classes":
            if after.units != 1 or after.is_logits:
                yield SetThreshold(decoding, after.turning_point)
        elif decoding.kind == "argmax":
            if runs_over_units(output, decoding):
                yield SetThreshold(decoding, after.turning_point)
        else:
            yield from _moved_threshold(decoding, after)


def _moved_threshold(decoding: Decoding, after: After) -> Iterator[Change]:
    today = HALFWAY if decoding.kind == "round" else value(decoding.threshold)
    if decoding.kind in {"threshold", "round"} and today is not None and after.moved(today) != today:
        yield SetThreshold(decoding, after.moved(today))


def _decides_as_argmax(output: Output, after: After) -> bool:
    """Of two shares one is above one half; and it is what the program reads today."""
    return after.units == 2 and not after.is_logits and _is_softmax(output)
