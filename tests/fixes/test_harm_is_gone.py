"""What the pages call bad does measured harm under real Keras, and does it no more once mllint has fixed it.

Bad and fixed program run on the same data, which can be learned (retraining.py). Each rule names its harm, how much of
it the bad program shows at least, and how much the fixed one may show at most.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import pytest

from mllint import engine, registry
from mllint.fixes.plan import interactive
from mllint.settings import Settings
from tests.fixes import harm
from tests.fixes.retraining import EASY, HARD, retrain

pytest.importorskip("tensorflow")
pytestmark = pytest.mark.tensorflow


class Claim(NamedTuple):
    """The harm of a rule's first bad program."""

    harm: harm.Harm
    before: float
    after: float
    noise: float = EASY


CLAIMS = {
    "sigmoid-with-categorical-crossentropy": Claim(harm.wrong_decisions, 0.3, 0.1),
    "sigmoid-with-sparse-categorical-crossentropy": Claim(harm.no_distribution, 0.3, 1e-3),
    "softmax-with-binary-crossentropy": Claim(harm.hidden_in_training, 2e-3, 1e-4),
    "one-unit-softmax": Claim(harm.wrong_decisions, 0.3, 0.1),
    "one-unit-head-with-categorical-loss": Claim(harm.wrong_decisions, 0.3, 0.1),
    "relu-with-crossentropy": Claim(harm.wrong_decisions, 0.3, 0.1),
    "tanh-with-crossentropy": Claim(harm.wrong_decisions, 0.1, 0.1),
    "log-softmax-with-crossentropy": Claim(harm.wrong_decisions, 0.5, 0.1),
    "unnormalised-head-with-kl-divergence": Claim(harm.no_distribution, 0.5, 1e-3),
    "negative-head-with-poisson": Claim(harm.wrong_decisions, 0.5, 0.4),
    "hinge-with-one-sided-head": Claim(harm.wrong_decisions, 0.05, 0.04),
    "regression-loss-on-class-labels": Claim(harm.no_distribution, 0.1, 1e-3),
    "logits-without-from-logits": Claim(harm.wrong_decisions, 0.1, 0.1),
    "activation-with-from-logits": Claim(harm.hidden_in_training, 0.1, 1e-3),
    "activation-with-logits-op": Claim(harm.loss_in_loop(harm.crossentropy_of_probabilities), 1e-3, 1e-4),
    "relu-on-logits": Claim(harm.wrong_decisions, 0.1, 0.1),
    "activation-applied-twice": Claim(harm.surprise, 0.5, 0.3),
    "scaled-probabilities": Claim(harm.beyond_probabilities, 1, 1e-6),
    "unknown-identifier": Claim(harm.raises, 1, 0),
    "swapped-loss-arguments": Claim(harm.loss_in_loop(harm.crossentropy_of_labels), 0.1, 1e-3),
    "softmax-with-multi-hot-labels": Claim(harm.wrong_decisions, 0.2, 0.1),
    "integer-labels-with-categorical-crossentropy": Claim(harm.raises, 1, 0),
    "one-hot-labels-with-sparse-categorical-crossentropy": Claim(harm.raises, 1, 0),
    "units-fewer-than-classes": Claim(harm.raises, 1, 0),
    "label-columns-unlike-units": Claim(harm.raises, 1, 0),
    "class-ids-on-one-unit": Claim(harm.wrong_decisions, 0.3, 0.1),
    "signed-labels-with-crossentropy": Claim(harm.wrong_decisions, 0.03, 0.01),
    "continuous-targets-with-crossentropy": Claim(harm.wrong_decisions, 2, 1),
    "bounded-head-with-unbounded-targets": Claim(harm.wrong_decisions, 2, 1),
    "negative-targets-on-relu": Claim(harm.wrong_decisions, 0.4, 0.1),
    "one-hot-labels-on-independent-sigmoids": Claim(harm.no_distribution, 0.3, 1e-3),
    "label-smoothing-with-sparse-crossentropy": Claim(harm.raises, 1, 0),
    "accuracy-on-multi-label": Claim(harm.misreported(harm.share_of_right_answers), 0.2, 1e-4),
    "accuracy-on-regression": Claim(harm.misreported(harm.mean_error), 1, 1),
    "accuracy-on-signed-labels": Claim(harm.misreported(harm.share_of_right_answers), 0.2, 1e-4),
    "argmax-metric-on-one-unit": Claim(harm.misreported(harm.share_of_right_answers), 1e-3, 1e-4, HARD),
    "auc-on-logits": Claim(harm.misreported(harm.area_under_curve), 1e-3, 5e-3, HARD),
    "bare-string-metrics": Claim(harm.raises, 1, 0),
    "exact-accuracy": Claim(harm.misreported(harm.share_of_right_answers), 0.5, 1e-4),
    "f-score-without-threshold": Claim(harm.misreported(harm.f_score), 0.1, 1e-4, HARD),
    "mean-iou-on-probabilities": Claim(harm.misreported(harm.intersection_over_union), 0.2, 1e-4),
    "metric-for-other-labels": Claim(harm.misreported(harm.share_of_right_answers), 0.2, 1e-4),
    "precision-over-softmax-columns": Claim(harm.misreported(harm.precision_of_class_1), 1e-4, 1e-5, HARD),
    "thresholded-metric-on-logits": Claim(harm.misreported(harm.share_of_right_answers), 1e-4, 1e-5, HARD),
    "argmax-of-one-unit": Claim(harm.misread("classes"), 0.3, 0.1),
    "argmax-on-multi-label": Claim(harm.misread("labels"), 0.9, 0.1),
    "removed-predict-classes": Claim(harm.raises, 1, 0),
    "threshold-on-softmax": Claim(harm.undecided("answers"), 0.01, 0, HARD),
    "threshold-on-logits": Claim(harm.unlike_sign("classes"), 0.01, 0, HARD),
    "loss-read-as-accuracy": Claim(harm.figure_called_accuracy, 0.1, 1e-6, HARD),
    "monitor-never-logged": Claim(harm.warned, 1, 0),
    "monitor-in-wrong-direction": Claim(harm.epochs_not_trained, 9, 8, HARD),
    "top-k-of-all-classes": Claim(harm.misreported(harm.share_of_right_answers), 0.2, 1e-4, HARD),
    "units-more-than-classes": Claim(harm.unused_units, 1, 0),
    "scaled-class-ids": Claim(harm.wrong_decisions, 0.9, 0.1),
    "dropout-on-logits": Claim(harm.noise_in_training, 1, 0.1),
    "half-precision-head": Claim(harm.stuck_in_a_mistake, 1, 0),
}


def program(rule: str) -> str:
    """The first program that the rule's page calls bad."""
    bad = registry.find(rule).page().partition("\n## Bad\n")[2].partition("\n## Good\n")[0]
    return re.findall(r"^```python\n(.*?)^```$", bad, re.MULTILINE | re.DOTALL)[0]


def fixed(rule: str, text: str) -> str:
    """The program after the rule's best repair, and what else mllint then finds to repair."""
    plan = interactive(lambda finding, offers: offers[0].repair)
    settings = Settings(pedantic=True)
    report = engine.fix_source(text.encode(), "page.py", settings, plan)
    assert rule in {one.rule for one in report.applied}, f"{report.applied}, {report.refused}"
    assert report.rewrite is not None
    return report.rewrite.after.decode()


@pytest.mark.parametrize("rule", CLAIMS)
@pytest.mark.filterwarnings("ignore")
def test_the_harm_is_gone(rule: str) -> None:
    claim, text = CLAIMS[rule], program(rule)
    assert claim.harm(retrain(text, claim.noise)) >= claim.before
    after = retrain(fixed(rule, text), claim.noise)
    assert claim.harm is harm.wrong_decisions or after.raised is None, after.raised
    assert claim.harm(after) <= claim.after
