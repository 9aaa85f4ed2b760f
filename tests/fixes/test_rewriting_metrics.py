"""Metrics put in the place of others, and taken out."""

from __future__ import annotations

import pytest

from mllint.fixes.refusal import Refused
from mllint.repairs import RemoveMetric, SetMetric, WrapInList
from tests.fixes.rewriting import only_output, rewritten

START = "from tensorflow import keras\nmodel = keras.Sequential([keras.layers.Dense(3)])\nmodel.compile('adam', 'mse', "


def changed(metrics: str, change) -> str:
    text = rewritten(f"{START}{metrics})\n", change)
    assert text.startswith(START) and text.endswith(")\n")
    return text.removeprefix(START).removesuffix(")\n")


SET = [
    ("metrics=['accuracy']", "binary_accuracy", (), "metrics=['binary_accuracy']"),
    ('metrics=("acc", "mae")', "binary_accuracy", (), 'metrics=("binary_accuracy", "mae")'),
    ("metrics={'out': 'accuracy'}", "binary_accuracy", (), "metrics={'out': 'binary_accuracy'}"),
    (
        "metrics=['accuracy']",
        "binary_accuracy",
        (("name", "accuracy"), ("threshold", 0)),
        "metrics=[keras.metrics.BinaryAccuracy(name='accuracy', threshold=0)]",
    ),
    (
        "metrics=[keras.metrics.AUC(name='auc')]",
        "auc",
        (("multi_label", True), ("from_logits", True)),
        "metrics=[keras.metrics.AUC(name='auc', multi_label=True, from_logits=True)]",
    ),
    (
        "metrics=[keras.metrics.Accuracy(name='a', dtype=None)]",
        "categorical_accuracy",
        (),
        "metrics=[keras.metrics.CategoricalAccuracy(name='a', dtype=None)]",
    ),
    (
        "metrics=[keras.metrics.BinaryAccuracy('a', None, 0.7)]",
        "categorical_accuracy",
        (),
        "metrics=[keras.metrics.CategoricalAccuracy('a', None)]",
    ),
    (
        "metrics=[keras.metrics.BinaryAccuracy(threshold=0.5)]",
        "binary_accuracy",
        (("threshold", None),),
        "metrics=[keras.metrics.BinaryAccuracy()]",
    ),
    (
        "metrics=[keras.metrics.categorical_accuracy]",
        "binary_accuracy",
        (),
        "metrics=[keras.metrics.binary_accuracy]",
    ),
    (
        "metrics=[keras.metrics.categorical_accuracy]",
        "binary_accuracy",
        (("threshold", 0.0),),
        "metrics=[keras.metrics.BinaryAccuracy(threshold=0.0)]",
    ),
]


@pytest.mark.parametrize(("before", "name", "arguments", "after"), SET)
def test_another_metric(before, name, arguments, after):
    change = lambda reading: (SetMetric(only_output(reading).metrics[0], name, arguments),)  # noqa: E731
    assert changed(before, change) == after


REMOVED = [
    ("metrics=['accuracy']", [0], "metrics=[]"),
    ("metrics=['accuracy', 'mae']", [0], "metrics=['mae']"),
    ("metrics=['mae', 'accuracy']", [1], "metrics=['mae']"),
    ("metrics=['mae', 'accuracy', 'mse']", [0, 1], "metrics=['mse']"),
    ("metrics=['mae', 'accuracy', 'mse']", [1, 2], "metrics=['mae']"),
    ("metrics=('mae', 'accuracy')", [1], "metrics=('mae',)"),
    ("metrics=('mae', 'accuracy')", [0], "metrics=('accuracy',)"),
    (
        "metrics=[\n    'mae',  # error\n    'accuracy',  # hits\n    'mse',\n]",
        [1],
        "metrics=[\n    'mae',  # error\n    # hits\n    'mse',\n]",
    ),
    ("metrics=[\n    'mae',\n    'accuracy',\n    'mse']", [1, 2], "metrics=[\n    'mae'\n]"),
]


@pytest.mark.parametrize(("before", "indexes", "after"), REMOVED)
def test_fewer_metrics(before, indexes, after):
    def change(reading):
        metrics = only_output(reading).metrics
        return [RemoveMetric(metrics[index]) for index in indexes]

    assert changed(before, change) == after


def test_the_only_metric_goes_with_its_keyword():
    program = f"{START}metrics='accuracy')\n"
    after = rewritten(program, lambda reading: (RemoveMetric(only_output(reading).metrics[0]),))
    assert after == START.removesuffix(", ") + ")\n"


def test_a_metric_that_is_kept_in_a_name_is_not_removed():
    program = f"M = 'accuracy'\n{START}metrics=[M])\n"
    with pytest.raises(Refused, match="in another place"):
        rewritten(program, lambda reading: (RemoveMetric(only_output(reading).metrics[0]),))


def test_a_bare_string_is_put_in_a_list():
    def change(reading):
        (setup,) = reading.setups
        assert setup.bare_metrics is not None
        return WrapInList(setup.bare_metrics), SetMetric(setup.outputs[0].metrics[0], "binary_accuracy")

    assert changed("metrics='accuracy'", change) == "metrics=['binary_accuracy']"
