"""keras_metadata.pb, in the message that it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mllint.archive.contents import UnreadableModel
from mllint.archive.saved_model import read_saved_model

DENSE = {"class_name": "Dense", "config": {"name": "d", "units": 3}}
ROOT = {
    "class_name": "Sequential",
    "keras_version": "2.11.0",
    "model_config": {"class_name": "Sequential", "config": {"layers": [DENSE]}},
    "training_config": {"loss": "mse"},
}


def directory(path: Path, metadata: bytes) -> Path:
    (path / "saved_model.pb").write_bytes(b"")
    (path / "keras_metadata.pb").write_bytes(metadata)
    return path


def test_the_message_of_keras_itself(tmp_path: Path) -> None:
    """Written by the protobuf class that Keras 2 writes with."""
    pytest.importorskip("tf_keras")
    from tf_keras.protobuf.saved_metadata_pb2 import SavedMetadata

    message = SavedMetadata()
    for identifier, path, config in (("layer", "root.layer-0", DENSE), ("model", "root", ROOT), ("metric", "m", {})):
        node = message.nodes.add(node_id=300, node_path=path, identifier=identifier, metadata=json.dumps(config))
        node.version.producer = 2
    contents = read_saved_model(directory(tmp_path, message.SerializeToString()))
    assert (contents.model, contents.training) == (ROOT["model_config"], ROOT["training_config"])
    assert contents.keras_version == "2.11.0"


@given(st.binary(max_size=200))
def test_any_bytes(metadata: bytes) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        try:
            assert read_saved_model(directory(Path(name), metadata)).missing
        except UnreadableModel as error:
            assert "\n" not in str(error)


def test_a_message_of_very_many_fields(tmp_path: Path) -> None:
    with pytest.raises(UnreadableModel, match="holds more than any model needs"):
        read_saved_model(directory(tmp_path, b"\x10\x01" * 2_000_000))


def test_a_node_of_very_many_fields(tmp_path: Path) -> None:
    node = b"\x10\x01" * 101
    with pytest.raises(UnreadableModel, match="holds more than any model needs"):
        read_saved_model(directory(tmp_path, b"\x0a" + bytes([len(node) & 0x7F | 0x80, len(node) >> 7]) + node))
