"""Head, loss and labels that belong together, and what must change to make an output such a setup.

A pairing says what the units answer (one question, one class out of several, several labels) and what comes out
(probabilities or logits). Which loss belongs to which head and labels: semantics of Keras' own losses, measured on the
pages of the head-loss rules.
"""

from __future__ import annotations

from dataclasses import dataclass

from mllint.facts import Known, Output, Stage, TrainingSetup, Unknown
from mllint.repairs import Change, SetActivation, SetLabels, SetLoss, SetUnits
from mllint.rules import knowledge
from mllint.rules.knowledge.rows import LossRow
from mllint.rules.repairing.following import After, decodings_after, metrics_after
from mllint.rules.repairing.labels import PairedLabels, paired_labels
from mllint.rules.repairing.terms import CannotPair, Form, Kind
from mllint.rules.views.pairs import CROSSENTROPIES, SQUASHING, value
from mllint.rules.views.ranges import range_of
from mllint.rules.views.stages import PASSES_VALUES_ON, activation_name, acts, last_activation, runs_over_last_axis

REPLACEABLE = CROSSENTROPIES | {"regression", "hinge", "divergence"}
"""Families of losses in whose place a cross-entropy may stand; the others were chosen for what they measure."""


@dataclass(frozen=True, slots=True)
class Pairing:
    """What an output is to be."""

    kind: Kind
    form: Form

    @property
    def activation(self) -> str:
        if self.form == "logits":
            return "linear"
        return "softmax" if self.kind == "multi-class" else "sigmoid"


@dataclass(frozen=True, slots=True)
class _Goal:
    """Head, loss and labels as the pairing wants them."""

    activation: str
    loss: str
    from_logits: bool
    labels: PairedLabels

    @property
    def units(self) -> int | None:
        return self.labels.units


def as_pairing(setup: TrainingSetup, output: Output, pairing: Pairing) -> tuple[Change, ...]:
    """Everything that must change to make `output` of `setup` such a pairing; empty where it is one already.

    Figures stay under the names they are logged under, so callbacks and histories find them. Raises CannotPair.
    """
    goal = _goal(output, pairing)
    changes: list[Change] = []
    if goal.labels.encoding is not None:
        changes.append(SetLabels(output.labels, goal.labels.encoding, goal.labels.classes))
    if goal.units is not None and goal.units != value(output.head.units):
        changes.append(SetUnits(output.head, goal.units))
    if goal.activation != value(output.head.activation):
        changes.append(SetActivation(output.head, goal.activation))
    if (goal.loss, goal.from_logits) != (value(output.loss.name), bool(value(output.loss.from_logits))):
        changes.append(SetLoss(output.loss, goal.loss, goal.from_logits))
    after = After(pairing.kind, pairing.form, goal.labels.form, goal.units, goal.loss)
    return (*changes, *metrics_after(setup, output, after), *decodings_after(output, after))


def in_words(output: Output, pairing: Pairing) -> str:
    """The pairing as an order: "train a sigmoid head with binary_crossentropy". Raises CannotPair."""
    goal = _goal(output, pairing)
    loss = f"{goal.loss}(from_logits=True)" if goal.from_logits else goal.loss
    if goal.units is not None and goal.units != value(output.head.units):
        name = "" if goal.activation == "linear" else f"{goal.activation} "
        return f"train {goal.units} {name}unit{'s' if goal.units != 1 else ''} with {loss}"
    return f"train {'raw scores' if goal.activation == 'linear' else f'a {goal.activation} head'} with {loss}"


def kind_of_labels(output: Output) -> Kind | None:
    """What the labels say that the units answer; None where they are not known or say neither."""
    encoding, classes = value(output.labels.encoding), value(output.labels.classes)
    if encoding == "multi-hot":
        return "multi-label"
    if encoding in {"one-hot", "distribution"}:
        return "multi-class"
    if encoding not in {"integer", "binary"}:
        return None
    units = value(output.head.units)
    if units != 1:
        return "multi-class" if encoding == "integer" or units is not None else None
    if encoding == "binary" or classes == 2 or value(output.labels.high) == 1:
        return "binary"
    return "multi-class" if classes is not None else None


def kind_of_output(output: Output) -> Kind | None:
    """What the labels say, or else the loss: its family and the number of units."""
    row = _loss_row(output)
    by_labels = kind_of_labels(output)
    if by_labels is not None or row is None or isinstance(output.labels.encoding, Known):
        return by_labels
    if row.family == "binary":
        # Of an unknown number of units each answers for itself, whether there is one or several.
        return "binary" if value(output.head.units) == 1 else "multi-label"
    return "multi-class" if row.family in {"categorical", "sparse", "divergence"} else None


# ---------------------------------------------------------------- the goal


def _goal(output: Output, pairing: Pairing) -> _Goal:
    row = _pairable_loss(output)
    labels = paired_labels(output, row, pairing.kind)
    activation = _activation(output, pairing)
    loss = _loss(row, pairing, labels)
    return _Goal(activation, loss, pairing.form == "logits", labels)


def _loss_row(output: Output) -> LossRow | None:
    return knowledge.losses().get(output.loss.name.value) if isinstance(output.loss.name, Known) else None


def _pairable_loss(output: Output) -> LossRow:
    loss = output.loss
    if loss.spelling == "missing":
        raise CannotPair("no loss is given")
    if isinstance(loss.name, Unknown):
        raise CannotPair(loss.name.reason)
    row = knowledge.losses().get(loss.name.value)
    if row is None or row.family not in REPLACEABLE:
        raise CannotPair(f"{loss.name.value} is no loss that a cross-entropy may replace")
    if row.family in CROSSENTROPIES:
        if all(spelling.from_logits is None for spelling in row.spellings):
            raise CannotPair(f"{row.name} takes no logits")
        if not isinstance(loss.from_logits, Known):
            raise CannotPair(loss.from_logits.reason)
        if value(loss.axis) != -1:
            raise CannotPair("the loss compares along another axis than the last")
    return row


def _loss(row: LossRow, pairing: Pairing, labels: PairedLabels) -> str:
    if pairing.kind != "multi-class":
        return "binary_focal_crossentropy" if row.focal else "binary_crossentropy"
    if row.family == "divergence" and pairing.form == "probabilities" and labels.form == "rows":
        return row.name
    if labels.form == "rows":
        return "categorical_focal_crossentropy" if row.focal else "categorical_crossentropy"
    if row.focal:
        raise CannotPair("Keras has no focal loss for class numbers")
    return "sparse_categorical_crossentropy"


def _activation(output: Output, pairing: Pairing) -> str:
    """The activation of today where it fits, else the usual one."""
    head = output.head
    if isinstance(head.activation, Unknown):
        raise CannotPair(head.activation.reason)
    today: str = head.activation.value
    last = last_activation(head)
    if last is not None and not runs_over_last_axis(last.axis):
        raise CannotPair("the activation runs along another axis than the last")
    if range_of(today) is None:
        raise CannotPair(f"{today} has no range that is known")
    if _fits(today, pairing):
        return today
    _check_that_the_last_step_can_change(output, pairing)
    return pairing.activation


def _fits(activation: str, pairing: Pairing) -> bool:
    found = range_of(activation)
    if pairing.form == "logits":
        # log_softmax leaves log-probabilities as they are, so it is right under a softmax of the loss.
        return found == "unbounded" or (activation == "log_softmax" and pairing.kind == "multi-class")
    return found == ("distribution" if pairing.kind == "multi-class" else "unit")


def _check_that_the_last_step_can_change(output: Output, pairing: Pairing) -> None:
    acting = [stage for stage in output.head.stages if acts(stage)]
    if len(acting) > 1 and (pairing.form == "logits" or activation_name(acting[0]) in SQUASHING):
        raise CannotPair("several activations follow each other")
    if not acting and any(_changes_values(stage) for stage in output.head.stages):
        raise CannotPair("the scores are changed before they come out")


def _changes_values(stage: Stage) -> bool:
    return stage.role not in PASSES_VALUES_ON and stage.role not in {"scores", "activation"}
