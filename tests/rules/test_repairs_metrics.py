"""What is done about metrics and callbacks: which figure takes the place of which, how sure that is, and under which
name it is logged."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from mllint.facts import Identifier, Metric, Output, Place, TrainingSetup
from mllint.findings import Problem
from mllint.repairs import RemoveMetric, Repair, SetLabels, SetMetric, SetMonitor, WrapInList
from mllint.rules import knowledge
from mllint.rules.views.logged_names import logged_name, name_by_default
from tests.rules.changed import changed
from tests.rules.test_metrics import BCE, CCE, LOGITS, MSE, MULTI_LABEL, SCCE, WRONG, measured, metric, monitored

ONE = ("sigmoid", 1, BCE, False, None)
SOFTMAX = ("softmax", 10, CCE, False, None)
NUMBERS = ("linear", 1, MSE, None, "continuous")


def repairs(judgement: list[tuple[str, Problem]], rule: str) -> tuple[Repair, ...]:
    (found,) = [problem.repairs for name, problem in judgement if name == rule]
    return found


def ways(found: tuple[Repair, ...]) -> list[tuple[str, str, dict[str, Any]]]:
    """Level, metric and arguments of each repair that sets one metric."""
    changes = [(repair.applicability, change) for repair in found for change in repair.changes]
    return [(level, one.name, dict(one.arguments)) for level, one in changes if isinstance(one, SetMetric)]


@pytest.mark.parametrize(
    ("pair", "given", "rule", "expected"),
    [
        (MULTI_LABEL, metric("accuracy"), "accuracy-on-multi-label", [("unsafe", "binary_accuracy", {})]),
        (
            ("linear", 10, BCE, True, "multi-hot"),
            metric("accuracy"),
            "accuracy-on-multi-label",
            [("unsafe", "binary_accuracy", {"threshold": 0})],
        ),
        (
            ("sigmoid", 10, BCE, False, None),
            metric("accuracy"),
            "accuracy-on-multi-label",
            [("suggestion", "binary_accuracy", {})],
        ),
        (
            LOGITS,
            metric("accuracy"),
            "thresholded-metric-on-logits",
            [("safe", "binary_accuracy", {"threshold": 0})],
        ),
        (LOGITS, metric("recall"), "thresholded-metric-on-logits", [("safe", "recall", {"thresholds": 0})]),
        (LOGITS, metric("binary_iou"), "thresholded-metric-on-logits", [("safe", "binary_iou", {"threshold": 0})]),
        (
            LOGITS,
            metric("precision", thresholds=0.7),
            "thresholded-metric-on-logits",
            [("unsafe", "precision", {"thresholds": 0.847})],
        ),
        (
            LOGITS,
            metric("binary_accuracy", threshold=0.3),
            "thresholded-metric-on-logits",
            [("unsafe", "binary_accuracy", {"threshold": -0.847})],
        ),
        (LOGITS, metric("recall", thresholds=0.3), "thresholded-metric-on-logits", []),
        (("linear", 10, CCE, True, "one-hot"), metric("precision"), "thresholded-metric-on-logits", []),
        (
            ("linear", 10, CCE, True, "one-hot"),
            metric("binary_accuracy"),
            "thresholded-metric-on-logits",
            [("unsafe", "categorical_accuracy", {"name": "binary_accuracy"})],
        ),
        (LOGITS, metric("auc"), "auc-on-logits", [("safe", "auc", {"from_logits": True})]),
        (("linear", 10, CCE, True, "one-hot"), metric("auc"), "auc-on-logits", []),
        (LOGITS, metric("precision_at_recall"), "auc-on-logits", []),
        (
            ("softmax", 10, SCCE, False, None),
            metric("categorical_accuracy"),
            "metric-for-other-labels",
            [("safe", "sparse_categorical_accuracy", {"name": "categorical_accuracy"})],
        ),
        (
            ("softmax", 10, SCCE, False, None),
            metric("binary_accuracy"),
            "metric-for-other-labels",
            [("unsafe", "sparse_categorical_accuracy", {"name": "binary_accuracy"})],
        ),
        (
            ("softmax", 10, SCCE, False, None),
            metric("mean_squared_error"),
            "metric-for-other-labels",
            [("suggestion", "sparse_categorical_accuracy", {})],
        ),
        (
            SOFTMAX,
            metric("sparse_top_k_categorical_accuracy", k=3),
            "metric-for-other-labels",
            [("safe", "top_k_categorical_accuracy", {"name": "sparse_top_k_categorical_accuracy"})],
        ),
        (
            ONE,
            metric("categorical_accuracy"),
            "argmax-metric-on-one-unit",
            [("safe", "binary_accuracy", {"name": "categorical_accuracy"})],
        ),
        (
            LOGITS,
            metric("sparse_categorical_accuracy"),
            "argmax-metric-on-one-unit",
            [("safe", "binary_accuracy", {"name": "sparse_categorical_accuracy", "threshold": 0})],
        ),
        (
            ONE,
            metric("top_k_categorical_accuracy"),
            "argmax-metric-on-one-unit",
            [("unsafe", "binary_accuracy", {"name": "top_k_categorical_accuracy"})],
        ),
        (("linear", 1, MSE, None, None), metric("top_k_categorical_accuracy"), "argmax-metric-on-one-unit", []),
        (ONE, metric("exact_accuracy"), "exact-accuracy", [("safe", "binary_accuracy", {"name": "accuracy"})]),
        (
            ("softmax", 10, SCCE, False, None),
            metric("exact_accuracy", name="hits"),
            "exact-accuracy",
            [("safe", "sparse_categorical_accuracy", {})],
        ),
        (
            NUMBERS,
            metric("exact_accuracy"),
            "exact-accuracy",
            [("suggestion", "mean_absolute_error", {})],
        ),
        (("sigmoid", 10, BCE, False, None), metric("exact_accuracy"), "exact-accuracy", []),
        (ONE, metric("f1_score"), "f-score-without-threshold", [("safe", "f1_score", {"threshold": 0.5})]),
        (MULTI_LABEL, metric("f1_score"), "f-score-without-threshold", [("unsafe", "f1_score", {"threshold": 0.5})]),
        (LOGITS, metric("f1_score"), "f-score-without-threshold", []),
        (
            ("softmax", 5, CCE, False, "one-hot"),
            metric("top_k_categorical_accuracy"),
            "top-k-of-all-classes",
            [
                ("suggestion", "categorical_accuracy", {}),
                ("suggestion", "top_k_categorical_accuracy", {"k": 2}),
            ],
        ),
        (
            ("softmax", 2, SCCE, False, None),
            metric("sparse_top_k_categorical_accuracy"),
            "top-k-of-all-classes",
            [("suggestion", "sparse_categorical_accuracy", {})],
        ),
        (
            ("softmax", 2, CCE, False, None),
            metric("precision"),
            "precision-over-softmax-columns",
            [("suggestion", "precision", {"class_id": 1})],
        ),
        (SOFTMAX, metric("precision"), "precision-over-softmax-columns", []),
        (("softmax", 2, CCE, False, None), metric("true_positives"), "precision-over-softmax-columns", []),
        (
            ("softmax", 10, SCCE, False, None),
            metric("mean_iou", num_classes=10),
            "mean-iou-on-probabilities",
            [("safe", "mean_iou", {"sparse_y_pred": False})],
        ),
        (
            SOFTMAX,
            metric("mean_iou", num_classes=10),
            "mean-iou-on-probabilities",
            [("safe", "mean_iou", {"sparse_y_true": False, "sparse_y_pred": False})],
        ),
        (
            ("softmax", 10, MSE, None, None),
            metric("mean_iou", num_classes=10),
            "mean-iou-on-probabilities",
            [("unsafe", "mean_iou", {"sparse_y_pred": False})],
        ),
        (
            ONE,
            metric("mean_iou", num_classes=2),
            "mean-iou-on-probabilities",
            [("safe", "binary_iou", {"name": "mean_io_u"})],
        ),
        (ONE, metric("mean_iou"), "mean-iou-on-probabilities", []),
        (("sigmoid", 10, BCE, False, None), metric("mean_iou"), "mean-iou-on-probabilities", []),
    ],
    ids=str,
)
def test_the_figure_becomes_the_one_that_was_asked_for(
    pair: Any, given: Metric, rule: str, expected: Any, output: Any, setup_of: Any, judgement: Any
) -> None:
    setup = setup_of(measured(output(*pair), given))
    assert ways(repairs(judgement(setup), rule)) == expected


@pytest.mark.parametrize(("pair", "given", "rule", "severity"), WRONG, ids=str)
def test_nothing_is_left_of_the_problem_after_a_repair(
    pair: Any, given: Metric, rule: str, severity: str, output: Any, setup_of: Any, judgement: Any
) -> None:
    setup = setup_of(measured(output(*pair), given))
    others = {name for name, _ in judgement(setup)} - {rule}
    for repair in repairs(judgement(setup), rule):
        after = judgement(changed(setup, repair.changes))
        assert {name for name, _ in after} <= others, repair


@pytest.mark.parametrize("written", ["accuracy", "acc", "Accuracy"])
def test_a_figure_keeps_the_name_it_is_logged_under(written: str, output: Any, setup_of: Any, judgement: Any) -> None:
    setup = named(output(*LOGITS), written, setup_of)
    ((_, name, arguments),) = ways(repairs(judgement(setup), "thresholded-metric-on-logits"))
    assert (name, arguments) == ("binary_accuracy", {"name": written, "threshold": 0})


def test_a_name_of_the_programs_own_stays_without_being_set(output: Any, setup_of: Any, judgement: Any) -> None:
    setup = setup_of(measured(output(*ONE), metric("categorical_accuracy", name="hits")))
    ((_, _, arguments),) = ways(repairs(judgement(setup), "argmax-metric-on-one-unit"))
    assert "name" not in arguments


def named(made: Output, written: str, setup_of: Any) -> TrainingSetup:
    row = knowledge.metrics().identify(written)
    assert row is not None
    one = metric(row.name, "string")
    return setup_of(measured(made, one), identifiers=(Identifier("metric", written, one.place),))  # type: ignore[no-any-return]


@pytest.mark.tensorflow
def test_the_names_are_those_of_keras() -> None:
    import keras

    needed = {"num_classes": 2, "target_class_ids": [0]}
    for row in knowledge.metrics():
        for spelling in (one for one in row.spellings if one.kind == "class"):
            found = getattr(keras.metrics, spelling.symbol.rpartition(".")[2], None)
            if found is not None and 3 in row.keras:
                keras.utils.clear_session(free_memory=False)  # or the second of a kind is counted
                signature = spelling.signature
                required = [one for one in signature.parameters if one not in signature.defaults]
                assert found(**{one: needed.get(one, 0.5) for one in required}).name == name_by_default(row.name)


def test_without_its_string_in_sight_no_name_can_be_told(output: Any, setup_of: Any) -> None:
    setup = setup_of(measured(output(*ONE), metric("accuracy", "string")))
    assert logged_name(setup, setup.outputs[0].metrics[0]) is None


# ---------------------------------------------------------------- numbers


def test_an_error_takes_the_place_of_an_accuracy_and_callbacks_follow(
    output: Any, setup_of: Any, judgement: Any
) -> None:
    setup = monitored(output, setup_of, "val_accuracy", "accuracy", mode="max")
    setup = replace(setup, outputs=(measured(output(*NUMBERS), *setup.outputs[0].metrics),))
    (error,) = repairs(judgement(setup), "accuracy-on-regression")
    assert error.applicability == "suggestion"
    after = changed(setup, error.changes)
    assert [one.name for one in after.fits[0].monitors] == ["val_mean_absolute_error"]
    assert judgement(after) == []


def test_an_accuracy_of_numbers_may_go_where_nobody_waits_for_it(output: Any, setup_of: Any, judgement: Any) -> None:
    setup = named(output(*NUMBERS), "accuracy", setup_of)
    error, nothing = repairs(judgement(setup), "accuracy-on-regression")
    assert [type(one) for one in (*error.changes, *nothing.changes)] == [SetMetric, RemoveMetric]
    assert judgement(changed(setup, nothing.changes)) == []


def test_an_error_that_is_measured_already_is_not_measured_twice(output: Any, setup_of: Any, judgement: Any) -> None:
    setup = named(output(*NUMBERS), "accuracy", setup_of)
    both = (*setup.outputs[0].metrics, metric("mean_absolute_error"))
    setup = replace(setup, outputs=(measured(output(*NUMBERS), *both),))
    (nothing,) = repairs(judgement(setup), "accuracy-on-regression")
    assert [type(one) for one in nothing.changes] == [RemoveMetric]


# ---------------------------------------------------------------- labels, lists, callbacks


def test_signed_labels_become_0_and_1_for_the_hinge_losses_alone(output: Any, setup_of: Any, judgement: Any) -> None:
    rule = "accuracy-on-signed-labels"
    setup = setup_of(measured(output("tanh", 1, "hinge", None, "signed"), metric("accuracy")))
    (repair,) = repairs(judgement(setup), rule)
    assert repair.applicability == "unsafe" and [type(one) for one in repair.changes] == [SetLabels, SetMetric]
    assert judgement(changed(setup, repair.changes)) == []
    other = setup_of(measured(output("tanh", 1, MSE, None, "signed"), metric("accuracy")))
    assert repairs(judgement(other), rule) == ()


@pytest.mark.parametrize("framework", ["keras3", None])
def test_a_bare_string_goes_into_a_list(framework: str | None, output: Any, setup_of: Any, judgement: Any) -> None:
    where = Place("train.py", "metrics")
    setup = setup_of(output(*ONE), framework=framework, bare_metrics=where)
    (repair,) = repairs(judgement(setup), "bare-string-metrics")
    assert (repair.applicability, repair.changes) == ("safe", (WrapInList(where),))
    assert judgement(changed(setup, repair.changes)) == []


@pytest.mark.parametrize(
    ("watched", "asked", "facts", "expected"),
    [
        ("val_acc", ["accuracy"], {"framework": "keras3"}, [("safe", "val_accuracy", None)]),
        ("val_acc", ["accuracy"], {}, [("unsafe", "val_accuracy", None)]),
        ("val_accuracy", [metric("binary_accuracy")], {}, [("safe", "val_binary_accuracy", None)]),
        ("accuracy", [metric("auc"), metric("binary_accuracy", name="hits")], {}, [("safe", "hits", None)]),
        (
            "val_auc",
            ["accuracy"],
            {"mode": "max"},
            [("suggestion", "val_accuracy", "max"), ("suggestion", "val_loss", "min")],
        ),
        (
            "val_accuracy",
            [metric("binary_accuracy", name="a"), metric("categorical_accuracy", name="b")],
            {},
            [("suggestion", "val_a", None), ("suggestion", "val_b", None), ("suggestion", "val_loss", None)],
        ),
        ("val_loss", ["accuracy"], {"validated": False}, [("suggestion", "loss", None)]),
    ],
    ids=str,
)
def test_a_callback_watches_what_is_logged(
    watched: str, asked: Any, facts: dict[str, Any], expected: Any, output: Any, setup_of: Any, judgement: Any
) -> None:
    setup = monitored(output, setup_of, watched, *asked, **facts)
    found = repairs([one for one in judgement(setup) if one[0] == "monitor-never-logged"], "monitor-never-logged")
    changes = [(repair.applicability, change) for repair in found for change in repair.changes]
    assert [(level, one.name, one.mode) for level, one in changes if isinstance(one, SetMonitor)] == expected
    for repair in found:
        assert "monitor-never-logged" not in {name for name, _ in judgement(changed(setup, repair.changes))}


def test_a_mode_is_turned_around(output: Any, setup_of: Any, judgement: Any) -> None:
    setup = monitored(output, setup_of, "val_accuracy", "accuracy", mode="min")
    (repair,) = repairs(judgement(setup), "monitor-in-wrong-direction")
    assert repair.applicability == "unsafe"
    assert judgement(changed(setup, repair.changes)) == []
