"""The reader of HDF5 attributes against h5py, the library that writes them."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mllint.archive.contents import UnreadableModel
from mllint.archive.hdf5 import root_attributes

h5py = pytest.importorskip("h5py")
numpy = pytest.importorskip("numpy")

VERSIONS: tuple[Any, ...] = (("earliest", "v108"), ("earliest", "latest"), ("v108", "v108"), ("latest", "latest"))
KINDS = {
    "variable text": lambda text: text,
    "variable bytes": lambda text: text.encode(),
    "fixed": lambda text: numpy.bytes_(text.encode()),
    "one of one": lambda text: numpy.array([text.encode()], dtype=h5py.string_dtype()),
}
"""How h5py may be handed a string: Keras hands it bytes and str."""
TEXTS = st.text(st.characters(min_codepoint=1, exclude_categories=["Cs"]), min_size=1, max_size=300)


def written(attributes: dict[str, Any], **options: Any) -> io.BytesIO:
    file = io.BytesIO()
    with h5py.File(file, "w", **options) as h5:
        for name, value in attributes.items():
            h5.attrs[name] = value
    file.seek(0)
    return file


@settings(max_examples=100, deadline=None)
@given(
    texts=st.dictionaries(st.text("abcdefgh_", min_size=1, max_size=12), TEXTS, max_size=6),
    kind=st.sampled_from(sorted(KINDS)),
    version=st.sampled_from(VERSIONS),
    order=st.booleans(),
)
def test_what_h5py_writes_is_read(texts: dict[str, str], kind: str, version: Any, order: bool) -> None:
    file = written({name: KINDS[kind](text) for name, text in texts.items()}, libver=version, track_order=order)
    assert root_attributes(file) == {name: text.encode() for name, text in texts.items()}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("size", [60_000, 70_000, 1_000_000, 5_000_000])
def test_long_strings(size: int, version: Any) -> None:
    file = written({"model_config": b"x" * size, "keras_version": "2.15.0"}, libver=version)
    assert root_attributes(file) == {"model_config": b"x" * size, "keras_version": b"2.15.0"}


def test_attributes_among_many_groups_and_data(tmp_path: Path) -> None:
    """Attributes that are written last stand in a block of the header far from the first."""
    path = tmp_path / "model.h5"
    with h5py.File(path, "w") as h5:
        h5.attrs["first"] = "1"
        h5.attrs["layer_names"] = [b"dense", b"dense_1"]
        h5.attrs["numbers"] = numpy.zeros((100, 3))
        for number in range(200):
            h5.create_dataset(f"group_{number}/kernel", data=numpy.zeros((20, 20)))
        for number in range(5):
            h5.attrs[f"late_{number}"] = f"value {number}" * 50
    with path.open("rb") as file:
        found = root_attributes(file)
    assert found == {"first": b"1", **{f"late_{number}": b"value %d" % number * 50 for number in range(5)}}


def test_a_block_of_the_users_own_before_the_file(tmp_path: Path) -> None:
    path = tmp_path / "model.h5"
    with h5py.File(path, "w", userblock_size=2048) as h5:
        h5.attrs["model_config"] = "{}"
    with path.open("rb") as file:
        assert root_attributes(file) == {"model_config": b"{}"}


def test_attributes_in_a_heap_are_said_and_not_skipped() -> None:
    """More than eight attributes, in the newest format only."""
    file = written({f"name_{number}": "value" for number in range(20)}, libver="latest")
    with pytest.raises(UnreadableModel, match="a form of HDF5 that Keras does not write"):
        root_attributes(file)


def test_links_are_not_followed(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "secret.h5", "w") as h5:
        h5.attrs["model_config"] = "{}"
    with h5py.File(tmp_path / "model.h5", "w") as h5:
        h5["model_config"] = h5py.ExternalLink(str(tmp_path / "secret.h5"), "/")
    with (tmp_path / "model.h5").open("rb") as file:
        assert root_attributes(file) == {}
