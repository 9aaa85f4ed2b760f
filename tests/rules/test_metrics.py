"""What metrics read, and what callbacks wait for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from mllint.facts import Fit, Identifier, Known, Metric, Monitor, Output, Place, Unknown
from mllint.rules import knowledge

BCE, CCE, SCCE = "binary_crossentropy", "categorical_crossentropy", "sparse_categorical_crossentropy"
MSE, MAE = "mean_squared_error", "mean_absolute_error"
FIT = Place("train.py", "fit")
LOGITS = ("linear", 1, BCE, True, None)
MULTI_LABEL = ("sigmoid", 10, BCE, False, "multi-hot")


def metric(name: str, spelling: Any = "instance", /, **arguments: Any) -> Metric:
    """A metric as the lens states it, with the arguments that the program gives."""
    row = knowledge.metrics().get(name)
    assert row is not None, name
    given = tuple((parameter, Known(value)) for parameter, value in arguments.items())
    threshold = arguments.get("threshold", arguments.get("thresholds", row.threshold))
    return Metric(
        name=Known(name),
        threshold=Unknown("it has no threshold") if threshold is None else Known(threshold),
        from_logits=Known(arguments.get("from_logits", False)),
        spelling=spelling,
        place=Place("train.py", f"metric {name}"),
        arguments=given,
    )


def measured(output: Output, *metrics: Metric) -> Output:
    return replace(output, metrics=metrics)


WRONG = [
    (MULTI_LABEL, metric("accuracy"), "accuracy-on-multi-label", "warning"),
    (MULTI_LABEL, metric("categorical_accuracy"), "accuracy-on-multi-label", "warning"),
    (("linear", 10, BCE, True, "multi-hot"), metric("accuracy"), "accuracy-on-multi-label", "warning"),
    (("sigmoid", 10, MSE, None, "multi-hot"), metric("accuracy"), "accuracy-on-multi-label", "warning"),
    (("sigmoid", 10, BCE, False, None), metric("accuracy"), "accuracy-on-multi-label", "info"),
    (LOGITS, metric("accuracy"), "thresholded-metric-on-logits", "warning"),
    (LOGITS, metric("binary_accuracy"), "thresholded-metric-on-logits", "warning"),
    (LOGITS, metric("precision"), "thresholded-metric-on-logits", "warning"),
    (LOGITS, metric("recall", thresholds=0.3), "thresholded-metric-on-logits", "warning"),
    (LOGITS, metric("binary_iou"), "thresholded-metric-on-logits", "warning"),
    (("linear", 10, BCE, True, "multi-hot"), metric("binary_accuracy"), "thresholded-metric-on-logits", "warning"),
    (("linear", 10, CCE, True, "one-hot"), metric("precision"), "thresholded-metric-on-logits", "warning"),
    (("tanh", 1, "hinge", None, "signed"), metric("accuracy"), "accuracy-on-signed-labels", "warning"),
    (("linear", 1, "hinge", None, "signed"), metric("binary_accuracy"), "accuracy-on-signed-labels", "warning"),
    (LOGITS, metric("auc"), "auc-on-logits", "warning"),
    (("linear", 10, CCE, True, "one-hot"), metric("auc"), "auc-on-logits", "warning"),
    (LOGITS, metric("precision_at_recall"), "auc-on-logits", "warning"),
    (("softmax", 10, SCCE, False, None), metric("categorical_accuracy"), "metric-for-other-labels", "warning"),
    (("softmax", 10, SCCE, False, None), metric("mean_squared_error"), "metric-for-other-labels", "warning"),
    (("softmax", 10, SCCE, False, None), metric("binary_accuracy"), "metric-for-other-labels", "warning"),
    (("softmax", 10, CCE, False, None), metric("sparse_categorical_accuracy"), "metric-for-other-labels", "error"),
    (("softmax", 10, SCCE, False, None), metric("precision"), "metric-for-other-labels", "error"),
    (("softmax", 2, SCCE, False, None), metric("auc"), "metric-for-other-labels", "error"),
    (("softmax", 2, SCCE, False, "integer"), metric("recall_at_precision"), "metric-for-other-labels", "error"),
    (("sigmoid", 1, BCE, False, None), metric("categorical_accuracy"), "argmax-metric-on-one-unit", "warning"),
    (("linear", 1, MSE, None, None), metric("top_k_categorical_accuracy"), "argmax-metric-on-one-unit", "warning"),
    (("linear", 1, MSE, None, "continuous"), metric("accuracy"), "accuracy-on-regression", "warning"),
    (("linear", 30, MSE, None, "continuous"), metric("accuracy"), "accuracy-on-regression", "warning"),
    (("sigmoid", 1, MSE, None, "continuous"), metric("accuracy"), "accuracy-on-regression", "warning"),
    (("linear", 1, MSE, None, None), metric("accuracy"), "accuracy-on-regression", "info"),
    (("linear", 1, MAE, None, None), metric("accuracy"), "accuracy-on-regression", "warning"),
    (
        ("relu", 1, "mean_absolute_percentage_error", None, None),
        metric("accuracy"),
        "accuracy-on-regression",
        "warning",
    ),
    (("sigmoid", 1, BCE, False, None), metric("exact_accuracy"), "exact-accuracy", "warning"),
    (("softmax", 10, SCCE, False, None), metric("exact_accuracy"), "exact-accuracy", "warning"),
    (("linear", 1, MSE, None, "continuous"), metric("exact_accuracy"), "exact-accuracy", "warning"),
    (("sigmoid", 1, BCE, False, None), metric("f1_score"), "f-score-without-threshold", "warning"),
    (("sigmoid", 1, BCE, False, None), metric("f1_score", threshold=None), "f-score-without-threshold", "warning"),
    (MULTI_LABEL, metric("f_beta_score"), "f-score-without-threshold", "warning"),
    (("softmax", 5, CCE, False, "one-hot"), metric("top_k_categorical_accuracy"), "top-k-of-all-classes", "warning"),
    (
        ("softmax", 3, SCCE, False, None),
        metric("sparse_top_k_categorical_accuracy", k=3),
        "top-k-of-all-classes",
        "warning",
    ),
    (("softmax", 2, CCE, False, None), metric("precision"), "precision-over-softmax-columns", "warning"),
    (("softmax", 10, CCE, False, None), metric("recall"), "precision-over-softmax-columns", "info"),
    (("sigmoid", 1, BCE, False, None), metric("mean_iou"), "mean-iou-on-probabilities", "warning"),
    (("softmax", 10, SCCE, False, None), metric("iou", sparse_y_pred=True), "mean-iou-on-probabilities", "warning"),
]

RIGHT = [
    (("sigmoid", 1, BCE, False, "binary"), metric("accuracy")),
    (("sigmoid", 2, BCE, False, None), metric("accuracy")),
    (("softmax", 10, CCE, False, "one-hot"), metric("accuracy")),
    (("sigmoid", 784, BCE, False, "self"), metric("accuracy")),
    (("linear", 784, MSE, None, "image"), metric("accuracy")),
    (MULTI_LABEL, metric("binary_accuracy")),
    (MULTI_LABEL, metric("f1_score", threshold=0.5)),
    (MULTI_LABEL, metric("precision")),
    (LOGITS, metric("binary_accuracy", threshold=0)),
    (LOGITS, metric("precision", thresholds=0)),
    (LOGITS, metric("precision", thresholds=(0.0, 0.5))),
    (LOGITS, metric("auc", from_logits=True)),
    (LOGITS, metric("binary_crossentropy")),
    (("linear", 10, SCCE, True, None), metric("accuracy")),
    (("linear", 10, SCCE, True, None), metric("sparse_categorical_accuracy")),
    (("linear", 10, CCE, True, None), metric("precision", top_k=1)),
    (("sigmoid", 1, BCE, False, None), metric("auc")),
    (("tanh", 1, "hinge", None, "binary"), metric("accuracy")),
    (("linear", 1, "hinge", None, None), metric("accuracy")),
    (("softmax", 10, CCE, False, None), metric("mean_squared_error")),
    (("softmax", 10, CCE, False, None), metric("binary_accuracy")),
    (("softmax", 10, SCCE, False, None), metric("sparse_top_k_categorical_accuracy")),
    (("softmax", 5, CCE, False, None), metric("top_k_categorical_accuracy", k=2)),
    (("sigmoid", 1, MSE, None, None), metric("accuracy")),
    (("linear", 30, MSE, None, None), metric("accuracy")),
    (("linear", 1, MSE, None, "continuous"), metric("mean_absolute_error")),
    (("softmax", 10, CCE, False, None), metric("f1_score")),
    (("softmax", 2, CCE, False, None), metric("precision", class_id=1)),
    (("sigmoid", 1, BCE, False, None), metric("binary_iou")),
    (("softmax", 10, SCCE, False, None), metric("mean_iou", sparse_y_pred=False)),
]


@pytest.mark.parametrize(("pair", "given", "rule", "severity"), WRONG, ids=lambda value: getattr(value, "name", value))
def test_a_metric_that_misleads_is_reported_once(
    pair: Any, given: Metric, rule: str, severity: str, output: Any, setup_of: Any, verdicts: Any
) -> None:
    assert verdicts(setup_of(measured(output(*pair), given))) == [(rule, severity)]


@pytest.mark.parametrize(("pair", "given"), RIGHT, ids=lambda value: getattr(value, "name", value))
def test_a_metric_that_fits_is_silent(pair: Any, given: Metric, output: Any, setup_of: Any, verdicts: Any) -> None:
    assert verdicts(setup_of(measured(output(*pair), given))) == []


def test_every_finding_starts_at_the_metric_and_shows_the_head(output: Any, setup_of: Any, judgement: Any) -> None:
    for pair, given, rule, _ in WRONG:
        ((name, problem),) = judgement(setup_of(measured(output(*pair), given)))
        assert name == rule and problem.primary.place == given.place
        assert {"metric", "head"} <= {mark.role for mark in problem.marks}
        assert ": " in problem.message and "None" not in problem.message and problem.help


def test_a_metric_of_the_programs_own_is_not_judged(output: Any, setup_of: Any, verdicts: Any) -> None:
    unknown = Unknown("the metric is the program's own")
    own = Metric(unknown, unknown, unknown, "wrapped", Place("train.py", "metric"))
    for pair in (LOGITS, MULTI_LABEL, ("linear", 1, MSE, None, "continuous")):
        assert verdicts(setup_of(measured(output(*pair), own))) == []


def test_another_metric_tells_what_the_labels_are(output: Any, setup_of: Any, verdicts: Any) -> None:
    given = (metric("accuracy"), metric("mean_absolute_error"))
    setup = setup_of(measured(output("linear", 1, MSE, None), *given))
    assert verdicts(setup) == [("accuracy-on-regression", "warning")]


def test_an_unknown_argument_is_not_taken_for_the_default(output: Any, setup_of: Any, verdicts: Any) -> None:
    unknown = Unknown("not a constant")
    cases = [
        (LOGITS, "precision", "thresholds"),
        (LOGITS, "binary_accuracy", "threshold"),
        (("sigmoid", 1, BCE, False, None), "f1_score", "threshold"),
        (("softmax", 5, CCE, False, None), "top_k_categorical_accuracy", "k"),
        (("softmax", 2, CCE, False, None), "precision", "class_id"),
        (("sigmoid", 1, BCE, False, None), "mean_iou", "sparse_y_pred"),
    ]
    for pair, name, parameter in cases:
        given = replace(metric(name), threshold=unknown, arguments=((parameter, unknown),))
        assert verdicts(setup_of(measured(output(*pair), given))) == [], (name, parameter)


def test_an_argmax_at_the_end_of_the_model_makes_whole_numbers(
    output: Any, setup_of: Any, stage_of: Any, verdicts: Any
) -> None:
    made = output("softmax", 10, SCCE, after=[stage_of("opaque", "keras.layers.Lambda")])
    assert verdicts(setup_of(measured(made, metric("exact_accuracy")))) == []


@pytest.mark.parametrize(("framework", "expected"), [("keras3", "error"), (None, "info"), ("keras2", None)], ids=str)
def test_metrics_without_a_list(
    framework: str | None, expected: str | None, output: Any, setup_of: Any, verdicts: Any
) -> None:
    setup = setup_of(output("sigmoid", 1, BCE), framework=framework, bare_metrics=Place("train.py", "metrics"))
    assert verdicts(setup) == ([("bare-string-metrics", expected)] if expected else [])


def monitored(output: Any, setup_of: Any, watched: str, *asked: str | Metric, **facts: Any) -> Any:
    """A fit that watches this name, of a model with these metrics, strings as they are written."""
    metrics, identifiers = [], []
    for number, one in enumerate(asked):
        place = Place("train.py", f"metric {number}")
        if isinstance(one, str):
            row = knowledge.metrics().identify(one)
            assert row is not None
            metrics.append(replace(metric(row.name, "string"), place=place))
            identifiers.append(Identifier("metric", one, place))
        else:
            metrics.append(one)
    monitor = Monitor("keras.callbacks.EarlyStopping", watched, Known(facts.pop("mode", "auto")), FIT)
    fit = Fit(FIT, Known(facts.pop("validated", True)), (monitor,))
    made = replace(output("sigmoid", 1, BCE), metrics=tuple(metrics))
    return setup_of(made, fits=(fit,), identifiers=tuple(identifiers), **facts)


NEVER = "monitor-never-logged"


@pytest.mark.parametrize(
    ("watched", "asked", "facts", "expected"),
    [
        ("val_acc", ["accuracy"], {"framework": "keras3"}, [(NEVER, "warning")]),
        ("val_acc", ["accuracy"], {"framework": "keras2"}, [(NEVER, "info")]),
        ("val_acc", ["accuracy"], {}, [(NEVER, "info")]),
        ("accuracy", ["acc"], {"framework": "keras3"}, [(NEVER, "warning")]),
        ("val_accuracy", [metric("binary_accuracy")], {}, [(NEVER, "warning")]),
        ("val_auc", ["accuracy"], {}, [(NEVER, "warning")]),
        ("val_loss", ["accuracy"], {"validated": False}, [(NEVER, "warning")]),
        ("val_accuracy", ["accuracy"], {"validated": False}, [(NEVER, "warning")]),
        ("val_acc", ["acc"], {"framework": "keras3"}, []),
        ("val_accuracy", ["accuracy"], {}, []),
        ("val_loss", ["accuracy"], {}, []),
        ("loss", [], {"validated": False}, []),
        ("lr", ["accuracy"], {}, []),
        ("val_auc_1", [metric("auc")], {}, []),
        ("val_mse", ["mean_squared_error"], {}, []),
        ("val_binary_accuracy", [metric("binary_accuracy")], {}, []),
        ("val_area", [metric("auc", name="area")], {}, []),
        ("val_my_score", ["accuracy"], {}, []),
        ("val_acc", [], {}, []),
        ("val_accuracy", ["accuracy"], {"mode": "min"}, [("monitor-in-wrong-direction", "warning")]),
        ("val_loss", ["accuracy"], {"mode": "max"}, [("monitor-in-wrong-direction", "warning")]),
        ("val_auc", ["AUC"], {"mode": "min"}, [("monitor-in-wrong-direction", "warning")]),
        ("val_mae", ["mae"], {"mode": "max"}, [("monitor-in-wrong-direction", "warning")]),
        ("val_accuracy", ["accuracy"], {"mode": "max"}, []),
        ("val_mae", ["mae"], {"mode": "min"}, []),
        ("val_false_positives", [metric("false_positives")], {"mode": "min"}, []),
    ],
    ids=str,
)
def test_what_a_callback_waits_for(
    watched: str, asked: Any, facts: dict[str, Any], expected: Any, output: Any, setup_of: Any, verdicts: Any
) -> None:
    assert verdicts(monitored(output, setup_of, watched, *asked, **facts)) == expected


def test_a_metric_with_an_unknown_name_may_log_anything(output: Any, setup_of: Any, verdicts: Any) -> None:
    unknown = Unknown("the metric is the program's own")
    own = Metric(unknown, unknown, unknown, "wrapped", Place("train.py", "own"))
    assert verdicts(monitored(output, setup_of, "val_acc", "accuracy", own, framework="keras3")) == []
