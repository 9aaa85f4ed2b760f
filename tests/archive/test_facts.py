"""What the lens states of real files: the facts that the source lens would state of the program."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mllint.archive.lens import Stated
from mllint.facts import Fact, Known, Output, TrainingSetup, Unknown
from mllint.lens import Reading
from tests.archive.conftest import COMMITTED, Save, keras_of

Reads = Callable[..., Reading]

KERAS = ("keras3", "tf_keras")
FORMATS = (".keras", ".h5")


@dataclass(frozen=True)
class Seen:
    """An output in short: known values as they are, unknown ones as their reason."""

    activation: Any
    units: Any
    loss: Any
    from_logits: Any = False
    dtype: Any = "float32"
    output: str | None = None


OWN_LOSS = "'distance' is a loss of the program: the file holds its name alone"
LAMBDA_LOSS = "'<lambda>' is a loss of the program: the file holds its name alone"
NOT_SEEN = "the layer that makes the scores is not seen"

EXPECTED: dict[str, list[Seen]] = {
    "sequential": [Seen("sigmoid", 10, "categorical_crossentropy")],
    "two_outputs": [
        Seen("softmax", 3, "categorical_crossentropy", True, output="tags"),
        Seen("sigmoid", 1, "binary_crossentropy", dtype="float16", output="spam"),
    ],
    "list_of_losses": [
        Seen("softmax", 2, "sparse_categorical_crossentropy", output="a"),
        Seen("linear", 1, "mean_squared_error", output="b"),
    ],
    "reshaped": [Seen("softmax", 3, "sparse_categorical_crossentropy")],
    "nested": [Seen("softmax", 5, "sparse_categorical_crossentropy", True)],
    "nested_without_head": [Seen("tanh", 5, "hinge")],
    "nested_called_twice": [
        Seen("tanh", 5, "hinge", output="inner"),
        Seen("linear", 2, "mean_squared_error", output="last"),
    ],
    "layer_called_twice": [Seen("sigmoid", 2, "binary_crossentropy")],
    "scaled": [Seen("multiply after the softmax", 3, "mean_squared_error")],
    "operation": [Seen("softmax", 3, "categorical_crossentropy")],
    "merged": [Seen("a computation on tensors makes the output", NOT_SEEN, "categorical_crossentropy")],
    "over_time": [Seen("softmax", 2, "sparse_categorical_crossentropy")],
    "bidirectional": [Seen("tanh", 8, "mean_squared_error")],
    "half_precision": [Seen("softmax", 3, "categorical_crossentropy", dtype="float16")],
    "mixed_precision": [Seen("softmax", 3, "categorical_crossentropy")],
    "activation_layer": [Seen("leaky_relu", 3, "mean_squared_error")],
    "without_training": [Seen("linear", 3, "the model is not compiled", "the model is not compiled")],
    "own_loss": [Seen("linear", 3, OWN_LOSS, OWN_LOSS)],
    "lambda_loss": [Seen("linear", 3, LAMBDA_LOSS, LAMBDA_LOSS)],
    "dict_of_outputs": [
        Seen("sigmoid", 3, "binary_crossentropy", output="tags"),
        Seen("linear", 1, "mean_squared_error", output="price"),
    ],
    "lambda_layer": [Seen("Lambda is the last layer", NOT_SEEN, "mean_squared_error")],
    "own_activation": [
        Seen("'swoosh' is a function of the program: the file holds its name alone", 3, "categorical_crossentropy")
    ],
}


def value(fact: Fact[Any]) -> Any:
    return fact.value if isinstance(fact, Known) else fact.reason


def seen(output: Output) -> Seen:
    head, loss = output.head, output.loss
    return Seen(
        value(head.activation), value(head.units), value(loss.name), value(loss.from_logits), value(head.dtype),
        output.name,
    )  # fmt: skip


def setup_of(reading: Reading) -> TrainingSetup:
    assert reading.notes == ()
    return reading.setups[0]


@pytest.mark.tensorflow
@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("flavour", KERAS)
@pytest.mark.parametrize("recipe", EXPECTED)
def test_every_keras_and_format_gives_the_same_facts(
    recipe: str, flavour: str, suffix: str, save: Save, lens_reads: Reads
) -> None:
    expected = EXPECTED[recipe]
    if (flavour, suffix, recipe) == ("keras3", ".h5", "scaled"):
        # This format names the operation Multiply as it names the layer.
        expected = [Seen("mul after the softmax", 3, "mean_squared_error")]
    assert [seen(one) for one in setup_of(lens_reads(save(recipe, flavour, suffix))).outputs] == expected


@pytest.mark.tensorflow
@pytest.mark.parametrize("recipe", ["sequential", "two_outputs", "nested", "scaled"])
def test_a_saved_model_of_keras_2(recipe: str, save: Save, lens_reads: Reads) -> None:
    setup = setup_of(lens_reads(save(recipe, "tf_keras", "")))
    assert [seen(one) for one in setup.outputs] == EXPECTED[recipe]
    assert setup.framework == Known("keras2")


@pytest.mark.parametrize(
    "path", sorted(COMMITTED.glob("*.*5")) + sorted(COMMITTED.glob("*.keras")), ids=lambda p: p.name
)
def test_files_of_tensorflow_2_15(path: Path, lens_reads: Reads) -> None:
    setup = setup_of(lens_reads(path))
    assert [seen(one) for one in setup.outputs] == EXPECTED[path.stem]
    assert setup.framework == Known("keras2")


@pytest.mark.tensorflow
@pytest.mark.parametrize("flavour", KERAS)
@pytest.mark.parametrize("suffix", FORMATS)
def test_calls_of_a_nested_model_are_told_apart(flavour: str, suffix: str, save: Save, lens_reads: Reads) -> None:
    output, _ = setup_of(lens_reads(save("nested_called_twice", flavour, suffix))).outputs
    assert [value(stage.activation) for stage in output.head.stages if stage.activation] == ["tanh", "tanh"]


@pytest.mark.tensorflow
@pytest.mark.parametrize("flavour", KERAS)
@pytest.mark.parametrize("suffix", FORMATS)
def test_metrics(flavour: str, suffix: str, save: Save, lens_reads: Reads) -> None:
    """Keras 2 resolves 'accuracy' before it writes an .h5 file; what the user asked for is stated all the same."""
    (output,) = setup_of(lens_reads(save("sequential", flavour, suffix))).outputs
    assert [
        (value(one.name), one.spelling, value(one.threshold), value(one.from_logits)) for one in output.metrics
    ] == [
        ("accuracy", "string", "it has no threshold", False),
        ("auc", "instance", "it has no threshold", True),
        ("binary_accuracy", "instance", 0.3, False),
    ]
    tags, spam = setup_of(lens_reads(save("two_outputs", flavour, suffix))).outputs
    assert [value(one.name) for one in tags.metrics] == ["accuracy"]
    assert [(value(one.name), value(one.threshold)) for one in spam.metrics] == [("precision", 0.2)]


@pytest.mark.tensorflow
@pytest.mark.parametrize("flavour", KERAS)
@pytest.mark.parametrize("suffix", FORMATS)
def test_loss_arguments_structure_and_framework(flavour: str, suffix: str, save: Save, lens_reads: Reads) -> None:
    setup = setup_of(lens_reads(save("two_outputs", flavour, suffix)))
    assert value(setup.framework) == ("keras3" if flavour == "keras3" else "keras2")
    assert value(setup.outputs[0].loss.label_smoothing) == 0.1
    assert setup.outputs[0].loss.spelling == "instance"
    assert setup.structure is not None
    assert (setup.structure.form, setup.structure.keys) == ("dict", ("tags", "spam"))
    assert value(setup.structure.output_names) == ("tags", "spam")
    structure = setup_of(lens_reads(save("list_of_losses", flavour, suffix))).structure
    assert structure is not None and (structure.form, structure.size) == ("list", 2)


@pytest.mark.tensorflow
def test_run_eagerly_is_in_what_compile_was_given(save: Save, lens_reads: Reads) -> None:
    def run_eagerly(recipe: str, flavour: str, suffix: str) -> Any:
        return value(setup_of(lens_reads(save(recipe, flavour, suffix))).run_eagerly)

    assert run_eagerly("mixed_precision", "keras3", ".keras") is True
    assert run_eagerly("mixed_precision", "tf_keras", ".keras") is True
    assert run_eagerly("sequential", "keras3", ".keras") is False
    assert run_eagerly("sequential", "tf_keras", ".h5") == "the file does not say whether the model runs eagerly"


@pytest.mark.tensorflow
@pytest.mark.parametrize("flavour", KERAS)
def test_only_the_newer_format_tells_a_string_from_a_function(flavour: str, save: Save, lens_reads: Reads) -> None:
    newer, older = (setup_of(lens_reads(save("sequential", flavour, suffix))) for suffix in FORMATS)
    assert [(one.kind, one.text) for one in newer.identifiers] == [
        ("loss", "categorical_crossentropy"),
        ("metric", "accuracy"),
    ]
    assert older.identifiers == ()


@pytest.mark.tensorflow
@pytest.mark.parametrize("flavour", KERAS)
def test_what_the_program_made_itself(flavour: str, save: Save, lens_reads: Reads) -> None:
    """An own layer called Dense is no Dense of Keras."""
    for recipe in ("own_layer", "own_layer_of_a_script"):
        for suffix in FORMATS:
            (output,) = setup_of(lens_reads(save(recipe, flavour, suffix))).outputs
            assert "Dense is not a layer that is known" in value(output.head.activation)
    (output,) = setup_of(lens_reads(save("nested_class", flavour, ".keras"))).outputs
    assert value(output.head.activation) == "Scaled is a class of the program's own"
    (note,) = lens_reads(save("subclass", flavour, ".keras")).notes
    assert note.reason == "the model is a class of the program's own (Tagger): the file does not hold its layers"
    (note,) = lens_reads(save("functional_subclass", flavour, ".keras")).notes
    assert note.reason == "the model is a class of the program's own (Trained), which may train in a way of its own"


@pytest.mark.tensorflow
def test_weights_alone_are_no_model(save: Save, lens_reads: Reads, tmp_path: Path) -> None:
    for flavour in KERAS:
        from tests.archive.recipes import sequential

        path = tmp_path / f"{flavour}.weights.h5"
        sequential(keras_of(flavour)).save_weights(path)
        (note,) = lens_reads(path).notes
        assert note.reason == "the file holds weights only, or other data: no architecture and no loss"


@pytest.mark.tensorflow
def test_an_exported_model_tells_nothing(lens_reads: Reads, tmp_path: Path) -> None:
    from tests.archive.recipes import sequential

    sequential(keras_of("keras3")).export(tmp_path / "exported", verbose=False)
    (note,) = lens_reads(tmp_path / "exported").notes
    assert (
        note.reason
        == "a SavedModel without Keras metadata holds operations only: it tells neither its layers nor its loss"
    )


@pytest.mark.tensorflow
def test_a_model_that_is_saved_unzipped(lens_reads: Reads, tmp_path: Path) -> None:
    from tests.archive.recipes import sequential

    keras_of("keras3").saving.save_model(sequential(keras_of("keras3")), tmp_path / "model", zipped=False)
    assert [seen(one) for one in setup_of(lens_reads(tmp_path / "model")).outputs] == EXPECTED["sequential"]


# ---------------------------------------------------------------- what the user states


def test_labels_are_not_in_the_file(lens_reads: Reads) -> None:
    (output,) = setup_of(lens_reads(COMMITTED / "sequential.h5")).outputs
    assert output.labels.encoding == Unknown("a saved model does not hold its labels")


def test_stated_labels(lens_reads: Reads) -> None:
    stated = Stated(labels={"spam": "binary", None: "one-hot"})
    tags, spam = setup_of(lens_reads(COMMITTED / "two_outputs.keras", stated)).outputs
    assert (value(tags.labels.encoding), value(spam.labels.encoding)) == ("one-hot", "binary")


def test_a_stated_task(lens_reads: Reads) -> None:
    (output,) = setup_of(lens_reads(COMMITTED / "sequential.h5", Stated(task="multi-class"))).outputs
    assert value(output.labels.encoding) == "one-hot"
    (output,) = setup_of(lens_reads(COMMITTED / "sequential.h5", Stated(task="multi-label"))).outputs
    assert value(output.labels.encoding) == "multi-hot"


@pytest.mark.tensorflow
def test_a_stated_loss_is_for_models_that_are_not_compiled(save: Save, lens_reads: Reads) -> None:
    stated = Stated(loss="bce")
    (output,) = setup_of(lens_reads(save("without_training", "keras3", ".keras"), stated)).outputs
    assert value(output.loss.name) == "binary_crossentropy"
    (output,) = setup_of(lens_reads(COMMITTED / "sequential.h5", stated)).outputs
    assert value(output.loss.name) == "categorical_crossentropy"
