"""Spellings of names, as they occur in programs, against the one they fold to."""

from __future__ import annotations

import pytest

from mllint.rules import knowledge
from mllint.rules.knowledge import KnowledgeError
from mllint.rules.knowledge.names import read_imports

SPELLINGS = {
    "keras": ["tensorflow.keras", "keras", "tf_keras", "tensorflow.python.keras", "keras.api._v2.keras", "tf.keras"],
    "tf": ["tensorflow", "tensorflow.compat.v1", "tensorflow.compat.v2", "tf"],
    "keras.layers": ["tensorflow.keras.layers", "keras.src.layers", "keras.layers.core", "keras.layers.convolutional"],
    "keras.layers.Dense": [
        "keras.layers.Dense",
        "keras.api.layers.Dense",
        "keras.api._v2.keras.layers.Dense",
        "keras.layers.core.Dense",
        "keras.src.layers.core.dense.Dense",
        "keras._tf_keras.keras.layers.Dense",
        "tensorflow.keras.layers.Dense",
        "tensorflow._api.v2.v2.keras.layers.Dense",
        "tensorflow.compat.v1.keras.layers.Dense",
        "tensorflow.compat.v2.keras.layers.Dense",
        "tensorflow.contrib.keras.layers.Dense",
        "tensorflow.python.keras.layers.Dense",
        "tensorflow.python.keras.layers.core.Dense",
        "tf_keras.layers.Dense",
        "tf_keras.src.layers.core.dense.Dense",
    ],
    "keras.layers.Conv2D": ["keras.layers.convolutional.Conv2D", "keras.src.layers.convolutional.conv2d.Conv2D"],
    "keras.layers.Activation": ["keras.layers.core.Activation", "tensorflow.keras.layers.Activation"],
    "keras.layers.LeakyReLU": ["keras.layers.advanced_activations.LeakyReLU"],
    "keras.layers.concatenate": ["keras.layers.merge.concatenate", "keras.layers.merging.concatenate.concatenate"],
    "keras.layers.experimental.preprocessing.Rescaling": [
        "tensorflow.keras.layers.experimental.preprocessing.Rescaling"
    ],
    "keras.Sequential": [
        "keras.Sequential",
        "keras.engine.sequential.Sequential",
        "keras.models.Sequential",
        "keras.src.models.sequential.Sequential",
        "tensorflow.keras.models.Sequential",
        "tensorflow.python.keras.Sequential",
        "tensorflow.python.keras.engine.sequential.Sequential",
    ],
    "keras.Model": [
        "keras.engine.Model",
        "keras.engine.training.Model",
        "keras.models.Model",
        "keras.src.engine.training.Model",
        "keras.src.models.model.Model",
        "tensorflow.keras.Model",
        "tensorflow.keras.models.Model",
    ],
    "keras.Input": [
        "keras.engine.topology.Input",
        "keras.layers.Input",
        "keras.layers.core.Input",
        "keras.src.layers.core.input_layer.Input",
        "tensorflow.keras.Input",
        "tensorflow.keras.layers.Input",
    ],
    "keras.losses.mse": ["keras.objectives.mse", "tensorflow.keras.losses.mse", "keras.losses.mse"],
    "keras.losses": ["keras.objectives", "tensorflow.python.keras.losses"],
    "keras.losses.CategoricalCrossentropy": [
        "keras.src.losses.losses.CategoricalCrossentropy",
        "tensorflow.keras.losses.CategoricalCrossentropy",
        "tensorflow.losses.CategoricalCrossentropy",
    ],
    "keras.metrics.AUC": ["tensorflow.metrics.AUC", "keras.src.metrics.confusion_metrics.AUC"],
    "keras.optimizers.Adam": ["tensorflow.optimizers.Adam", "keras.src.optimizers.adam.Adam"],
    "keras.optimizers.schedules.ExponentialDecay": ["tensorflow.keras.optimizers.schedules.ExponentialDecay"],
    "keras.optimizers.legacy.Adam": ["tensorflow.keras.optimizers.legacy.Adam"],
    "keras.initializers.GlorotUniform": ["tensorflow.initializers.GlorotUniform"],
    "keras.activations.softmax": ["keras.src.activations.activations.softmax", "tensorflow.keras.activations.softmax"],
    "keras.backend.categorical_crossentropy": [
        "keras.backend.categorical_crossentropy",
        "keras.backend.tensorflow_backend.categorical_crossentropy",
        "tensorflow.keras.backend.categorical_crossentropy",
    ],
    "keras.ops.softmax": ["keras.ops.softmax", "keras.src.ops.nn.softmax", "keras.ops.nn.softmax"],
    "keras.ops.image.resize": ["keras.ops.image.resize"],
    "keras.utils": ["keras.utils.np_utils", "tensorflow.python.keras.utils.np_utils"],
    "keras.utils.to_categorical": ["keras.utils.np_utils.to_categorical", "tensorflow.keras.utils.to_categorical"],
    "keras.utils.image_dataset_from_directory": [
        "tensorflow.keras.preprocessing.image_dataset_from_directory",
        "tensorflow.keras.utils.image_dataset_from_directory",
    ],
    "keras.preprocessing.image.ImageDataGenerator": [
        "keras.preprocessing.image.ImageDataGenerator",
        "keras.src.legacy.preprocessing.image.ImageDataGenerator",
        "keras_preprocessing.image.ImageDataGenerator",
        "tensorflow.keras.preprocessing.image.ImageDataGenerator",
    ],
    "keras.models.load_model": ["keras.saving.load_model", "tensorflow.keras.models.load_model"],
    "keras.applications.VGG16": ["keras.applications.vgg16.VGG16", "tensorflow.keras.applications.VGG16"],
    "keras.applications.vgg16.preprocess_input": ["tensorflow.keras.applications.vgg16.preprocess_input"],
    "keras.datasets.mnist.load_data": [
        "tensorflow.keras.datasets.mnist.load_data",
        "keras.src.datasets.mnist.load_data",
    ],
    "keras.wrappers.scikit_learn.KerasClassifier": ["tensorflow.keras.wrappers.scikit_learn.KerasClassifier"],
    "tf.nn.softmax": ["tensorflow.nn.softmax", "tensorflow.compat.v1.nn.softmax", "tensorflow.python.ops.nn.softmax"],
    "tf.data.Dataset": ["tensorflow.data.Dataset", "tensorflow.compat.v1.data.Dataset"],
    "tf.layers.dense": ["tensorflow.layers.dense", "tensorflow.compat.v1.layers.dense"],
    "tf.compat.v1.losses.softmax_cross_entropy": [
        "tensorflow.compat.v1.losses.softmax_cross_entropy",
        "tensorflow.losses.softmax_cross_entropy",
        "tensorflow.python.ops.losses.losses_impl.softmax_cross_entropy",
    ],
    "tf.compat.v1.losses.mean_squared_error": ["tensorflow.compat.v1.losses.mean_squared_error"],
    "tf.compat.v1.metrics.accuracy": ["tensorflow.metrics.accuracy"],
    "numpy.argmax": ["numpy.argmax"],
    "kerastuner.Hyperband": ["kerastuner.Hyperband"],
    "keras_nlp.models.BertClassifier": ["keras_nlp.models.BertClassifier"],
    "tensorflow_addons.losses.SigmoidFocalCrossEntropy": ["tensorflow_addons.losses.SigmoidFocalCrossEntropy"],
    "": [""],
}
PAIRS = [(written, name) for name, spellings in SPELLINGS.items() for written in spellings]


@pytest.mark.parametrize(("written", "name"), PAIRS)
def test_spellings_fold_to_one_name(written: str, name: str) -> None:
    assert knowledge.canonical(written) == name


@pytest.mark.parametrize(("written", "name"), PAIRS)
def test_folding_is_idempotent(written: str, name: str) -> None:
    assert knowledge.canonical(name) == name


@pytest.mark.parametrize(("written", "name"), [pair for pair in PAIRS if "." in pair[0]])
def test_a_name_taken_from_a_folded_module_folds_alike(written: str, name: str) -> None:
    module, _, last = written.rpartition(".")
    if knowledge.canonical(module) not in ("tf.compat.v1.losses", "tf.compat.v1.metrics"):
        assert knowledge.canonical(f"{knowledge.canonical(module)}.{last}") == name


@pytest.mark.parametrize(
    ("written", "version"),
    [
        ("tf_keras.layers.Dense", "keras2"),
        ("tensorflow.python.keras.layers", "keras2"),
        ("keras.engine.topology", "keras2"),
        ("keras.src.engine.training.Model", "keras2"),
        ("keras.objectives", "keras2"),
        ("keras.layers.core.Dense", "keras2"),
        ("tensorflow.keras.layers.experimental.preprocessing.Rescaling", "keras2"),
        ("tensorflow.keras.wrappers.scikit_learn", "keras2"),
        ("keras.utils.np_utils", "keras2"),
        ("keras.ops", "keras3"),
        ("keras.src.ops.nn", "keras3"),
        ("keras.random.normal", "keras3"),
        ("tensorflow.keras.ops.softmax", "keras3"),
        ("keras.layers.Dense", None),
        ("keras.src.layers.core.dense.Dense", None),
        ("tensorflow.keras.layers.Dense", None),
        ("tensorflow.random.normal", None),
        ("tensorflow.random", None),
        ("tensorflow", None),
        ("numpy.random", None),
    ],
)
def test_what_a_spelling_proves(written: str, version: str | None) -> None:
    assert knowledge.framework(written) == version


def test_a_file_with_a_foreign_section_is_refused() -> None:
    with pytest.raises(KnowledgeError, match=r"mine\.yaml: rots: unknown key"):
        read_imports(
            "{roots: {}, packages: [], public: [], modules: {}, moved: {}, shared: {}, proves: {}, rots: {}}",
            "mine.yaml",
        )
