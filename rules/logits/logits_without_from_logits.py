"""Raw scores taken for probabilities."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from mllint.facts import TrainingSetup
from mllint.findings import Problem, Severity
from mllint.repairs import Repair
from mllint.rules import Rule
from mllint.rules.marks import loss_first
from mllint.rules.repairing.pairings import Pairing, kind_of_output
from mllint.rules.repairing.ways_out import as_safe, by_labels, offered, only_tells_the_loss
from mllint.rules.views.pairs import Pair, judged_pairs


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for pair in judged_pairs(setup):
        if pair.is_crossentropy and pair.from_logits is False and _is_no_probability(pair):
            yield Problem(
                severity=Severity.WARNING if pair.family == "binary" else Severity.ERROR,
                message=f"{pair.text}: the raw scores are clipped to 0 and 1 and taken for probabilities",
                marks=loss_first(
                    setup, pair.output, "wants probabilities unless from_logits=True", "returns raw scores"
                ),
                help=("from_logits=True in the loss", f"activation='{_right_activation(pair)}' on the head"),
                repairs=_repairs(setup, pair),
            )


def _is_no_probability(pair: Pair) -> bool:
    # A categorical cross-entropy divides each row by its sum, which makes a distribution of positive scores.
    return pair.range == "unbounded" or (pair.range == "positive" and pair.family == "binary")


def _right_activation(pair: Pair) -> str:
    return "sigmoid" if pair.family == "binary" else "softmax"


def _repairs(setup: TrainingSetup, pair: Pair) -> tuple[Repair, ...]:
    """Metrics and thresholds that already read the scores as probabilities say which of the two was meant."""
    output, kind = pair.output, kind_of_output(pair.output)
    if kind is None:
        return by_labels(setup, output, "logits")
    raw = offered(setup, output, Pairing(kind, "logits"), "unsafe")
    if pair.family != "binary":
        raw = as_safe(output, raw)  # the largest score stays the answer, wherever it is looked for
    activated = offered(setup, output, Pairing(kind, "probabilities"), "unsafe")
    if pair.activation == "linear" and all(only_tells_the_loss(output, repair.changes) for repair in raw):
        return (*raw, *(replace(repair, applicability="suggestion") for repair in activated))
    return (*activated, *(replace(repair, applicability="suggestion") for repair in raw))


RULE = Rule(
    code="MLL201",
    summary="a head without softmax or sigmoid is trained with a cross-entropy that wants probabilities",
    since="0.1.0",
    judge=judge,
)
