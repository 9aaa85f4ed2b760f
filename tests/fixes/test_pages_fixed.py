"""Every program that a page calls bad is fixed in each way that its rule offers, read again, and found clean.

What cannot be carried out is refused with the reason that is expected here; which rules offer nothing, and why, too.
"""

from __future__ import annotations

import pytest

from mllint import registry
from mllint.findings import Finding
from mllint.fixes.proof import Proof, prove
from mllint.fixes.refusal import Refused
from mllint.fixes.version import Version
from mllint.repairs import Repair
from mllint.rule_tests.programs import Program
from mllint.settings import Settings
from tests.rules.test_pages import PROGRAMS

MEASURED = {rule.name for rule in registry.rules() if rule.family == "probes"}
"""The rules on measurements of a live model, which has no text to change."""
BAD = [program for program in PROGRAMS if program.section == "Bad" and program.rule not in MEASURED]

WITHOUT_REPAIR = {
    "loss-list-on-one-output": "whether one loss or the sum of all was meant, only the author knows",
    "losses-do-not-fit-outputs": "which output a loss was meant for, only the author knows",
    "string-labels": "the order of the classes is not in the program",
    "class-weight-with-multi-hot-labels": "weights for each label need a loss of the author's own",
    "class-weight-missing-class": "the weight of the missing class is the author's to choose",
}
"""The rules none of whose bad programs can be fixed, with the reason."""

SOME_WITHOUT = {
    "precision-over-softmax-columns-bad-2": "of several classes only the author knows which one counts",
    "continuous-targets-with-crossentropy-bad-3": "pixels are scaled where they are read, for inputs and targets alike",
    "metric-for-other-labels-bad-3": "which class counts is the author's to say, or none: then the metric goes",
}
"""Programs without a repair, of rules that have one for others."""


def findings(program: Program) -> list[tuple[Finding, tuple[Repair, ...], Version]]:
    version = Version.of("page.py", program.text.encode(), Settings(pedantic=True))
    found = [(finding, version.cause(finding)) for finding in version.findings]
    return [(finding, cause.problem.repairs, version) for finding, cause in found if cause is not None]


@pytest.mark.parametrize("program", BAD, ids=lambda program: program.label)
def test_each_way_out_ends_clean(program: Program) -> None:
    for finding, repairs, version in findings(program):
        for repair in repairs:
            outcome = _outcome(repair, finding, version)
            assert not isinstance(outcome, str), f"{repair.title}: {outcome}"
            assert _left(outcome) == [], repair.title


@pytest.mark.parametrize("program", BAD, ids=lambda program: program.label)
def test_the_first_way_out_leads_somewhere(program: Program) -> None:
    """What is offered first can be carried out."""
    for finding, repairs, version in findings(program):
        if finding.rule in WITHOUT_REPAIR or program.label in SOME_WITHOUT:
            assert repairs == ()
            continue
        assert repairs, finding.message
        assert isinstance(_outcome(repairs[0], finding, version), Proof)


def test_the_rules_without_repair_are_rules() -> None:
    assert WITHOUT_REPAIR.keys() <= {rule.name for rule in registry.rules()}
    assert SOME_WITHOUT.keys() <= {program.label for program in BAD}


def test_titles_are_orders_of_one_rule_each() -> None:
    for program in BAD:
        for _, repairs, _ in findings(program):
            titles = [repair.title for repair in repairs]
            assert len(titles) == len(set(titles)), program.label
            assert all(title[0].islower() and not title.endswith(".") and len(title) <= 90 for title in titles), titles


def _outcome(repair: Repair, finding: Finding, version: Version) -> Proof | str:
    try:
        return prove(repair, finding, version)
    except Refused as refusal:
        return refusal.reason


def _left(proof: Proof) -> list[str]:
    return [finding.rule for finding in proof.after.findings]
