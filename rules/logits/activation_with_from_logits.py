"""An activated head under a loss that was told to expect raw scores."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from mllint.facts import TrainingSetup
from mllint.findings import Problem, Severity
from mllint.repairs import Repair
from mllint.rules import Rule
from mllint.rules.marks import loss_first
from mllint.rules.repairing.pairings import Pairing, kind_of_output
from mllint.rules.repairing.ways_out import as_safe, by_labels, offered
from mllint.rules.views.logit_recovery import HALF_PRECISION, is_measured_to_recover, why_lost
from mllint.rules.views.pairs import Pair, judged_pairs, value

RECOVERED = (
    "trains right only because Keras on TensorFlow takes the logits back (and warns); wrong on JAX and PyTorch, "
    "after a Reshape, in float16, and in loss(y, model.predict(x))"
)


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for pair in judged_pairs(setup):
        if pair.from_logits and not pair.is_logits_op and _activation_fits(pair):
            lost = why_lost(setup, pair)
            yield Problem(
                severity=_severity(pair, lost),
                message=f"{pair.text}: {RECOVERED if lost is None else _twice(pair, lost)}",
                marks=loss_first(setup, pair.output, "expects raw scores", f"returns {pair.activation} values already"),
                help=("from_logits=False in the loss", "no activation on the head"),
                repairs=_repairs(setup, pair, lost),
            )


def _severity(pair: Pair, lost: str | None) -> Severity:
    if lost is not None:
        return Severity.ERROR
    # What a program or a file states may be run elsewhere; this model was run here, and trains right to the bit.
    return Severity.INFO if is_measured_to_recover(pair) else Severity.WARNING


def _activation_fits(pair: Pair) -> bool:
    """Mismatched pairs are reported as such: without from_logits=True they would still be wrong."""
    wanted = "unit" if pair.family == "binary" else "distribution"
    return pair.is_crossentropy and pair.range == wanted


def _twice(pair: Pair, lost: str) -> str:
    again = "sigmoid" if pair.family == "binary" else "softmax"
    return f"{again} is applied twice in the loss, because {lost}"


def _repairs(setup: TrainingSetup, pair: Pair, lost: str | None) -> tuple[Repair, ...]:
    """Where Keras takes the logits back, not asking for it changes nothing but the noise."""
    output, kind = pair.output, kind_of_output(pair.output)
    if kind is None:
        return by_labels(setup, output)
    told = offered(setup, output, Pairing(kind, "probabilities"), "unsafe")
    raw = offered(setup, output, Pairing(kind, "logits"), "unsafe")
    if value(output.head.dtype) in HALF_PRECISION:
        return raw  # 16 bits hold logits, and not the probabilities of confident mistakes
    return (
        *(as_safe(output, told) if lost is None else told),
        *(replace(repair, applicability="suggestion") for repair in raw),
    )


RULE = Rule(
    code="MLL202",
    summary="a softmax or sigmoid head is trained with from_logits=True",
    since="0.1.0",
    judge=judge,
)
