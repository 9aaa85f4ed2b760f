"""Programs converted: the question that this tool comes from, answered by a command, and the ways back."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from mllint.conversion.converting import convert
from mllint.conversion.request import Goal, NotConverted, Request
from mllint.engine import lint_source
from mllint.settings import Settings

PATH = "train.py"

SEQUENTIAL = """\
import tensorflow as tf
from tensorflow.keras import layers

# Initial model with softmax
num_classes = 10
model_softmax = tf.keras.Sequential([
    layers.Dense(64, activation='relu', input_shape=(100,)),
    layers.Dense(num_classes, activation='softmax')
])

# Dummy data
import numpy as np
x_train = np.random.rand(100, 100).astype(np.float32)
y_train_onehot = np.random.randint(0, 2, size=(100, num_classes)).astype(np.float32) #one-hot encoded labels
model_softmax.compile(optimizer='adam', loss='categorical_crossentropy', metrics=['accuracy'])
model_softmax.fit(x_train, y_train_onehot, epochs=2)
"""
"""A softmax over labels that are called one-hot and are not."""

FUNCTIONAL = """\
import numpy as np
import tensorflow as tf
from tensorflow.keras import layers

num_classes = 10
x_train = np.random.rand(100, 100).astype(np.float32)
y_train_onehot = np.random.randint(0, 2, size=(100, num_classes)).astype(np.float32)

inputs = tf.keras.Input(shape=(100,))
x = layers.Dense(64, activation='relu')(inputs)
outputs = layers.Dense(num_classes, activation='softmax')(x)
model_softmax_functional = tf.keras.Model(inputs=inputs, outputs=outputs)

model_softmax_functional.compile(optimizer='adam', loss='categorical_crossentropy', metrics=['accuracy'])
model_softmax_functional.fit(x_train, y_train_onehot, epochs=2)
"""

COMMENTED = """\
import numpy as np
import tensorflow as tf
from tensorflow.keras import layers

num_classes = 10
x_train = np.random.rand(100, 100).astype(np.float32)
y_train_multilabel = np.random.randint(0, 2, size=(100, num_classes)).astype(np.float32)

inputs = tf.keras.Input(shape=(100,))
x = layers.Dense(64, activation='relu')(inputs)
outputs = layers.Dense(num_classes, activation='sigmoid')(x)
incorrect_model = tf.keras.Model(inputs=inputs, outputs=outputs)

#Attempting to use categorical cross entropy with a sigmoid activation and binary labels (will not work correctly):
#incorrect_model.compile(optimizer='adam', loss='categorical_crossentropy', metrics=['accuracy']) # This is incorrect
incorrect_model.compile(optimizer='adam', loss='categorical_crossentropy', metrics=['accuracy'])

# Correct approach

correct_model = tf.keras.Model(inputs=inputs, outputs=outputs)
correct_model.compile(optimizer='adam', loss='binary_crossentropy', metrics=['accuracy'])
correct_model.fit(x_train, y_train_multilabel, epochs=2)
"""
"""Two models with one head, one of them with the wrong loss; and the same in a comment."""

EXAMPLE = (Path(__file__).parents[2] / "examples" / "softmax_to_logistic.py").read_text(encoding="utf-8")

SEEDS = {"sequential": SEQUENTIAL, "functional": FUNCTIONAL, "commented": COMMENTED, "example": EXAMPLE}


def converted(program: str, goal: Goal, line: int | None = None, output: str | None = None) -> str:
    """The program after its conversion, which is clean, and not converted again by the same request."""
    done = convert(program.encode(), PATH, Settings(), Request(goal, line, None, output))
    assert done.rewrite is not None, "there was nothing to do"
    after = done.rewrite.after
    again = convert(after, PATH, Settings(), Request(goal, line, None, output))
    assert again.rewrite is None
    return after.decode()


def refused(program: str, goal: Goal, line: int | None = None, output: str | None = None) -> str:
    with pytest.raises(NotConverted) as refusal:
        convert(program.encode(), PATH, Settings(), Request(goal, line, None, output))
    return refusal.value.reason


def is_clean(program: str) -> bool:
    report = lint_source(program.encode(), PATH)
    assert report.judged and not report.errors
    return not report.findings


def runs(program: str, folder: Path) -> None:
    """In a process of its own, as its author would run it."""
    path = folder / "train.py"
    path.write_text(program, encoding="utf-8")
    environment = {"CUDA_VISIBLE_DEVICES": "", "TF_CPP_MIN_LOG_LEVEL": "3", "PATH": ""}
    done = subprocess.run([sys.executable, path], capture_output=True, timeout=300, env=environment, check=False)
    assert done.returncode == 0, done.stderr.decode()[-2000:]


# ---------------------------------------------------------------- softmax to logistic, and back


@pytest.mark.parametrize("seed", SEEDS)
def test_a_softmax_becomes_logistic_units(seed: str) -> None:
    assert not is_clean(SEEDS[seed])
    after = converted(SEEDS[seed], "multi-label")
    assert is_clean(after)
    code = re.sub(r"#.*", "", after)
    assert "softmax'" not in code and "'categorical_crossentropy'" not in code
    assert re.findall(r"#.*", after) == re.findall(r"#.*", SEEDS[seed])


@pytest.mark.parametrize("seed", SEEDS)
def test_and_exclusive_classes_again(seed: str) -> None:
    after = converted(converted(SEEDS[seed], "multi-label"), "multi-class")
    assert is_clean(after)
    code = re.sub(r"#.*", "", after)
    assert "'sigmoid'" not in code and "'binary_crossentropy'" not in code and "BinaryAccuracy" not in code
    assert re.findall(r"#.*", after) == re.findall(r"#.*", SEEDS[seed])


def test_only_what_must_change_does() -> None:
    expected = SEQUENTIAL.replace("activation='softmax'", "activation='sigmoid'")
    expected = expected.replace("loss='categorical_crossentropy'", "loss='binary_crossentropy'")
    expected = expected.replace("['accuracy']", "['binary_accuracy']")
    assert converted(SEQUENTIAL, "multi-label") == expected


def test_a_figure_that_is_asked_for_by_its_name_keeps_it() -> None:
    """Another model's metrics ask for figures, they do not read them."""
    read = SEQUENTIAL.replace("model_softmax.fit(", "history = model_softmax.fit(")
    read += "print(history.history['val_accuracy'])\n"
    assert "[tf.keras.metrics.BinaryAccuracy(name='accuracy')]" in converted(read, "multi-label")
    again = converted(converted(read, "multi-label"), "multi-class")
    assert "metrics=['accuracy']" in again
    assert "BinaryAccuracy" not in converted(EXAMPLE, "multi-label")


def test_labels_of_which_several_apply_become_one_of_several_classes() -> None:
    """Exactly one class for each sample, in the same form and dtype."""
    expected = SEQUENTIAL.replace(
        "np.random.randint(0, 2, size=(100, num_classes))",
        "np.eye(num_classes)[np.random.randint(0, num_classes, size=100)]",
    )
    assert converted(SEQUENTIAL, "multi-class") == expected
    assert is_clean(expected)


@pytest.mark.tensorflow
@pytest.mark.parametrize("seed", SEEDS)
def test_what_was_converted_runs(seed: str, tmp_path: Path) -> None:
    logistic = converted(SEEDS[seed], "multi-label")
    runs(logistic, tmp_path)
    runs(converted(logistic, "multi-class"), tmp_path)


# ---------------------------------------------------------------- logits and probabilities

PLAIN = """\
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

x = np.random.rand(64, 20)
y = {labels}

model = keras.Sequential([
    keras.Input((20,)),
    layers.Dense(32, activation="relu"),  # hidden
    layers.Dense({head}),  # head
])
model.compile(optimizer="adam", loss={loss}{metrics})
model.fit(x, y, epochs=1, verbose=0)
answers = model.predict(x, verbose=0){decoded}
"""
ONE_HOT = "keras.utils.to_categorical(np.random.randint(0, 10, size=64), 10)"
IDS = "np.random.randint(0, 10, size=64)"
YES = "np.random.randint(0, 2, size=64)"
MANY = "np.random.randint(0, 2, size=(64, 10))"


def plain(labels: str, head: str, loss: str, metrics: str = "", decoded: str = "") -> str:
    given = f", metrics=[{metrics}]" if metrics else ""
    return PLAIN.format(labels=labels, head=head, loss=loss, metrics=given, decoded=decoded)


PROBABILITIES = {
    "one-hot": plain(
        ONE_HOT, '10, activation="softmax"', '"categorical_crossentropy"', '"accuracy"', ".argmax(axis=-1)"
    ),
    "integer": plain(IDS, '10, activation="softmax"', '"sparse_categorical_crossentropy"', '"accuracy"'),
    "binary": plain(YES, '1, activation="sigmoid"', '"binary_crossentropy"', decoded=" > 0.5"),
    "multi-label": plain(MANY, '10, activation="sigmoid"', '"binary_crossentropy"', decoded=" > 0.5"),
    "measured": plain(YES, '1, activation="sigmoid"', '"binary_crossentropy"', '"acc", "Recall"'),
    "per label": plain(MANY, '10, activation="sigmoid"', '"binary_crossentropy"', '"binary_accuracy"'),
}
MEASURED = "keras.metrics.BinaryAccuracy(threshold=0), keras.metrics.AUC(from_logits=True)"
LOGITS = {
    "one-hot": plain(ONE_HOT, "10", "keras.losses.CategoricalCrossentropy(from_logits=True)", '"accuracy"'),
    "integer": plain(IDS, "10", "keras.losses.SparseCategoricalCrossentropy(from_logits=True)", '"accuracy"'),
    "binary": plain(YES, "1", "keras.losses.BinaryCrossentropy(from_logits=True)", decoded=" > 0"),
    "multi-label": plain(MANY, "10", "keras.losses.BinaryCrossentropy(from_logits=True)", decoded=" > 0"),
    "measured": plain(MANY, "10", "keras.losses.BinaryCrossentropy(from_logits=True)", MEASURED),
    "smoothed": plain(ONE_HOT, "10", "keras.losses.CategoricalCrossentropy(label_smoothing=0.1, from_logits=True)"),
}


@pytest.mark.parametrize("program", PROBABILITIES)
def test_to_logits_and_back_gives_the_same_bytes(program: str) -> None:
    before = PROBABILITIES[program]
    assert is_clean(before)
    logits = converted(before, "logits")
    assert is_clean(logits) and "from_logits=True" in logits and "activation=" not in logits.split("hidden")[1]
    assert converted(logits, "probabilities") == before


@pytest.mark.parametrize("program", LOGITS)
def test_to_probabilities_and_back_gives_the_same_bytes(program: str) -> None:
    before = LOGITS[program]
    assert is_clean(before)
    probabilities = converted(before, "probabilities")
    assert is_clean(probabilities) and "from_logits" not in probabilities
    assert converted(probabilities, "logits") == before


def test_predictions_follow_the_numbers_that_come_out() -> None:
    many = converted(PROBABILITIES["multi-label"], "logits")
    assert "model.predict(x, verbose=0) > 0\n" in many
    one_of_many = converted(PROBABILITIES["one-hot"], "logits")
    assert ".argmax(axis=-1)" in one_of_many and "['accuracy']".replace("'", '"') in one_of_many


@pytest.mark.parametrize("program", ["binary", "multi-label"])
def test_metrics_with_a_threshold_follow(program: str) -> None:
    before = PROBABILITIES[program].replace('entropy")', 'entropy", metrics=[keras.metrics.BinaryAccuracy(), "AUC"])')
    assert is_clean(before)
    logits = converted(before, "logits")
    assert is_clean(logits) and "threshold=0" in logits and logits.count("from_logits=True") == 2
    assert is_clean(converted(logits, "probabilities"))


@pytest.mark.tensorflow
@pytest.mark.parametrize("program", PROBABILITIES)
def test_logits_train_and_answer_the_same(program: str, tmp_path: Path) -> None:
    runs(converted(PROBABILITIES[program], "logits"), tmp_path)


# ---------------------------------------------------------------- two classes

TWO = plain(YES, '2, activation="softmax"', '"sparse_categorical_crossentropy"', '"accuracy"', ".argmax(axis=-1)")


def test_two_classes_are_one_answer_and_two_classes_again() -> None:
    one = converted(TWO, "binary")
    assert is_clean(one)
    assert 'layers.Dense(1, activation="sigmoid"),' in one and 'loss="binary_crossentropy"' in one
    assert "argmax" not in one and "> 0.5" in one
    two = converted(one, "multi-class")
    assert is_clean(two)
    assert 'layers.Dense(2, activation="softmax"),' in two and 'loss="sparse_categorical_crossentropy"' in two
    assert "argmax" in two and "> 0.5" not in two


def test_class_columns_become_one_column() -> None:
    labels = "keras.utils.to_categorical(np.random.randint(0, 2, size=64), 2)"
    before = plain(labels, '2, activation="softmax"', '"categorical_crossentropy"', '"accuracy"')
    assert is_clean(before)
    after = converted(before, "binary")
    assert is_clean(after) and "to_categorical" not in after


@pytest.mark.tensorflow
def test_both_forms_of_two_classes_run(tmp_path: Path) -> None:
    one = converted(TWO, "binary")
    runs(one, tmp_path)
    runs(converted(one, "multi-class"), tmp_path)


def test_class_numbers_become_columns_of_labels() -> None:
    after = converted(PROBABILITIES["integer"], "multi-label")
    assert 'activation="sigmoid"' in after and 'loss="binary_crossentropy"' in after
    assert "np.eye(10)[" in after or "to_categorical(" in after
