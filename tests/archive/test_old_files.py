"""Configurations as Keras wrote them before version 2.3, which no Keras at hand writes any more.

Source: Keras 1.2.2 and 2.2.4, keras/models.py (Sequential.get_config is a list), keras/engine/topology.py (functional
models are of the class Model), keras/models.py save_model.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mllint.facts import Known
from mllint.lens import Reading
from tests.archive.test_facts import Seen, seen

h5py = pytest.importorskip("h5py")

DENSE = {"class_name": "Dense", "config": {"name": "dense_1", "units": 10, "activation": "softmax"}}
COMPILED = {"loss": "categorical_crossentropy", "metrics": ["accuracy"], "sample_weight_mode": None}


def written(path: Path, version: str, model: Any, training: Any = COMPILED) -> Path:
    with h5py.File(path, "w") as file:
        file.attrs["keras_version"] = version.encode()
        file.attrs["backend"] = b"tensorflow"
        file.attrs["model_config"] = json.dumps(model).encode()
        file.attrs["training_config"] = json.dumps(training).encode()
    return path


def test_sequential_is_a_list(tmp_path: Path, lens_reads: Callable[..., Reading]) -> None:
    hidden = {"class_name": "Dense", "config": {"name": "dense_0", "units": 8, "activation": "relu"}}
    model = {"class_name": "Sequential", "config": [hidden, DENSE]}
    (setup,) = lens_reads(written(tmp_path / "model.h5", "2.2.4-tf", model)).setups
    assert [seen(one) for one in setup.outputs] == [Seen("softmax", 10, "categorical_crossentropy")]
    assert [metric.name.value for metric in setup.outputs[0].metrics if isinstance(metric.name, Known)] == ["accuracy"]
    assert setup.framework == Known("keras2")


def test_functional_is_model(tmp_path: Path, lens_reads: Callable[..., Reading]) -> None:
    inputs = {"class_name": "InputLayer", "name": "input_1", "config": {"name": "input_1"}, "inbound_nodes": []}
    dense = {**DENSE, "name": "dense_1", "inbound_nodes": [[["input_1", 0, 0, {}]]]}
    config = {"layers": [inputs, dense], "input_layers": [["input_1", 0, 0]], "output_layers": [["dense_1", 0, 0]]}
    model = {"class_name": "Model", "config": config}
    (setup,) = lens_reads(written(tmp_path / "model.h5", "2.1.6", model)).setups
    assert [seen(one) for one in setup.outputs] == [Seen("softmax", 10, "categorical_crossentropy")]


def test_keras_1_names_its_parameters_otherwise(tmp_path: Path, lens_reads: Callable[..., Reading]) -> None:
    dense = {"class_name": "Dense", "config": {"name": "dense_1", "output_dim": 10, "activation": "sigmoid"}}
    model = {"class_name": "Sequential", "config": [dense]}
    (setup,) = lens_reads(written(tmp_path / "model.h5", "1.2.2", model)).setups
    assert [seen(one) for one in setup.outputs] == [Seen("sigmoid", 10, "categorical_crossentropy")]
