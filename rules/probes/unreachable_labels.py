"""Labels that the head does not get to, however its scores move."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.facts import Output, TrainingSetup
from mllint.findings import Problem, Severity
from mllint.measured import Measured
from mllint.rules import Rule
from mllint.rules.causes import unexplained
from mllint.rules.described import figure, pair_of, right_pairing
from mllint.rules.marks import loss_first


def find(setup: TrainingSetup, output: Output, measured: Measured) -> Iterator[Problem]:
    verdict = _verdict(measured)
    if verdict is not None:
        severity, consequence = verdict
        yield Problem(
            severity=severity,
            message=f"{pair_of(output)}: {consequence}",
            marks=loss_first(setup, output, "is smallest somewhere else", "its scores were free to move"),
            help=(f"for these labels: {right_pairing(output)}",),
        )


def _verdict(measured: Measured) -> tuple[Severity, str] | None:
    found = measured.elicitation
    if found is None:
        return None
    if found.reached == "inconsistent":
        return Severity.ERROR, "free scores that minimise the loss never give the right answer for labels like these"
    if found.reached == "fragile":
        return Severity.INFO, f"free scores get to the right answer from {found.clean:.0%} of the starts only"
    if found.reached == "noise-inconsistent":
        return Severity.INFO, "the smallest loss is not at the likeliest answer where labels are noisy"
    if found.reached == "decision-only" and found.gap is not None:
        return (
            Severity.INFO,
            f"decisions can be right, but outputs are off the labels' frequencies by {figure(found.gap)}",
        )
    return None


RULE = Rule(
    code="MLL709",
    summary="the scores that minimise the loss give a wrong answer for labels like those of the batch",
    since="0.1.0",
    judge=unexplained(find, "MLL709"),
)
