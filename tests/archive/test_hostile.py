"""Files that are damaged, or made to do harm: a message of one line, within limits, and nothing is executed."""

from __future__ import annotations

import io
import json
import os
import random
import struct
import subprocess
import sys
import time
import tracemalloc
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mllint.archive.contents import LARGEST_JSON, UnreadableModel
from mllint.archive.keras_file import read_zip
from mllint.archive.lens import ArchiveLens
from mllint.archive.opening import read_contents
from mllint.lens import Reading
from mllint.settings import Settings
from mllint.verification import lint_model_file
from tests.archive.conftest import COMMITTED

DENSE = {"module": "keras.layers", "class_name": "Dense", "config": {"name": "d", "units": 3, "activation": "softmax"}}
MODEL: Mapping[str, Any] = {
    "class_name": "Sequential",
    "config": {"name": "s", "layers": [DENSE]},
    "compile_config": {"loss": "categorical_crossentropy"},
}
METADATA = b'{"keras_version": "3.15.1"}'


def keras_file(path: Path, members: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def model_file(path: Path, model: object = MODEL) -> Path:
    return keras_file(path, {"config.json": json.dumps(model).encode(), "metadata.json": METADATA})


def problem(path: Path) -> str:
    """The one line that a user sees."""
    report = lint_model_file(str(path), Settings())
    assert report.findings == () and report.not_judged == ()
    (error,) = report.errors
    assert "\n" not in error.message and "bug" not in error.message
    return error.message


def reason(path: Path) -> str:
    """Why the model is not judged."""
    report = lint_model_file(str(path), Settings())
    assert report.errors == ()
    return report.not_judged[0].reason


# ---------------------------------------------------------------- not a model


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty.keras", b"", "it is no saved model of Keras: neither .keras nor .h5"),
        ("text.keras", b"model = 1\n", "it is no saved model of Keras: neither .keras nor .h5"),
        ("empty.h5", b"", "it is no HDF5 file"),
        ("text.h5", b"model = 1\n" * 400, "it is no HDF5 file"),
        (
            "lfs.keras",
            b"version https://git-lfs.github.com/spec/v1\n",
            "it is a pointer of Git LFS, not the model itself",
        ),
        ("start.keras", b"PK\x03\x04", "the zip archive is damaged or cut off"),
        ("start.h5", b"\x89HDF\r\n\x1a\n", "the HDF5 file is damaged or cut off"),
        ("new.h5", b"\x89HDF\r\n\x1a\n\x09" + bytes(99), "it is written in a version of HDF5 that is not known (9)"),
    ],
)
def test_what_is_no_model(name: str, content: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert problem(path) == message


def test_paths_that_are_no_file(tmp_path: Path) -> None:
    assert problem(tmp_path / "nothing.keras") == "no such file"
    assert problem(tmp_path) == "it is no saved model: it holds neither saved_model.pb nor config.json"


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"model.weights.h5": b""}, "it is no Keras model: it holds no config.json"),
        ({"sub/config.json": b"{}", "../config.json": b"{}"}, "it is no Keras model: it holds no config.json"),
        ({"config.json": b"{"}, "config.json is not valid JSON"),
        ({"config.json": b"\xff\xfe{}"}, "config.json is not valid JSON"),
        ({"config.json": b"[1]"}, "config.json is not a JSON object"),
        ({"config.json": b'{"a": ' + b"9" * 5000 + b"}"}, "config.json is not valid JSON"),
        ({"config.json": b"[" * 200_000}, "config.json is nested too deeply"),
        ({"config.json": b'{"model_type": "bert"}'}, "it is no Keras model: its configuration names no class"),
        ({"config.json": b"{}", "metadata.json": b"[]"}, "metadata.json is not a JSON object"),
    ],
)
def test_archives_without_a_configuration(members: Mapping[str, bytes], message: str, tmp_path: Path) -> None:
    assert problem(keras_file(tmp_path / "model.keras", members)) == message


@pytest.mark.parametrize("name", ["two_outputs.keras", "two_outputs.h5"])
def test_a_file_that_is_cut_off_anywhere(name: str, tmp_path: Path) -> None:
    whole = (COMMITTED / name).read_bytes()
    path = tmp_path / name
    for size in range(1, len(whole), 97):
        path.write_bytes(whole[:size])
        report = lint_model_file(str(path), Settings())
        assert not any("bug" in error.message or "\n" in error.message for error in report.errors)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_pipes_in_the_directory_of_a_model_are_not_waited_for(tmp_path: Path) -> None:
    """A test that hangs has failed."""
    for folder, there, pipe in (
        ("unzipped", "config.json", "metadata.json"),
        ("saved", "saved_model.pb", "keras_metadata.pb"),
    ):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / there).write_text(json.dumps(MODEL))
        os.mkfifo(tmp_path / folder / pipe)
        assert lint_model_file(str(tmp_path / folder), Settings()).errors == ()


# ---------------------------------------------------------------- larger than it looks


def peak_and_seconds(work: Callable[[], object]) -> tuple[float, float]:
    """MiB and seconds."""
    tracemalloc.start()
    start = time.perf_counter()
    try:
        work()
    finally:
        seconds = time.perf_counter() - start
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return peak / 2**20, seconds


def test_a_bomb_that_says_how_large_it_is(tmp_path: Path) -> None:
    path = keras_file(tmp_path / "bomb.keras", {"config.json": bytes(LARGEST_JSON + 1)})
    assert path.stat().st_size < 100_000
    assert problem(path) == "config.json is larger than 16 MiB"


def test_a_bomb_that_lies_about_its_size(tmp_path: Path) -> None:
    path = keras_file(tmp_path / "bomb.keras", {"config.json": bytes(4 * LARGEST_JSON)})
    forged = path.read_bytes().replace(struct.pack("<I", 4 * LARGEST_JSON), struct.pack("<I", 1000))
    path.write_bytes(forged)
    peak, _ = peak_and_seconds(lambda: problem(path))
    assert peak < 20


def test_compression_that_unpacks_without_bounds(tmp_path: Path) -> None:
    path = keras_file(tmp_path / "bomb.keras", {"config.json": b"{}"}, zipfile.ZIP_BZIP2)
    assert problem(path) == "config.json is compressed in a way that Keras does not use"


def test_an_archive_of_very_many_entries(tmp_path: Path) -> None:
    path = keras_file(tmp_path / "many.keras", {f"assets/{number}": b"" for number in range(30_000)})
    peak, _ = peak_and_seconds(lambda: problem(path))
    assert problem(path) == "the zip archive holds more entries than any model needs"
    assert peak < 20


def test_an_attribute_that_claims_gigabytes(tmp_path: Path) -> None:
    """The size of a variable-length string stands before the address of its heap."""
    whole = (COMMITTED / "sequential.h5").read_bytes()
    start = whole.index(b"model_config\0")
    end = whole.index(b"GCOL")
    for offset in range(start, min(start + 120, end - 4)):
        forged = bytearray(whole)
        forged[offset : offset + 4] = b"\xff\xff\xff\x7f"
        path = tmp_path / "model.h5"
        path.write_bytes(forged)
        peak, _ = peak_and_seconds(lambda path=path: lint_model_file(str(path), Settings()))
        assert peak < 20


ROOT = 48
"""Where the object header of a hand-made HDF5 file stands: behind its superblock."""


def hdf5_file(path: Path, messages: bytes, rest: bytes = b"") -> Path:
    """An HDF5 file with these messages in the header of its root group, and other bytes behind it."""
    superblock = b"\x89HDF\r\n\x1a\n\x02\x08\x08\x00" + struct.pack("<QQQQ", 0, 2**64 - 1, 0, ROOT) + bytes(4)
    header = b"OHDR\x02\x02" + struct.pack("<I", len(messages)) + messages
    path.write_bytes(superblock + header + bytes(4) + rest)
    return path


def continuation(target: int, room: int) -> bytes:
    return struct.pack("<BHBQQ", 0x10, 16, 0, target, room)


def test_a_block_of_less_than_nothing_reads_nothing(tmp_path: Path) -> None:
    """A block of 7 bytes, of which 8 are signature and checksum: -1 bytes are everything."""
    path = hdf5_file(tmp_path / "model.h5", continuation(ROOT, 7), bytes(50 * 2**20))
    peak, _ = peak_and_seconds(lambda: problem(path))
    assert problem(path) == "the HDF5 file is damaged or cut off"
    assert peak < 5


def test_a_header_that_goes_on_in_very_many_places(tmp_path: Path) -> None:
    path = hdf5_file(tmp_path / "model.h5", struct.pack("<BHB", 0x10, 0, 0) * 2_000_000)
    peak, _ = peak_and_seconds(lambda: problem(path))
    assert problem(path) == "the HDF5 file asks for more than any model needs"
    assert peak < 20


def test_many_attributes_of_one_string(tmp_path: Path) -> None:
    """Each of 200 attributes of 57 bytes would be a copy of the same 4 MiB."""
    size = 4 * 2**20
    kind = b"\x19\x01\x00\x00" + struct.pack("<I", 16) + bytes(12)
    heap = ROOT + 10 + 200 * 57 + 4
    attributes = b""
    for number in range(200):
        value = struct.pack("<IQI", size - number, heap, 1)
        body = struct.pack("<BBHHHB", 3, 0, 4, len(kind), 4, 0) + b"a%03d" % number + kind + b"\2\0\0\0" + value
        attributes += struct.pack("<BHB", 0x0C, len(body), 0) + body
    collection = b"GCOL\1\0\0\0" + struct.pack("<QHHIQ", size + 32, 1, 0, 0, size) + b"x" * size
    path = hdf5_file(tmp_path / "model.h5", attributes, collection)
    assert path.read_bytes()[heap : heap + 4] == b"GCOL"
    peak, _ = peak_and_seconds(lambda: problem(path))
    assert problem(path) == "the HDF5 file asks for more than any model needs"
    assert peak < 80


def test_more_outputs_and_losses_than_any_model_has(tmp_path: Path) -> None:
    layers = [{**DENSE, "name": "d", "inbound_nodes": []}]
    outputs = [["d", 0, 0]] * 5000
    model = {"class_name": "Functional", "config": {"layers": layers, "output_layers": outputs}}
    assert problem(model_file(tmp_path / "a.keras", model)) == "it has more than 100 outputs"
    losses = {**MODEL, "compile_config": {"loss": ["mse"] * 5000}}
    assert problem(model_file(tmp_path / "b.keras", losses)) == "it has more than 200 losses"
    metrics = {**MODEL, "compile_config": {"loss": "mse", "metrics": ["mse"] * 5000}}
    assert problem(model_file(tmp_path / "c.keras", metrics)) == "it has more than 200 metrics"


def test_layers_that_lead_around_in_a_circle(tmp_path: Path) -> None:
    def dropout(name: str, before: str) -> dict[str, Any]:
        tensor = {"class_name": "__keras_tensor__", "config": {"keras_history": [before, 0, 0]}}
        node = {"args": [tensor], "kwargs": {}}
        return {"class_name": "Dropout", "config": {"name": name}, "name": name, "inbound_nodes": [node]}

    config = {"layers": [dropout("a", "b"), dropout("b", "a")], "output_layers": ["a", 0, 0]}
    model = {**MODEL, "class_name": "Functional", "config": config}
    assert reason(model_file(tmp_path / "a.keras", model)) == "the layers of the file lead around in a circle"


def test_layers_without_end(tmp_path: Path) -> None:
    layers = [DENSE, *[{"class_name": "Dropout", "config": {"name": "x"}}] * 2000]
    model = {**MODEL, "config": {"layers": layers}}
    assert problem(model_file(tmp_path / "a.keras", model)) == "its layers are nested too deeply to be judged"


def test_the_largest_configuration_takes_seconds_at_most(tmp_path: Path) -> None:
    layers = [{"class_name": "Dropout", "config": {"name": "x"}}] * (LARGEST_JSON // 60)
    path = model_file(tmp_path / "large.keras", {**MODEL, "config": {"layers": [*layers, DENSE]}})
    start = time.process_time()
    lint_model_file(str(path), Settings())
    assert time.process_time() - start < 10


def test_very_many_layers_and_outputs_take_seconds_at_most(tmp_path: Path) -> None:
    """Each of 100 outputs goes back through 40 layers, of 100,000."""
    chain: list[dict[str, Any]] = []
    for number in range(40):
        tensor = {"class_name": "__keras_tensor__", "config": {"keras_history": [f"d{number - 1}", 0, 0]}}
        node = {"args": [tensor], "kwargs": {}}
        chain.append({"class_name": "Dropout", "name": f"d{number}", "config": {}, "inbound_nodes": [node]})
    config = {"layers": [*[{"name": "other"}] * 100_000, *chain], "output_layers": [["d39", 0, 0]] * 100}
    path = model_file(tmp_path / "large.keras", {**MODEL, "class_name": "Functional", "config": config})
    start = time.process_time()
    lint_model_file(str(path), Settings())
    assert time.process_time() - start < 10


def test_numbers_that_no_tensor_has_are_not_known(tmp_path: Path) -> None:
    """Twice a number of 4300 digits, which JSON may hold, has more than Python writes out."""
    lstm = {"class_name": "LSTM", "config": {"name": "l", "units": 10**4299 * 9, "activation": "tanh"}}
    layers = [{"class_name": "Bidirectional", "config": {"name": "b", "layer": lstm, "merge_mode": "concat"}}]
    packed = keras_file(
        tmp_path / "a.keras",
        {"config.json": json.dumps({**MODEL, "config": {"layers": layers}}).encode(), "metadata.json": METADATA},
    )
    report = lint_model_file(str(packed), Settings())
    assert report.errors == ()


# ---------------------------------------------------------------- names that a terminal would obey


def test_control_characters_and_endless_names_are_not_shown(tmp_path: Path) -> None:
    escape = "\x1b[31m\n" + "x" * 500
    layers = [{"class_name": "Dense", "config": {"name": escape, "units": 1, "activation": "softmax"}}]
    model = {**MODEL, "config": {"layers": layers}}
    report = lint_model_file(str(model_file(tmp_path / "a.keras", model)), Settings())
    texts = [location.part or "" for finding in report.findings for location in finding.locations]
    assert texts and all(text.isprintable() and len(text) < 150 for text in texts)
    for key in ("loss", "class_name"):
        changed = (
            {**MODEL, "compile_config": {"loss": escape}} if key == "loss" else {**MODEL, key: escape, "config": {}}
        )
        text = reason(model_file(tmp_path / f"{key}.keras", changed))
        assert text.isprintable() and len(text) < 250


# ---------------------------------------------------------------- nothing is executed

MALICIOUS = """
import keras, sys
marker = sys.argv[1]
def leave(x, marker=marker):
    open(marker, "w").write("executed")
    return x
code = eval("lambda x: (open(%r, 'w').write('executed'), x)[1]" % marker)
model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3), keras.layers.Lambda(code, output_shape=(3,))])
model.compile(loss="categorical_crossentropy")
import os
if os.path.exists(marker):
    os.remove(marker)  # it is traced while it is built
model.save(sys.argv[2])
"""
LOOKING = """
import sys
from mllint.settings import Settings
from mllint.verification import lint_model_file
for path in sys.argv[1:]:
    report = lint_model_file(path, Settings())
    assert report.not_judged or report.findings, path
print([name for name in ("tensorflow", "keras", "h5py", "numpy", "libcst", "pickle") if name in sys.modules])
"""


@pytest.mark.tensorflow
def test_a_lambda_of_the_file_is_not_run(tmp_path: Path) -> None:
    pytest.importorskip("keras")
    marker, paths = tmp_path / "marker", [str(tmp_path / "evil.keras"), str(tmp_path / "evil.h5")]
    for path in paths:
        subprocess.run([sys.executable, "-c", MALICIOUS, str(marker), path], check=True, capture_output=True)
    assert not marker.exists()
    done = subprocess.run([sys.executable, "-c", LOOKING, *paths], check=True, capture_output=True, text=True)
    assert not marker.exists()
    assert done.stdout.strip() == "[]"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["evil.h5", "evil.keras"]


def test_references_to_functions_are_names(tmp_path: Path) -> None:
    """What would be imported if it were loaded: nothing of it is looked up."""
    marker = "mllint_marker_module"
    (tmp_path / f"{marker}.py").write_text("raise SystemExit('imported')")
    function = {"module": "os", "class_name": "function", "config": "getcwd", "registered_name": "getcwd"}
    own = {"module": marker, "class_name": "Own", "config": {"name": "own"}, "registered_name": "own>Own"}
    models = [
        {**MODEL, "compile_config": {"loss": function}},
        {**MODEL, "config": {"layers": [{**DENSE, "config": {"name": "d", "units": 3, "activation": function}}]}},
        {**MODEL, "config": {"layers": [DENSE, own]}},
        {**MODEL, "config": {"layers": [{"module": "builtins", "class_name": "eval", "config": {"name": "1/0"}}]}},
    ]
    paths = [str(model_file(tmp_path / f"{number}.keras", model)) for number, model in enumerate(models)]
    done = subprocess.run(
        [sys.executable, "-c", LOOKING, *paths], check=True, capture_output=True, text=True, cwd=tmp_path
    )
    assert done.stdout.strip() == "[]"


def test_nothing_is_unpacked(tmp_path: Path) -> None:
    members = {"config.json": json.dumps(MODEL).encode(), "metadata.json": METADATA}
    members |= {"../outside.txt": b"x", "/tmp/mllint-absolute.txt": b"x", "assets/inside.txt": b"x"}
    (tmp_path / "inner").mkdir()
    path = keras_file(tmp_path / "inner" / "model.keras", members)
    assert lint_model_file(str(path), Settings()).errors == ()
    assert sorted(one.name for one in tmp_path.rglob("*")) == ["inner", "model.keras"]
    assert not Path("/tmp/mllint-absolute.txt").exists()


# ---------------------------------------------------------------- anything else

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(
        ["Dense", "Sequential", "Functional", "function", "__lambda__", "__keras_tensor__", "softmax", "keras.layers",
         "MeanMetricWrapper", "TFOpLambda", "_CONSTANT_VALUE", "InputLayer", "TimeDistributed", "mse", ">"]
    ),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["class_name", "config", "layers", "module", "registered_name", "name", "units", "activation",
                         "inbound_nodes", "output_layers", "input_layers", "args", "kwargs", "keras_history", "loss",
                         "metrics", "fn", "dtype", "layer", "function", "axis", "from_logits", "items"]),
        inner, max_size=6),
    max_leaves=20,
)  # fmt: skip


def mutated(value: Any, choose: random.Random, new: Any) -> Any:
    """The value with one place in it replaced by `new`, or left out."""
    if isinstance(value, dict) and value and choose.random() < 0.9:
        key = choose.choice(list(value))
        if choose.random() < 0.1:
            return {other: one for other, one in value.items() if other != key}
        return {**value, key: mutated(value[key], choose, new)}
    if isinstance(value, list) and value and choose.random() < 0.9:
        index = choose.randrange(len(value))
        return [*value[:index], mutated(value[index], choose, new), *value[index + 1 :]]
    return new


def looked_at(config: object) -> Reading | None:
    """None where the file is refused; any other exception fails the test."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("config.json", json.dumps(config))
        archive.writestr("metadata.json", METADATA)
    packed.seek(0)
    try:
        reading = ArchiveLens("model.keras", read_zip(packed)).read()
    except UnreadableModel:
        return None
    assert lint_text(reading)
    return reading


def lint_text(reading: Reading) -> bool:
    """Every rule judges what was read, and none crashes."""
    from mllint import registry

    return all(list(rule.rule.judge(setup)) is not None for setup in reading.setups for rule in registry.rules())


@settings(max_examples=400, deadline=None)
@given(seed=st.integers(0, 2**32), new=VALUES, times=st.integers(1, 4), name=st.sampled_from(["two_outputs", "nested"]))
def test_no_change_to_a_configuration_crashes_the_lens(seed: int, new: Any, times: int, name: str) -> None:
    suffix = ".keras" if name == "two_outputs" else ".h5"
    contents = read_contents(COMMITTED / f"{name}{suffix}")
    config: Any = {**(contents.model or {}), "compile_config": contents.training}
    choose = random.Random(seed)
    for _ in range(times):
        config = mutated(config, choose, new)
    looked_at(config)


@settings(max_examples=300, deadline=None)
@given(config=VALUES)
def test_no_configuration_crashes_the_lens(config: Any) -> None:
    looked_at(config)
    looked_at({**MODEL, "config": config})
    looked_at({**MODEL, "compile_config": config})


@settings(max_examples=300, deadline=None)
@given(seed=st.integers(0, 2**32), name=st.sampled_from(["two_outputs.keras", "two_outputs.h5", "sequential.h5"]))
def test_no_change_of_bytes_crashes_the_readers(seed: int, name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    choose = random.Random(seed)
    forged = bytearray((COMMITTED / name).read_bytes())
    for _ in range(choose.randrange(1, 20)):
        forged[choose.randrange(len(forged))] = choose.choice([0, 1, 0x7F, 0xFF, choose.randrange(256)])
    path = tmp_path_factory.mktemp("forged") / name
    path.write_bytes(forged)
    report = lint_model_file(str(path), Settings())
    assert not any("bug" in error.message or "\n" in error.message for error in report.errors)
