"""The harm that a page claims, as a number that a program run on learnable data has: 0 is none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from tests.fixes.retraining import (
    EPOCHS,
    Array,
    Retrained,
    off_from_distribution,
    right_decisions,
    threshold,
    unencoded,
)

Harm: TypeAlias = Callable[[Retrained], float]


def raises(run: Retrained) -> float:
    return float(run.raised is not None)


def wrong_decisions(run: Retrained) -> float:
    """The share of wrong answers; for numbers the share of variance that is not explained. All where it raises."""
    if run.raised is not None:
        return 1.0
    right = right_decisions(run)
    return 1.0 if np.isnan(right) else 1 - right


def no_distribution(run: Retrained) -> float:
    """How far the shares of a sample are from summing to one, on average."""
    return off_from_distribution(run)


def beyond_probabilities(run: Retrained) -> float:
    """How far the outputs leave 0 to 1."""
    outputs = run.outputs
    return float(max(outputs.max() - 1, -outputs.min(), 0))


def surprise(run: Retrained) -> float:
    """Minus the logarithm of the probability that the outputs give to the right class, on average."""
    chosen = run.outputs[np.arange(len(run.truth)), run.truth]
    return float(-np.log(np.clip(chosen, 1e-7, 1)).mean())


def hidden_in_training(run: Retrained) -> float:
    """How far the loss of what predict() returns is from the loss that training reports."""
    said = run.reported("loss")
    loss = run.model.loss
    import keras

    function = keras.losses.get(loss) if isinstance(loss, str) else loss
    computed = function(np.asarray(run.y).reshape(len(run.y), -1) if np.ndim(run.y) > 1 else run.y, run.outputs)
    return float(abs(np.mean(computed) - said))


def misreported(truth: Callable[[Retrained], float]) -> Harm:
    """How far the first metric is from what the figure should be."""

    def harm(run: Retrained) -> float:
        return 1.0 if run.raised is not None else abs(run.reported("") - truth(run))

    return harm


def misread(name: str) -> Harm:
    """The share of wrong answers among those that the program itself decodes into this variable."""

    def harm(run: Retrained) -> float:
        if run.raised is not None or name not in run.names:
            return 1.0
        answers, truth = np.asarray(run.names[name]), unencoded(run.names["y"])
        if answers.ndim == 2 and truth.ndim == 1:
            answers = answers.argmax(axis=1) * (answers.sum(axis=1) == 1) if answers.shape[1] > 1 else answers[:, 0]
        if answers.ndim == 1 and truth.ndim == 2:
            return float(1 - (truth.argmax(axis=1) == answers).mean() * (truth.sum(axis=1) == 1).mean())
        return float((answers.astype("float64") != truth).mean())

    return harm


def undecided(name: str) -> Harm:
    """The share of samples that this variable of the program leaves without an answer, or with several."""

    def harm(run: Retrained) -> float:
        answers = np.asarray(run.names[name])
        return float((answers.sum(axis=1) != 1).mean()) if answers.ndim == 2 else 0.0

    return harm


def unlike_sign(name: str) -> Harm:
    """The share of answers in this variable that are not where the score turns from no to yes."""

    def harm(run: Retrained) -> float:
        return float((np.asarray(run.names[name]) != (run.model.predict(run.names["x"], verbose=0) > 0)).mean())

    return harm


def figure_called_accuracy(run: Retrained) -> float:
    """How far what the program calls accuracy is from the share of right answers for its data."""
    answers = run.model.predict(run.names["x"], verbose=0)[:, 0] > 0.5
    return abs(float(run.names["accuracy"]) - float((answers == run.names["y"]).mean()))


def unused_units(run: Retrained) -> float:
    return float(run.outputs.shape[-1] - len(np.unique(run.truth)))


def noise_in_training(run: Retrained) -> float:
    """How much larger the loss is in training than for the same model on other samples."""
    return run.history["loss"][-1] - run.reported("loss")


def stuck_in_a_mistake(run: Retrained) -> float:
    """1 where a confident mistake moves no weight of the last layer, or moves them to NaN."""
    import tensorflow as tf

    wrong = (run.outputs.argmax(axis=-1) + 1) % run.outputs.shape[-1]
    with tf.GradientTape() as tape:
        loss = run.model.compute_loss(y=wrong, y_pred=run.model(run.x * 50))
    (found,) = tape.gradient(loss, [run.model.layers[-1].bias.value])
    return float(not (np.isfinite(found).all() and np.abs(found).max() > 1e-3))


def warned(run: Retrained) -> float:
    return float(len(run.warnings) > 0)


def epochs_not_trained(run: Retrained) -> float:
    return float(EPOCHS - len(run.history["loss"]))


# ---- what a metric should say --------------------------------------------------------------------------------------


def share_of_right_answers(run: Retrained) -> float:
    return right_decisions(run)


def mean_error(run: Retrained) -> float:
    return float(np.abs(run.outputs.reshape(run.truth.shape) - run.truth).mean())


def area_under_curve(run: Retrained) -> float:
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(run.truth, run.outputs[:, 0]))


def _answers(run: Retrained) -> Array:
    outputs = run.outputs
    return outputs.argmax(axis=-1) if outputs.shape[-1] > 1 else (outputs[:, 0] > threshold(run)).astype(int)


def f_score(run: Retrained) -> float:
    from sklearn.metrics import f1_score

    return float(f1_score(run.truth, _answers(run)))


def intersection_over_union(run: Retrained) -> float:
    from sklearn.metrics import jaccard_score

    return float(jaccard_score(run.truth, _answers(run), average="macro"))


def precision_of_class_1(run: Retrained) -> float:
    from sklearn.metrics import precision_score

    return float(precision_score(run.truth, _answers(run)))


# ---- programs with a loop of their own -----------------------------------------------------------------------------


def loss_in_loop(right: Callable[[Any, Any], Any]) -> Harm:
    """How far the loss of the last step is from what it should be for these labels and predictions."""

    def harm(run: Retrained) -> float:
        return abs(float(run.names["loss"]) - float(np.mean(right(run.names["y"], run.names["predictions"]))))

    return harm


def crossentropy_of_probabilities(labels: Any, predictions: Any) -> Array:
    values = np.asarray(predictions, dtype="float64")
    if not np.allclose(values.sum(axis=-1), 1, atol=1e-4):
        values = np.exp(values) / np.exp(values).sum(axis=-1, keepdims=True)
    return -(np.asarray(labels) * np.log(values)).sum(axis=-1)


def crossentropy_of_labels(labels: Any, predictions: Any) -> Array:
    p, y = np.clip(np.asarray(predictions, dtype="float64"), 1e-7, 1 - 1e-7), np.asarray(labels)
    return -(y * np.log(p) + (1 - y) * np.log(1 - p))
