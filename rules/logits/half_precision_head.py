"""A head that computes in 16 bits."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import Known, TrainingSetup
from mllint.findings import Problem, Severity
from mllint.repairs import Repair, SetDtype
from mllint.rules import Rule
from mllint.rules.marks import head_first
from mllint.rules.views.pairs import Pair, judged_pairs, value

LARGEST_FLOAT16 = 65504.0


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for pair in judged_pairs(setup):
        dtype = value(pair.output.head.dtype)
        if dtype == "float16" and pair.family == "regression" and pair.range in {"unbounded", "positive", "rectified"}:
            yield _regression(setup, pair)
        elif dtype in {"float16", "bfloat16"} and _is_matching_crossentropy(pair):
            yield _classification(setup, pair, dtype)


def _regression(setup: TrainingSetup, pair: Pair) -> Problem:
    return Problem(
        severity=_regression_severity(setup, pair),
        message=f"float16 head with {pair.loss}: values above 65504 are infinite, and the loss with them",
        marks=head_first(setup, pair.output, "computes in float16", "squares or sums what it gets"),
        help=("dtype='float32' on the last layer",),
        repairs=(_in_float32(pair),),
    )


def _regression_severity(setup: TrainingSetup, pair: Pair) -> Severity:
    labels = pair.output.labels
    if any(isinstance(bound, Known) and abs(bound.value) > LARGEST_FLOAT16 for bound in (labels.low, labels.high)):
        return Severity.ERROR
    # Keras 2 computes the loss in float16 too: the square of 300 is out of range.
    return Severity.WARNING if value(setup.framework) == "keras2" else Severity.INFO


def _classification(setup: TrainingSetup, pair: Pair, dtype: str) -> Problem:
    recovers = value(setup.framework) == "keras2"
    return Problem(
        severity=Severity.INFO if recovers else Severity.WARNING,
        message=f"{dtype} {pair.head_text} with {pair.loss_text}: {_consequence(recovers)}",
        marks=head_first(setup, pair.output, f"computes in {dtype}", "takes logarithms of it"),
        help=(f"Activation('{pair.activation}', dtype='float32') as the last layer",),
        repairs=(_in_float32(pair),),
    )


def _in_float32(pair: Pair) -> Repair:
    return Repair("compute the last layer in float32", "unsafe", (SetDtype(pair.output.head, "float32"),))


def _consequence(recovers: bool) -> str:
    if recovers:
        return "Keras 2 trains on the logits, but predict() returns rounded probabilities with ties"
    return "in Keras 3 a confident mistake rounds to 0 or 1 and gets no gradient"


def _is_matching_crossentropy(pair: Pair) -> bool:
    wanted = "unit" if pair.family == "binary" else "distribution"
    return pair.is_crossentropy and pair.range == wanted and pair.from_logits is False


RULE = Rule(
    code="MLL206",
    summary="the head computes in float16 or bfloat16",
    since="0.1.0",
    judge=judge,
)
