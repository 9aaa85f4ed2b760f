"""An activated head in a TensorFlow function that activates by itself."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import TrainingSetup
from mllint.findings import Problem, Severity
from mllint.repairs import Repair
from mllint.rules import Rule
from mllint.rules.marks import head_first
from mllint.rules.repairing.pairings import Pairing, kind_of_output
from mllint.rules.repairing.ways_out import offered
from mllint.rules.views.pairs import Pair, judged_pairs


def judge(setup: TrainingSetup) -> Iterator[Problem]:
    for pair in judged_pairs(setup):
        if pair.is_logits_op and pair.is_crossentropy and pair.range in {"unit", "distribution"}:
            yield Problem(
                severity=Severity.ERROR,
                message=(
                    f"{pair.text}: {_again(pair)} is applied on top of {pair.activation}, "
                    "and TensorFlow's own functions never take the logits back"
                ),
                marks=head_first(setup, pair.output, "returns activated values", f"applies {_again(pair)} itself"),
                help=("no activation on the head", f"a Keras loss that takes {pair.activation} values"),
                repairs=_repairs(setup, pair),
            )


def _again(pair: Pair) -> str:
    return "sigmoid" if pair.family == "binary" else "softmax"


def _repairs(setup: TrainingSetup, pair: Pair) -> tuple[Repair, ...]:
    kind = kind_of_output(pair.output)
    if kind is None:
        return ()
    title = f"leave the {pair.activation} to the loss" if _again(pair) == pair.activation else None
    return offered(setup, pair.output, Pairing(kind, "logits"), "unsafe", title)


RULE = Rule(
    code="MLL203",
    summary="a softmax or sigmoid head feeds a TensorFlow loss function that takes logits",
    since="0.1.0",
    judge=judge,
)
