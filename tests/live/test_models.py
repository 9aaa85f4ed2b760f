"""Every form in which a model is given is loaded and judged; code in a file runs only where it was asked for."""

from __future__ import annotations

import importlib.util
import warnings
from pathlib import Path
from typing import Any

import pytest

from mllint.facts import Known, TrainingSetup
from mllint.lens import Reading
from mllint.live import session
from mllint.live.models import carried_code
from mllint.live.refusals import Refused, Unavailable
from mllint.live.request import Request

pytestmark = pytest.mark.tensorflow

np = pytest.importorskip("numpy")
keras = pytest.importorskip("keras")
tf_keras = pytest.importorskip("tf_keras")


def classifier(framework: Any, loss: Any = "categorical_crossentropy") -> Any:
    inputs = framework.Input((4,))
    model = framework.Model(inputs, framework.layers.Dense(3, activation="softmax", name="scores")(inputs))
    if loss is not None:
        model.compile("adam", loss)
    return model


def marking(framework: Any, marker: Path) -> Any:
    """A model whose Lambda layer leaves a file behind when it runs."""
    source = f"lambda x: (open({str(marker)!r}, 'w').close(), x)[1]"
    model = framework.Sequential(
        [framework.Input((4,)), framework.layers.Dense(1), framework.layers.Lambda(eval(source))]
    )
    model.compile("adam", "mse")
    marker.unlink()
    return model


@pytest.fixture
def data(here: Path) -> str:
    random = np.random.default_rng(3)
    np.savez("batch.npz", x=random.normal(size=(80, 4)), y=random.integers(0, 2, (80, 3)) | [[1, 1, 0]])
    return "batch.npz"


def saved(model: Any, path: str) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.save(path)
    return path


def looked_at(model: str, **options: Any) -> tuple[Reading, list[str]]:
    """As the worker does it, without the process around it."""
    said: list[str] = []
    return session.read(Request(model, **options), said.append), said


def only_setup(reading: Reading) -> TrainingSetup:
    (setup,) = reading.setups
    return setup


@pytest.mark.parametrize(
    ("framework", "name", "version"),
    [
        (keras, "model.keras", "keras3"),
        (keras, "model.h5", "keras3"),
        (tf_keras, "model.keras", "keras2"),
        (tf_keras, "model.h5", "keras2"),
    ],
)
def test_a_file_is_loaded_with_the_keras_that_wrote_it(data, framework, name, version):
    reading, said = looked_at(saved(classifier(framework), name), data=data)
    setup = only_setup(reading)
    (output,) = setup.outputs
    assert setup.framework == Known(version)
    assert output.head.activation == Known("softmax", output.head.activation.place)
    assert output.loss.name.value == "categorical_crossentropy"
    assert output.labels.encoding.value == "multi-hot"
    assert output.measured is not None
    assert said[0].startswith(f"loading {name} with ") and said[0].endswith("in safe mode")
    assert said[1:] == ["reading batch.npz", "measuring"]


def test_what_cannot_be_restored_of_compile_is_taken_from_the_file(data):
    """Keras 3 does not load its own .h5 files that were compiled with 'mse'."""
    path = saved(classifier(keras, "mse"), "model.h5")
    with pytest.raises(Exception, match="mse"):
        keras.saving.load_model(path)
    reading, _ = looked_at(path, data=data)
    assert only_setup(reading).outputs[0].loss.name.value == "mean_squared_error"
    assert reading.notes == ()


def own_loss(y_true, y_pred):
    return keras.ops.mean((y_true - y_pred) ** 4)


def test_what_neither_keras_nor_the_file_tells_is_noted(data):
    reading, _ = looked_at(saved(classifier(keras, own_loss), "model.keras"), data=data)
    assert only_setup(reading).outputs[0].loss.spelling == "missing"
    assert "cannot be restored" in reading.notes[0].reason


def test_custom_objects_are_registered_by_an_import(here, module, data, ask):
    module(
        "registers",
        """
        import keras

        @keras.saving.register_keras_serializable("here")
        def cube(y_true, y_pred):
            return keras.ops.mean(keras.ops.abs(y_true - y_pred) ** 3)

        @keras.saving.register_keras_serializable("here")
        class Doubled(keras.layers.Dense):
            pass

        def make():
            model = keras.Sequential([keras.Input((4,)), Doubled(3, activation="softmax")])
            model.compile("adam", "categorical_crossentropy")
            model.save("model.keras")
            return model
        """,
    )
    ask("registers:make", data=data)
    with pytest.raises(Exception, match="--import"):
        ask("model.keras", data=data)
    reading, said = ask("model.keras", data=data, imports=("registers",))
    assert said[0] == "importing registers"
    assert only_setup(reading).outputs[0].head.activation.value == "softmax"


@pytest.mark.parametrize("stated", ["categorical_crossentropy", "losses:own"])
def test_the_loss_of_an_uncompiled_model_is_stated(data, module, stated):
    module("losses", "def own(y, p):\n    import keras\n    return keras.ops.mean((y - p) ** 2)\n")
    reading, _ = looked_at(saved(classifier(keras, None), "model.keras"), data=data, loss=stated)
    (output,) = only_setup(reading).outputs
    if stated == "losses:own":
        assert output.loss.name.reason == "the loss is the program's own"
    else:
        assert output.loss.name == Known(stated, output.loss.place)
    assert output.measured.losses is not None


@pytest.mark.parametrize("name", ["empty.keras", "weights.weights.h5", "directory"])
def test_what_is_no_model_is_refused(here, name):
    if name == "directory":
        Path(name).mkdir()
    elif name == "weights.weights.h5":
        classifier(keras).save_weights(name)
    else:
        Path(name).write_bytes(b"")
    with pytest.raises(Refused):
        looked_at(name)


# ---------------------------------------------------------------- code in files


@pytest.mark.parametrize("framework", [keras, tf_keras], ids=["keras3", "tf_keras"])
@pytest.mark.parametrize("suffix", [".keras", ".h5"])
def test_code_in_a_file_runs_only_where_it_is_allowed(here, ask, framework, suffix):
    marker = here / "ran"
    marker.touch()
    path = saved(marking(framework, marker), f"model{suffix}")
    marker.unlink(missing_ok=True)
    with pytest.raises(Exception, match=r"it carries code \(Lambda .*\), which --allow-code runs"):
        ask(path)
    assert not marker.exists()
    _, said = ask(path, allow_code=True)
    assert marker.exists()
    assert said[0].endswith("with the code it carries")


@pytest.mark.parametrize("framework", [keras, tf_keras], ids=["keras3", "tf_keras"])
def test_a_saved_model_is_a_program(data, framework):
    model = classifier(framework)
    if framework is keras:
        model.export("exported", verbose=False)
    else:
        saved(model, "exported")
    with pytest.raises(Refused, match="--allow-code"):
        looked_at("exported")
    loss = "categorical_crossentropy" if framework is keras else None
    reading, _ = looked_at("exported", data=data, allow_code=True, loss=loss)
    (output,) = only_setup(reading).outputs
    assert output.head.activation.value == "softmax"
    assert output.loss.name.value == "categorical_crossentropy"


@pytest.mark.parametrize(
    ("layer", "carried"),
    [
        ({"class_name": "Lambda", "config": {"name": "evil"}}, ["Lambda evil"]),
        ({"class_name": "TFOpLambda", "config": {"name": "w", "function": "io.write_file"}}, ["TFOpLambda w"]),
        ({"class_name": "TFOpLambda", "config": {"name": "m", "function": "math.multiply"}}, []),
        ({"class_name": "Dense", "config": {"activation": {"class_name": "__lambda__", "config": {}}}}, ["__lambda__"]),
        ({"class_name": "Dense", "config": {"name": "Lambda"}}, []),
    ],
)
def test_carried_code_is_found_at_any_depth(layer, carried):
    nested = {"class_name": "Sequential", "config": {"layers": [{"class_name": "Functional", "config": [layer]}]}}
    assert list(carried_code(nested)) == carried


# ---------------------------------------------------------------- factories and data

FACTORY = """
import numpy as np

def make():
    import keras
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy())
    return model

def arrays():
    return np.random.normal(size=(100, 4)), np.arange(100) % 3

def weighted():
    return (*arrays(), np.ones(100))

def dataset():
    import tensorflow as tf
    return tf.data.Dataset.from_tensor_slices(arrays()).batch(20)

def batches():
    yield arrays()

def wrong():
    return 3

batch = arrays()
"""


@pytest.mark.parametrize("given", ["arrays", "weighted", "dataset", "batches", "batch"])
def test_data_come_from_the_users_function(module, here, given):
    module(f"train_{given}", FACTORY)
    reading, said = looked_at(f"train_{given}:make", data=f"train_{given}:{given}", rows=32)
    (output,) = only_setup(reading).outputs
    assert output.labels.encoding.value == "integer"
    assert said[:2] == [f"running train_{given}:make", f"running train_{given}:{given}"]


def test_a_file_of_python_is_named_by_its_path(module, here):
    (here / "deep").mkdir()
    module("deep/by_path", FACTORY)
    reading, _ = looked_at("deep/by_path.py:make", data="deep/by_path.py:arrays")
    assert only_setup(reading).outputs[0].head.activation.value == "linear"


def test_data_of_another_form_are_refused(module):
    module("train_wrong", FACTORY)
    with pytest.raises(Refused, match="int"):
        looked_at("train_wrong:make", data="train_wrong:wrong")


def test_without_data_the_model_gets_made_up_input(module):
    module("train_none", FACTORY)
    (output,) = only_setup(looked_at("train_none:make")[0]).outputs
    assert output.labels.encoding.reason.startswith("no labels are given")
    assert output.measured.batch is not None


def test_made_up_input_can_be_class_numbers(module):
    module(
        "words",
        """
        def make():
            import keras
            layers = [keras.Input((None,)), keras.layers.Embedding(9, 4), keras.layers.LSTM(3), keras.layers.Dense(1)]
            return keras.Sequential(layers)
        """,
    )
    assert only_setup(looked_at("words:make")[0]).outputs[0].head.units.value == 1


@pytest.mark.parametrize(
    ("arrays", "x_shape", "y_shape"),
    [
        ({"x": (80, 4), "y": (80, 3)}, (64, 4), (64, 3)),
        ({"x_train": (80, 4), "y_train": (80, 3), "x_test": (9, 4), "y_test": (9, 3)}, (64, 4), (64, 3)),
    ],
)
def test_arrays_are_found_by_name(here, arrays, x_shape, y_shape):
    from mllint.live.batches import load_batch

    np.savez("data.npz", **{name: np.zeros(shape) for name, shape in arrays.items()})
    batch = load_batch("data.npz", 64)
    assert (batch.x.shape, batch.y.shape) == (x_shape, y_shape)


def test_rows_are_spread_over_data_that_are_sorted(here):
    from mllint.live.batches import load_batch

    np.savez("data.npz", x=np.zeros((1000, 2)), y=np.repeat(np.arange(10), 100))
    assert set(load_batch("data.npz", 20).y) == set(range(10))


def test_pickled_objects_are_not_loaded(here):
    from mllint.live.batches import load_batch

    np.savez("data.npz", x=np.array([{"an": "object"}], dtype=object))
    with pytest.raises(Refused, match="cannot be read as arrays"):
        load_batch("data.npz", 8)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut off", b"\x93NUMPY"])
def test_broken_data_are_refused(here, content):
    from mllint.live.batches import load_batch

    Path("data.npz").write_bytes(content)
    with pytest.raises(Refused):
        load_batch("data.npz", 8)


# ---------------------------------------------------------------- the machine


def test_a_device_that_is_not_there_is_unavailable(module):
    module("train_gpu", FACTORY)
    with pytest.raises(Unavailable, match="gpu:99"):
        looked_at("train_gpu:make", device="gpu:99")


@pytest.mark.skipif(importlib.util.find_spec("jax") is not None, reason="jax is installed")
def test_a_backend_that_is_not_installed_is_unavailable(module):
    module("train_jax", FACTORY)
    with pytest.raises(Unavailable, match="jax is not installed here"):
        looked_at("train_jax:make", backend="jax")


def test_the_dtype_policy_holds_for_what_a_function_makes(module, ask):
    module("train_half", FACTORY)
    reading, _ = ask("train_half:make", data="train_half:arrays", dtype_policy="mixed_float16")
    assert only_setup(reading).outputs[0].head.dtype.value == "float16"


def test_a_policy_that_keras_does_not_know_is_refused(module, ask):
    module("train_odd", FACTORY)
    with pytest.raises(Exception, match="no dtype policy"):
        ask("train_odd:make", dtype_policy="mixed_float7")
