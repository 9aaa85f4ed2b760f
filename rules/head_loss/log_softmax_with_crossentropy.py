"""Log-probabilities under a cross-entropy that takes the logarithm itself."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import TrainingSetup
from mllint.findings import Problem, Severity
from mllint.repairs import Repair
from mllint.rules import Rule
from mllint.rules.marks import loss_first
from mllint.rules.repairing.pairings import Pairing, kind_of_output
from mllint.rules.repairing.ways_out import as_safe, by_labels, offered
from mllint.rules.views.pairs import Pair, judged_pairs


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for pair in judged_pairs(setup):
        if pair.range == "log" and pair.is_crossentropy and pair.from_logits is False:
            yield Problem(
                severity=Severity.WARNING if pair.focal and pair.family == "binary" else Severity.ERROR,
                message=f"{pair.text}: the outputs are logarithms, at most 0, and the loss clips them all to 0",
                marks=loss_first(setup, pair.output, "wants probabilities", "returns logarithms of probabilities"),
                help=_ways_out(pair),
                repairs=_repairs(setup, pair),
            )
        elif pair.activation == "log_softmax" and pair.family == "binary" and pair.from_logits:
            yield Problem(
                severity=Severity.ERROR if pair.encoding == "multi-hot" else Severity.INFO,
                message=f"{pair.text}: the units share one distribution, the loss decides each by itself",
                marks=loss_first(setup, pair.output, "decides each unit by itself", "makes the units share one 1"),
                help=("if several classes may apply: no activation on the head", "else: a categorical cross-entropy"),
                repairs=by_labels(setup, pair.output, "logits"),
            )


def _ways_out(pair: Pair) -> tuple[str, ...]:
    if pair.activation == "log_softmax" and pair.family != "binary":
        return ("from_logits=True in the loss, which log_softmax leaves unchanged", "activation='softmax'")
    return ("no activation, and from_logits=True in the loss",)


def _repairs(setup: TrainingSetup, pair: Pair) -> tuple[Repair, ...]:
    """Telling the loss leaves the head as it is: log_softmax of log-probabilities changes nothing."""
    kind = kind_of_output(pair.output)
    if kind is None:
        return ()
    told = offered(setup, pair.output, Pairing(kind, "logits"), "unsafe")
    return (
        *as_safe(pair.output, told),
        *offered(setup, pair.output, Pairing(kind, "probabilities"), "suggestion"),
    )


RULE = Rule(
    code="MLL108",
    summary="a log_softmax head is trained with a cross-entropy that wants probabilities",
    since="0.1.0",
    judge=judge,
)
