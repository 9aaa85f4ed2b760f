"""Repairs that would leave half of a program as it was: refused, with the line that they cannot take along."""

from __future__ import annotations

import pytest

from mllint.conversion.converting import convert
from mllint.conversion.request import Goal, NotConverted, Request
from mllint.settings import Settings
from tests.fixes.programs import PREAMBLE, fixed, reasons, text_of

TAGS = """
model = keras.Sequential([keras.Input((3,)), layers.Dense(10, activation="softmax")])
model.compile("adam", loss="categorical_crossentropy")
model.fit(x, multi_hot)
"""


def refused(program: str) -> str:
    report = fixed(program)
    assert report.rewrite is None
    (reason,) = reasons(report)
    return reason


def test_without_anything_more_the_program_is_fixed():
    assert 'activation="sigmoid"' in text_of(fixed(TAGS))


@pytest.mark.parametrize(
    "line",
    [
        "truth = np.argmax(multi_hot, axis=1)",
        "truth = multi_hot.argmax(axis=1)",
        "import sklearn\nprint(sklearn.metrics.f1_score(np.argmax(multi_hot, 1), model.predict(x).argmax(1)))",
    ],
)
def test_an_argmax_of_the_labels_would_have_to_go_with_that_of_predictions(line):
    assert "takes an argmax of what may have to change with it" in refused(f"{TAGS}{line}\n")


def test_the_best_epoch_is_no_argmax_of_labels():
    program = TAGS.replace("model.fit", "history = model.fit") + "print(np.argmax(history.history['loss']))\n"
    assert 'activation="sigmoid"' in text_of(fixed(program))


@pytest.mark.parametrize(
    "lines",
    [
        "print(names[np.argmax(model.predict(x)[0])])",
        "print(names[np.argmax(model.predict(x), axis=1)[0]])",
        "print(names[int(np.argmax(model.predict(x)[0]))])",
        "print(int(np.argmax(model.predict(x)[0])))",
        "best = np.argmax(model.predict(x)[0])\nprint(names[best])",
        "found = np.argmax(model.predict(x), axis=1)\nfor one in found:\n    print(names[one])",
        "found = np.argmax(model.predict(x), axis=1)\nprint([names[one] for one in found])",
        "found = np.argmax(model.predict(x), axis=1)\nprint(encoder.inverse_transform(found))",
        "print([names[one] for one in np.argmax(model.predict(x), axis=1)])",
    ],
)
def test_a_class_number_that_picks_an_item_is_no_row_of_answers(lines):
    assert "picks an item" in refused(f"{TAGS}names = list('abcdefghij')\n{lines}\n")


def test_answers_that_are_reported_may_be_rows():
    lines = "found = np.argmax(model.predict(x), axis=1)\nfor one in found:\n    print(one, found[0])\n"
    assert "found = (model.predict(x) > 0.5)" in text_of(fixed(TAGS + lines))


def test_a_metric_of_a_custom_loop_is_not_seen_to_belong_to_the_model():
    program = """
import tensorflow as tf
model = keras.Sequential([keras.Input((3,)), layers.Dense(10, activation="softmax")])
loss_of = keras.losses.CategoricalCrossentropy()
figure = keras.metrics.CategoricalAccuracy()
for a, b in tf.data.Dataset.from_tensor_slices((x, multi_hot)).batch(10):
    with tf.GradientTape() as tape:
        predicted = model(a)
        loss = loss_of(b, predicted)
    figure.update_state(b, predicted)
"""
    assert "makes a metric that may be of this model" in refused(program)


CHOSEN = """
import tensorflow as tf
class Classifier(keras.Model):
    def __init__(self):
        super().__init__()
        self.scores = layers.Dense(10)
    def call(self, inputs, training=False):
        outputs = self.scores(inputs)
        if not training:
            outputs = tf.nn.softmax(outputs)
        return outputs
model = Classifier()
for a, b in tf.data.Dataset.from_tensor_slices((x, one_hot)).batch(10):
    with tf.GradientTape() as tape:
        loss = tf.nn.softmax_cross_entropy_with_logits(labels=b, logits=model(a))
"""


@pytest.mark.parametrize(
    "body",
    [
        "        if not training:\n            outputs = tf.nn.softmax(outputs)\n        return outputs\n",
        "        return outputs if training else tf.nn.softmax(outputs)\n",
    ],
)
def test_a_step_that_callers_choose_by_an_argument_is_theirs(body):
    before = "        if not training:\n            outputs = tf.nn.softmax(outputs)\n        return outputs\n"
    assert before in CHOSEN
    assert "by the argument training" in refused(CHOSEN.replace(before, body))


def test_a_comment_inside_a_string_of_several_parts_is_not_lost():
    program = TAGS.replace('"categorical_crossentropy"', '("categorical"  # one class\n    "_crossentropy")')
    assert refused(program) == "a comment stands inside the string"


def test_a_relu_over_more_units_than_classes_may_be_a_hidden_layer():
    program = TAGS.replace("softmax", "relu").replace("Dense(10", "Dense(64").replace("multi_hot", "classes")
    program = "classes = np.random.randint(0, 10, 100)\n" + program.replace("categorical_", "sparse_categorical_")
    report = fixed(program)
    assert report.rewrite is None
    (finding,) = [one for one in report.report.findings if one.rule == "relu-with-crossentropy"]
    assert {fix.applicability for fix in finding.fixes} == {"suggestion"}


SCORES = """
import tensorflow as tf
classes = np.random.randint(0, 10, 100)
model = keras.Sequential([keras.Input((3,)), layers.Dense(10)])
model.compile("adam", loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
model.fit(x, classes)
"""


def unconverted(program: str, goal: Goal) -> str:
    with pytest.raises(NotConverted) as error:
        convert((PREAMBLE + program).encode(), "train.py", Settings(), Request(goal))
    return error.value.reason


@pytest.mark.parametrize(
    "lines",
    [
        "probable = keras.Sequential([model, layers.Softmax()])",
        "probable = keras.Sequential([model, layers.Activation('softmax')])",
        "probable = tf.nn.softmax(model.predict(x))",
        "scores = model.predict(x)\nprint(tf.nn.softmax(scores[0]))",
        "scores = model(x)\nprint(keras.activations.softmax(scores))",
        "probable = keras.Model(model.inputs, layers.Softmax()(model.output))",
    ],
)
@pytest.mark.parametrize("goal", ["probabilities", "multi-label"])
def test_predictions_that_the_program_activates_itself(lines, goal):
    assert "activates predictions" in unconverted(f"{SCORES}{lines}\n", goal)


@pytest.mark.parametrize("goal", ["probabilities", "multi-label"])
def test_scores_that_nobody_activates_are_converted(goal):
    convert((PREAMBLE + SCORES).encode(), "train.py", Settings(), Request(goal))


def test_what_weighs_one_class_per_sample_is_nothing_for_several_labels():
    program = SCORES.replace("model.fit(x, classes)", "model.fit(x, classes, class_weight={0: 2.0})")
    assert "class_weight" in unconverted(program, "multi-label")


def test_weighted_metrics_would_have_to_change_too():
    program = SCORES.replace("(from_logits=True)", '(from_logits=True), weighted_metrics=["accuracy"]')
    assert "weighted_metrics" in unconverted(program, "multi-label")


def test_a_single_unit_gives_as_many_answers_as_the_argmax_of_two():
    program = """
model = keras.Sequential([keras.Input((3,)), layers.Dense(2, activation="softmax")])
model.compile("adam", loss="sparse_categorical_crossentropy")
model.fit(x, np.random.randint(0, 2, 100))
answers = np.argmax(model.predict(x), axis=1)
"""
    done = convert((PREAMBLE + program).encode(), "train.py", Settings(), Request("binary"))
    assert done.rewrite is not None
    assert b'answers = (model.predict(x)[:, 0] > 0.5).astype("int32")' in done.rewrite.after


def test_a_metric_that_means_what_it_meant_stays_as_it_is_written():
    metric = 'metrics=[keras.metrics.SparseCategoricalAccuracy(name="acc")]'
    program = SCORES.replace("(from_logits=True)", f"(from_logits=True), {metric}")
    done = convert((PREAMBLE + program).encode(), "train.py", Settings(), Request("probabilities"))
    assert done.rewrite is not None
    assert metric.encode() in done.rewrite.after
